using System.Text;
using EmotionXai.Landmarks.Reduction;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>Several reductions side by side: their data and options, and emotion by emotion what each keeps at which accuracy.</summary>
public static class ComparisonReport
{
    /// <summary>The page.</summary>
    /// <param name="runs">Name and results of every run.</param>
    /// <exception cref="ArgumentException">Fewer than two runs.</exception>
    /// <exception cref="InvalidDataException">Results are damaged.</exception>
    public static string Render(IReadOnlyList<(string Name, ReductionResult Result)> runs)
    {
        if (runs.Count < 2) throw new ArgumentException("A comparison takes two runs or more.", nameof(runs));
        (string Name, RunView View)[] views = [.. runs.Select(r => (r.Name, new RunView(r.Result)))];
        StringBuilder html = new("<header>\n<h1>Runs side by side</h1>\n");
        string[] sources = [.. runs.Select(r => r.Result.Data.Source).Distinct()];
        html.Append("<p class=\"lead\">").Append(Encode(sources.Length == 1
            ? $"{Whole(runs.Count)} runs on {sources[0]}. No test compares them: differences that are small beside the intervals are no evidence."
            : $"{Whole(runs.Count)} runs on {Whole(sources.Length)} data sets: accuracies on different data cannot be compared.")).Append("</p>\n<dl>\n");
        foreach ((string name, RunView view) in views) html.Append("<dt>").Append(Encode(name)).Append("</dt><dd>").Append(Encode(string.Join(' ', view.Sentences))).Append("</dd>\n");
        html.Append("</dl>\n</header>\n");
        foreach (string emotion in views.SelectMany(r => r.View.Emotions.Select(e => e.Name)).Distinct()) html.Append(Emotion(emotion, views));
        html.Append(Differences(runs));
        return PageShell.Page("Runs side by side", html.ToString(), data: null);
    }

    private static string Emotion(string emotion, IReadOnlyList<(string Name, RunView View)> runs)
    {
        HtmlTable table = new(emotion);
        table.Column("Run").Column("Landmarks kept").Group("Balanced accuracy [95% CI]", "all landmarks", "kept").Group("AUC", "kept", "all", "difference [95% CI], p")
            .Group("As many random ones", "AUC", "difference [95% CI], p").Group("Multiply-adds", "all", "kept").Group("µs a clip", "all", "kept");
        foreach ((string name, RunView view) in runs)
        {
            if (view.Emotions.FirstOrDefault(e => e.Name == emotion) is not { } e) continue;
            Comparison? all = e.Against("all"), random = e.Against("random");
            table.Row(name,
            [
                $"{Whole(e.Landmarks.Count)} of {Whole(e.All.Landmarks)}", Score(e.All.BalancedAccuracy, e.All.Ci95), Score(e.Kept.BalancedAccuracy, e.Kept.Ci95),
                Score(all?.Kept ?? e.Kept.Auc), Score(all?.Other ?? e.All.Auc), ReportTables.Test(all), random is null ? None : Score(random.Other), ReportTables.Test(random),
                Count(e.All.MacsPerClip), Count(e.Kept.MacsPerClip), Number(e.All.MicrosecondsPerClip, "0.0"), Number(e.Kept.MicrosecondsPerClip, "0.0"),
            ]);
        }

        return table + Pictures(emotion, [.. runs.SelectMany(r => r.View.Emotions.Where(e => e.Name == emotion).Select(e => (r.Name, r.View, e)))]);
    }

    // Faces and curves of one emotion; faces only of the same points.
    private static string Pictures(string emotion, (string Name, RunView Run, EmotionView Emotion)[] runs)
    {
        StringBuilder html = new("<div class=\"pair\">\n");
        RunView first = runs[0].Run;
        (string Name, RunView Run, EmotionView Emotion)[] alike = [.. runs.Where(r => r.Run.Topology == first.Topology)];
        ColourScale scale = ColourScale.Relevance(alike.SelectMany(r => r.Emotion.Result.Ranking.Select(x => x.Relevance)), first.Topology.Count);
        html.Append(Figures.Grid(
            first.Topology, $"{emotion}: relevance, on one scale", scale,
            alike.Select(r => new GridFace($"{r.Name}, {Whole(r.Emotion.Landmarks.Count)} kept", Figures.ByLandmark(r.Emotion.Result, x => x.Relevance), [.. r.Emotion.Landmarks])), heat: false, alike.Length > 2 ? Drawing.TwoColumns : Drawing.Column).Inline(alike.Length > 2 ? "faces" : "two", $"{emotion}: faces of the runs"));
        if (alike.Length > 1)
            html.Append(Figures.Difference(first, $"{emotion}: {alike[0].Name} less {alike[1].Name}", alike[0].Emotion, alike[1].Emotion).Inline("difference", $"{emotion}: where relevance is larger in {alike[0].Name} than in {alike[1].Name}"));
        ChartLine[] lines = [.. runs.Select(r =>
        {
            StageResult[] stages = [.. r.Emotion.Stages.Reverse()];
            return new ChartLine(
                r.Name, [.. stages.Select(s => (double)s.Landmarks)], [.. stages.Select(s => s.BalancedAccuracy)],
                [.. stages.Select(s => s.Ci95.Count == 2 ? s.Ci95[0] : double.NaN)], [.. stages.Select(s => s.Ci95.Count == 2 ? s.Ci95[1] : double.NaN)]);
        })];
        html.Append(new Chart($"{emotion}: accuracy by landmarks, bands: 95%", "landmarks", "balanced accuracy", lines) { Halves = lines.Any(l => l.X.Distinct().Count() > 1) }.Draw().Inline("accuracy", $"{emotion}: balanced accuracy by landmarks kept, run by run"));
        return html.Append("</div>\n").ToString();
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
