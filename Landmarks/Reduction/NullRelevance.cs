using EmotionXai.Landmarks.Statistics;
using MathNet.Numerics;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Relevance against a null: what networks of the same folds and seeds look at when every person's labels are permuted. Motion
/// and the data's shape draw attributions whatever the labels say; what exceeds them is evidence.
/// </summary>
internal static class NullRelevance
{
    /// <summary>[landmark]: the null's mean share, the z-score of the real one, and its p-value; null where no null was run.</summary>
    public static (double Mean, double Z, double P)[]? Of(IReadOnlyList<FoldOutcome> folds)
    {
        double[][] all = [.. folds.SelectMany(f => f.Nulls)];
        if (all.Length < 2) return null;
        int points = all[0].Length;
        double[] means = new double[points], z = new double[points];
        for (int i = 0; i < points; i++)
        {
            double mean = all.Average(n => n[i]), variance = all.Sum(n => (n[i] - mean) * (n[i] - mean)) / (all.Length - 1);

            // By the spread of single null networks: folds share clips, so a standard error over them would be too small.
            (means[i], z[i]) = (mean, variance > 0 ? (folds.Average(f => f.Absolute[i]) - mean) / Math.Sqrt(variance) : 0);
        }

        double[] p = Holm.Correct([.. z.Select(value => 0.5 * SpecialFunctions.Erfc(value / Math.Sqrt(2)))]);
        return [.. means.Select((m, i) => (m, z[i], p[i]))];
    }
}
