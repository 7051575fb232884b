using System.Text;
using EmotionXai.Landmarks.Reduction;
using static EmotionXai.Landmarks.Report.ReportTables;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>Several reductions side by side: their data and options, and emotion by emotion what each keeps at which accuracy.</summary>
public static class ComparisonReport
{
    /// <summary>The page.</summary>
    /// <param name="runs">Name and results of every run.</param>
    /// <exception cref="ArgumentException">Fewer than two runs.</exception>
    public static string Render(IReadOnlyList<(string Name, ReductionResult Result)> runs)
    {
        if (runs.Count < 2) throw new ArgumentException("A comparison takes two runs or more.", nameof(runs));
        StringBuilder html = new("<header>\n<h1>Runs side by side</h1>\n");
        string[] sources = [.. runs.Select(r => r.Result.Data.Source).Distinct()];
        html.Append("<p class=\"lead\">").Append(Encode(sources.Length == 1
            ? $"{Whole(runs.Count)} runs on {sources[0]}."
            : $"{Whole(runs.Count)} runs on {Whole(sources.Length)} data sets: accuracies on different data cannot be compared.")).Append("</p>\n</header>\n");
        foreach (string emotion in runs.SelectMany(r => r.Result.Emotions.Select(e => e.Name)).Distinct()) html.Append(Emotion(emotion, runs));
        html.Append(Differences(runs));
        return PageShell.Page("Runs side by side", html.ToString(), data: null);
    }

    private static string Emotion(string emotion, IReadOnlyList<(string Name, ReductionResult Result)> runs)
    {
        HtmlTable table = new(emotion);
        table.Column("Run").Column("Landmarks kept").Group("Balanced accuracy [95% CI]", "all landmarks", "at K*").Group("AUC", "all", "at K*").Column("Random at K*").Column("Multiply-adds, all / K*").Column("µs a clip, all / K*");
        foreach ((string name, ReductionResult result) in runs)
        {
            if (result.Emotions.FirstOrDefault(e => e.Name == emotion) is not { } e || All(e) is not { } all) continue;
            StageResult? kept = Kept(e);
            table.Row(name,
            [
                $"{Whole(e.Chosen.Landmarks)} of {Whole(all.Landmarks)}", Score(all.BalancedAccuracy, all.Ci95), Score(e.Chosen.BalancedAccuracy, e.Chosen.Ci95), Score(all.Auc), Score(e.Chosen.Auc),
                Random(e) is { } random ? Score(random.BalancedAccuracy) : None,
                kept is null ? None : Ratio(all.MacsPerClip, kept.MacsPerClip),
                kept is null ? None : $"{Number(all.MicrosecondsPerClip, "0.0")} / {Number(kept.MicrosecondsPerClip, "0.0")}",
            ]);
        }

        return table.ToString();
    }

    // Only the options in which the runs differ.
    private static string Differences(IReadOnlyList<(string Name, ReductionResult Result)> runs)
    {
        HtmlTable table = new("Options in which they differ");
        table.Column("Option");
        foreach ((string name, ReductionResult _) in runs) table.Column(name, text: true);
        foreach (string option in runs.SelectMany(r => r.Result.Options.Keys).Distinct())
        {
            string[] values = [.. runs.Select(r => Option(r.Result.Options.GetValueOrDefault(option)))];
            if (values.Distinct().Count() > 1) table.Row(option, values);
        }

        return table.ToString();
    }
}
