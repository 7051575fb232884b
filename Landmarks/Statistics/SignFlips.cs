using EmotionXai.Engine.Numerics;

namespace EmotionXai.Landmarks.Statistics;

/// <summary>
/// Tests of a mean difference over people by flipping signs (Fisher 1935): were there no difference, either sign of a person's
/// difference would be as likely. No distribution is assumed but symmetry. All patterns are counted where at most
/// <see cref="MostExact"/> differences are not zero, and the p-value is exact; else some are drawn, and one more counted than
/// drawn, so that a p-value is never zero (Phipson and Smyth 2010).
/// </summary>
internal static class SignFlips
{
    /// <summary>So many differences, not counting zeros, are tested by all patterns of signs.</summary>
    public const int MostExact = 20;

    /// <summary>Patterns drawn where there are more.</summary>
    public const int Samples = 20_000;

    // Sums that differ by rounding alone are equal: 2^20 steps of a running sum lose less than this part of the sum of sizes.
    private const double Rounding = 1e-9;

    // Signs from one random number.
    private const int Bits = 30;

    /// <summary>The two-sided p-value: the share of patterns whose |sum| is at least that of the differences. NaN without people.</summary>
    /// <param name="differences">[person].</param>
    /// <param name="seed">Of the patterns, where they are drawn.</param>
    public static double TwoSided(ReadOnlySpan<double> differences, ulong seed) => Share(differences, seed, twoSided: true);

    /// <summary>The one-sided p-value for a mean above zero: the share of patterns whose sum is at least that of the differences. NaN without people.</summary>
    /// <param name="differences">[person].</param>
    /// <param name="seed">Of the patterns, where they are drawn.</param>
    public static double Above(ReadOnlySpan<double> differences, ulong seed) => Share(differences, seed, twoSided: false);

    /// <summary>
    /// Non-inferiority: the one-sided p-value against a loss of <paramref name="margin"/> or more. A small one says that what is
    /// lost is less than that.
    /// </summary>
    /// <param name="differences">[person]: what is tested less what it must not fall behind.</param>
    /// <param name="margin">The loss that would matter, above zero.</param>
    /// <param name="seed">Of the patterns, where they are drawn.</param>
    public static double NotWorse(ReadOnlySpan<double> differences, double margin, ulong seed)
    {
        double[] moved = differences.ToArray();
        for (int i = 0; i < moved.Length; i++) moved[i] += margin;
        return Above(moved, seed);
    }

    private static double Share(ReadOnlySpan<double> differences, ulong seed, bool twoSided)
    {
        if (differences.Length == 0) return double.NaN;

        // A zero has no sign to flip: with or without it, the same share.
        double[] d = [.. differences.ToArray().Where(v => v != 0)];
        double sum = d.Sum(), size = d.Sum(Math.Abs), least = (twoSided ? Math.Abs(sum) : sum) - (Rounding * size);
        return d.Length <= MostExact ? Exact(d, least, twoSided) : Sampled(d, least, twoSided, seed);
    }

    // Gray code: one sign changes from each pattern to the next.
    private static double Exact(double[] d, double least, bool twoSided)
    {
        long patterns = 1L << d.Length, reached = 0;
        double[] signed = [.. d];
        double sum = d.Sum();
        for (long pattern = 1; ; pattern++)
        {
            if ((twoSided ? Math.Abs(sum) : sum) >= least) reached++;
            if (pattern == patterns) return (double)reached / patterns;
            int flip = System.Numerics.BitOperations.TrailingZeroCount(pattern);
            sum -= 2 * signed[flip];
            signed[flip] = -signed[flip];
        }
    }

    private static double Sampled(double[] d, double least, bool twoSided, ulong seed)
    {
        long reached = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            RandomKey key = new(seed, (ulong)sample);
            double sum = 0;
            int bits = 0;
            for (int i = 0; i < d.Length; i++)
            {
                if (i % Bits == 0) bits = RandomOrder.Below(1 << Bits, key, (ulong)(i / Bits));
                sum += (bits & (1 << (i % Bits))) != 0 ? d[i] : -d[i];
            }

            if ((twoSided ? Math.Abs(sum) : sum) >= least) reached++;
        }

        return (reached + 1.0) / (Samples + 1.0);
    }
}
