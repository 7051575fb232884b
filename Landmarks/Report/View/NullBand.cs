using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Landmarks.Report;

/// <summary>
/// What networks trained on permuted labels give a landmark: 95% of it lies between two shares, by the mean of the landmarks' means and of their
/// standard deviations. Where a landmark stands above its own null, a test says, corrected over landmarks.
/// </summary>
/// <param name="Low">The lower end, not below zero.</param>
/// <param name="High">The upper end.</param>
public sealed record NullBand(double Low, double High)
{
    /// <summary>The band of some rankings; null where no null was run.</summary>
    public static NullBand? Of(IEnumerable<RankedLandmark> ranking)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        (double Mean, double Deviation)[] known = [.. ranking.Where(r => r is { NullRelevance: double m, Z: double z } && double.IsFinite(m) && double.IsFinite(z) && z != 0)
            .Select(r => (r.NullRelevance!.Value, (r.Relevance - r.NullRelevance!.Value) / r.Z!.Value))];
        if (known.Length == 0) return null;
        double mean = known.Average(k => k.Mean), half = 1.959964 * known.Average(k => k.Deviation);
        return new NullBand(Math.Max(0, mean - half), mean + half);
    }

    /// <summary>Whether a landmark was shown to stand above its null; true where there is none.</summary>
    public static bool IsAbove(RankedLandmark landmark)
    {
        ArgumentNullException.ThrowIfNull(landmark);
        return landmark.P is not double p || p <= Comparison.Level;
    }
}
