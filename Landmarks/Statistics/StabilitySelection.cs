using EmotionXai.Engine.Numerics;

namespace EmotionXai.Landmarks.Statistics;

/// <summary>
/// Stability selection (Meinshausen and Buehlmann 2010) over complementary halves of the people (Shah and Samworth 2013): how
/// often is each of p features among the q that are chosen, whichever half of the people choose? What is chosen by chance alone
/// is chosen often by few halves only, and both papers bound how many such features exceed a threshold.
/// </summary>
internal static class StabilitySelection
{
    /// <summary>[pair]: the people, cut into two halves at random; of an odd number, one stays out.</summary>
    /// <param name="people">Distinct.</param>
    /// <param name="pairs">Pairs of halves.</param>
    /// <param name="seed">Of the cuts.</param>
    public static IReadOnlyList<(string[] First, string[] Second)> Halves(IReadOnlyList<string> people, int pairs, ulong seed)
    {
        string[] sorted = [.. people.Order(StringComparer.Ordinal)];
        int half = sorted.Length / 2;
        return [.. Enumerable.Range(0, pairs).Select(pair =>
        {
            int[] order = [.. Enumerable.Range(0, sorted.Length)];
            RandomOrder.Shuffle(order, new RandomKey(seed, (ulong)pair));
            return ((string[])[.. order[..half].Select(i => sorted[i])], (string[])[.. order[half..(2 * half)].Select(i => sorted[i])]);
        })];
    }

    /// <summary>[feature]: the share of selections that hold it.</summary>
    /// <param name="selections">By half: what it chose.</param>
    /// <param name="features">All features.</param>
    public static double[] Frequencies(IReadOnlyList<int[]> selections, int features)
    {
        double[] share = new double[features];
        foreach (int[] selection in selections)
            foreach (int feature in selection) share[feature] += 1.0 / selections.Count;
        return share;
    }

    /// <summary>
    /// The bound of Meinshausen and Buehlmann on the expected number of noise features chosen by more than a share
    /// <paramref name="threshold"/> of the halves: q^2 / ((2 threshold - 1) p). It asks for noise features that are chosen alike.
    /// </summary>
    /// <param name="chosen">q: features that a half chooses.</param>
    /// <param name="features">p.</param>
    /// <param name="threshold">Above one half.</param>
    public static double ExchangeableBound(double chosen, int features, double threshold) =>
        threshold <= 0.5 ? double.PositiveInfinity : chosen * chosen / (((2 * threshold) - 1) * features);

    /// <summary>
    /// The bound of Shah and Samworth (2013, theorem 2) on the expected number of features that are chosen by at least a share
    /// <paramref name="threshold"/> of the halves though a half chooses them no more often than q / p. It asks that their
    /// frequencies over pairs have a single peak; NaN where q / p is too large for the theorem at this threshold.
    /// </summary>
    /// <param name="chosen">q.</param>
    /// <param name="features">p.</param>
    /// <param name="threshold">Above one half.</param>
    /// <param name="pairs">B: pairs of halves.</param>
    public static double UnimodalBound(double chosen, int features, double threshold, int pairs)
    {
        double theta = chosen / features, step = 0.5 / pairs;
        if (theta > 1 / Math.Sqrt(3) || threshold > 1 || threshold <= 0.5 + Math.Min(theta * theta, step + (0.75 * theta * theta))) return double.NaN;
        double factor = threshold <= 0.75 ? 0.5 / ((2 * threshold) - 1 - step) : 4 * (1 - threshold + step) / (1 + (1.0 / pairs));
        return factor * theta * chosen;
    }
}
