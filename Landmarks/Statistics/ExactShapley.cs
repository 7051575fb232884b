using System.Numerics;

namespace EmotionXai.Landmarks.Statistics;

/// <summary>Shapley values from the worth of every subset (Shapley 1953).</summary>
internal static class ExactShapley
{
    /// <summary>[player]: their values; they add up to the worth of all less that of none.</summary>
    /// <param name="worth">[subset, as a bit mask of players]: 2^n of them.</param>
    public static double[] Of(IReadOnlyList<double> worth)
    {
        int n = BitOperations.Log2((uint)worth.Count);
        if (worth.Count != 1 << n) throw new ArgumentException($"{worth.Count} subsets are no power of two.", nameof(worth));

        // A subset of s players before one of n: s! (n - s - 1)! / n! of all orders.
        double[] weight = new double[n];
        for (int s = 0; s < n; s++)
        {
            weight[s] = 1.0 / n;
            for (int i = 1; i <= s; i++) weight[s] *= (double)i / (n - i);
        }

        double[] values = new double[n];
        for (int subset = 0; subset < worth.Count; subset++)
        {
            for (int player = 0; player < n; player++)
                if ((subset & (1 << player)) == 0) values[player] += weight[BitOperations.PopCount((uint)subset)] * (worth[subset | (1 << player)] - worth[subset]);
        }

        return values;
    }
}
