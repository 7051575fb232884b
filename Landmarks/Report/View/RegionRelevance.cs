using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Landmarks.Report;

/// <summary>A region's relevance: all of it, and that of one of its landmarks on average. A region of many landmarks has much by their number alone.</summary>
/// <param name="Name">The region.</param>
/// <param name="Landmarks">How many it has.</param>
/// <param name="Sum">Its share of all relevance.</param>
/// <param name="Deviation">The standard error of <paramref name="Sum"/> over people; NaN where the results do not tell.</param>
/// <param name="Folds">The folds behind it.</param>
/// <param name="Null">Its share in networks trained on permuted labels; NaN where none were.</param>
public sealed record RegionRelevance(string Name, int Landmarks, double Sum, double Deviation, int Folds, double Null)
{
    /// <summary>That of one landmark on average.</summary>
    public double Mean => Sum / Landmarks;

    /// <summary>Half the width of the 95% interval of <see cref="Sum"/>: Student's quantile of folds less one times its standard error.</summary>
    public double HalfWidth => double.IsNaN(Deviation) ? double.NaN : Quantile(Folds - 1) * Deviation;

    /// <summary>The 95% interval of <see cref="Sum"/>; a share is never below zero, nor is its interval.</summary>
    public (double Low, double High) Interval => (Sum < 0 ? Sum - HalfWidth : Math.Max(0, Sum - HalfWidth), Sum + HalfWidth);

    /// <summary>
    /// The regions by falling mean. A fold's relevance is that of its training people, so folds are a delete-a-group jackknife
    /// over people (Kott, Journal of Official Statistics, 2001): the variance is (g - 1) / g times the sum over the g folds of the squared
    /// deviation from their mean. Networks differ from fold to fold as well, which makes it larger, not smaller.
    /// </summary>
    public static IReadOnlyList<RegionRelevance> Of(EmotionResult emotion)
    {
        ArgumentNullException.ThrowIfNull(emotion);
        return Of(emotion.Ranking, [.. emotion.ByFold.Select(f => f.Relevance).Where(r => r.Count > 0)]);
    }

    /// <summary>The same of a ranking, with the relevance of every fold, if there are any: [fold][landmark].</summary>
    internal static IReadOnlyList<RegionRelevance> Of(IReadOnlyList<RankedLandmark> ranking, IReadOnlyList<double>[] folds)
    {
        return [.. ranking.GroupBy(r => r.Region).Select(Region).OrderByDescending(r => r.Mean)];

        RegionRelevance Region(IGrouping<string, RankedLandmark> region)
        {
            double[] sums = [.. folds.Select(f => region.Sum(r => f[r.Landmark]))];
            double mean = sums.Length > 1 ? sums.Average() : 0;
            double deviation = sums.Length > 1 ? Math.Sqrt((sums.Length - 1.0) / sums.Length * sums.Sum(s => (s - mean) * (s - mean))) : double.NaN;
            double expected = region.All(r => r.NullRelevance is not null) ? region.Sum(r => r.NullRelevance!.Value) : double.NaN;
            return new RegionRelevance(region.Key, region.Count(), region.Sum(r => r.Relevance), deviation, sums.Length, expected);
        }
    }

    // The 97.5% point of Student's t, by the expansion in Abramowitz and Stegun 26.7.5; within 0.01 from four degrees of freedom on.
    internal static double Quantile(int freedom)
    {
        if (freedom < 1) return double.NaN;
        if (freedom < 4) return new[] { 12.706, 4.303, 3.182 }[freedom - 1];
        const double Z = 1.959964;
        double z3 = Math.Pow(Z, 3), z5 = Math.Pow(Z, 5), z7 = Math.Pow(Z, 7), n = freedom;
        return Z + ((z3 + Z) / (4 * n)) + (((5 * z5) + (16 * z3) + (3 * Z)) / (96 * n * n)) + (((3 * z7) + (19 * z5) + (17 * z3) - (15 * Z)) / (384 * n * n * n));
    }
}
