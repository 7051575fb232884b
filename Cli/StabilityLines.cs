using System.Globalization;
using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Cli;

/// <summary>What halves of the people choose alike, emotion by emotion.</summary>
internal static class StabilityLines
{
    /// <summary>Writes it; nothing where halves were not asked.</summary>
    public static void Write(TextWriter output, ReductionResult result)
    {
        foreach (SelectionStability s in result.Stability)
        {
            string bound = double.IsNaN(s.Bound) ? "no bound on chance holds" : string.Create(CultureInfo.InvariantCulture, $"by chance at most {s.Bound:0.0} on average");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{s.Emotion}: {s.Stable.Count} landmark(s) are among the first {s.Chosen} of {100 * s.Threshold:0} % of {2 * s.Pairs} halves of the people, {bound}"));
            if (s.Stable.Count > 0) output.WriteLine($"  {string.Join(", ", s.Stable.Select(l => result.Emotions.First(e => e.Name == s.Emotion).Ranking.First(r => r.Landmark == l).Name))}");
        }
    }
}
