namespace EmotionXai.Landmarks.Statistics;

/// <summary>Holm's correction of several p-values (Scandinavian Journal of Statistics, 1979): the chance of any false alarm stays below the level.</summary>
internal static class Holm
{
    /// <summary>Corrected values in the order given; NaN stays and does not count.</summary>
    public static double[] Correct(IReadOnlyList<double> p)
    {
        double[] corrected = [.. p];
        int[] order = [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderBy(i => p[i])];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * p[order[rank]]));
            corrected[order[rank]] = largest;
        }

        return corrected;
    }
}
