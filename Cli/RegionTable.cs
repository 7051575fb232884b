using System.Globalization;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Regions;

namespace EmotionXai.Cli;

/// <summary>What the regions of the face are worth, emotion by emotion.</summary>
internal static class RegionTable
{
    /// <summary>Writes it, and inside which regions landmarks were chosen; nothing where regions were not asked for.</summary>
    public static void Write(TextWriter output, ReductionResult result)
    {
        WriteInside(output, result);
        if (result.Regions.Count == 0) return;
        output.WriteLine();
        output.WriteLine("Regions: exact Shapley values of the AUC on new people [95% interval], AUC alone");
        output.WriteLine("and of all others; every subset retrained as a random network in closed form.");
        foreach (RegionResult emotion in result.Regions)
        {
            output.WriteLine();
            output.WriteLine($"{emotion.Emotion}: {emotion.Verdict}");
            int width = emotion.Regions.Max(r => r.Region.Length);
            foreach (RegionShare r in emotion.Regions)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {r.Region.PadRight(width)}  {r.Shapley:+0.000;-0.000;0.000} [{r.Ci95[0]:+0.000;-0.000;0.000}, {r.Ci95[1]:+0.000;-0.000;0.000}]  {r.Alone:0.000}  {r.Without:0.000}"));
            }

            PairedDifference f = emotion.Best.Figure;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  best set, chosen inside ({emotion.Best.Folds} of {emotion.Best.ByFold.Count} folds): {string.Join(", ", emotion.Best.Regions)};"));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  AUC {f.Auc:0.000} against {f.AucAgainst:0.000} of all, {f.Difference:+0.000;-0.000;0.000} [{f.Ci95[0]:+0.000;-0.000;0.000}, {f.Ci95[1]:+0.000;-0.000;0.000}]"));
        }

        output.WriteLine();
    }

    private static void WriteInside(TextWriter output, ReductionResult result)
    {
        EmotionResult[] inside = [.. result.Emotions.Where(e => e.ByFold.Any(f => f.Regions.Count > 0))];
        if (inside.Length == 0) return;
        output.WriteLine();
        output.WriteLine("Landmarks were chosen inside the regions that best predict training people left out:");
        foreach (EmotionResult emotion in inside)
        {
            IGrouping<string, FoldResult> often = emotion.ByFold.GroupBy(f => string.Join(", ", f.Regions)).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First();
            output.WriteLine($"  {emotion.Name}: {often.Key} ({often.Count()} of {emotion.ByFold.Count} folds)");
        }

        output.WriteLine();
    }
}
