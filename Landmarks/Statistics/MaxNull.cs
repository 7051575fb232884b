namespace EmotionXai.Landmarks.Statistics;

/// <summary>
/// Many scores against the same scores of data in which there is nothing to find, with the largest of each such data set as the
/// yardstick (Westfall and Young 1993, single step): the chance that any score without evidence falls below a level is at most
/// that level, however the scores depend on each other.
/// </summary>
internal static class MaxNull
{
    /// <summary>Compares.</summary>
    /// <param name="observed">[score].</param>
    /// <param name="nulls">[permutation][score], two or more.</param>
    /// <returns>
    /// [score]: the nulls' mean; how many of their standard deviations the observed one lies above it; and the p-value: the share
    /// of all data sets, the observed one among them, whose largest standardised score is at least this one. For the p-value
    /// scores are standardised over all of them alike, which is what makes it exact where they are exchangeable; it is never
    /// below 1 / (permutations + 1).
    /// </returns>
    public static (double Mean, double Z, double P)[] Of(IReadOnlyList<double> observed, IReadOnlyList<IReadOnlyList<double>> nulls)
    {
        int count = observed.Count;
        (double[] mean, double[] deviation) = Moments(nulls, count);
        (double[] center, double[] spread) = Moments([.. nulls, observed], count);
        double Standardised(IReadOnlyList<double> scores, int i) => spread[i] > 0 ? (scores[i] - center[i]) / spread[i] : 0;
        double[] largest = [.. nulls.Select(n => Enumerable.Range(0, count).Max(i => Standardised(n, i)))];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            double own = Standardised(observed, i);
            return (mean[i], deviation[i] > 0 ? (observed[i] - mean[i]) / deviation[i] : 0, (1.0 + largest.Count(l => l >= own)) / (1 + nulls.Count));
        })];
    }

    private static (double[] Mean, double[] Deviation) Moments(IReadOnlyList<IReadOnlyList<double>> rows, int count)
    {
        double[] mean = [.. Enumerable.Range(0, count).Select(i => rows.Average(r => r[i]))];
        return (mean, [.. mean.Select((m, i) => Math.Sqrt(rows.Sum(r => (r[i] - m) * (r[i] - m)) / (rows.Count - 1)))]);
    }
}
