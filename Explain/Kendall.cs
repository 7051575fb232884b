namespace EmotionXai.Explain;

/// <summary>How far two orders agree.</summary>
internal static class Kendall
{
    /// <summary>Kendall's tau-b of two scores: 1 for the same order, -1 for the reverse, about 0 for unrelated ones; ties count for neither. NaN where one is constant.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Tau(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count != b.Count) throw new ArgumentException($"{a.Count} scores cannot be compared with {b.Count}.", nameof(b));
        long agree = 0, tiedA = 0, tiedB = 0, pairs = (long)a.Count * (a.Count - 1) / 2;
        for (int i = 0; i < a.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int x = a[i].CompareTo(a[j]), y = b[i].CompareTo(b[j]);
                agree += Math.Sign(x) * Math.Sign(y);
                if (x == 0) tiedA++;
                if (y == 0) tiedB++;
            }
        }

        return agree / Math.Sqrt((double)(pairs - tiedA) * (pairs - tiedB));
    }

    /// <summary>The Jaccard index of the first k of both: shared over all that either has.</summary>
    public static double Jaccard(IReadOnlyList<double> a, IReadOnlyList<double> b, int k)
    {
        int[] Top(IReadOnlyList<double> s) => [.. Enumerable.Range(0, s.Count).OrderByDescending(i => s[i]).ThenBy(i => i).Take(k)];
        int shared = Top(a).Intersect(Top(b)).Count();
        return shared / (double)((2 * Math.Min(k, a.Count)) - shared);
    }
}
