using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>Results in words. A word like "better" stands only where a corrected test says so.</summary>
internal static class Sentences
{
    /// <summary>An emotion: what is kept, how it does against all landmarks, how against the controls.</summary>
    public static IReadOnlyList<string> Of(EmotionView view, LandmarkTopology topology)
    {
        if (view.Kept == view.All) return [$"All {Whole(view.All.Landmarks)} landmarks are kept: with fewer, the inner validation did worse."];
        List<string> sentences = [Kept(view, topology)];
        if (view.Against("all") is { } all) sentences.Add(AgainstAll(view, all));
        if (AgainstControls([.. view.Comparisons.Where(c => c.Against != "all")]) is { Length: > 0 } controls) sentences.Add(controls);
        return sentences;
    }

    /// <summary>A run: what is kept, against all landmarks, against the controls.</summary>
    public static IReadOnlyList<string> Of(RunView run)
    {
        if (run.Emotions.Count == 0) return ["The run has no emotion."];
        int[] kept = [.. run.Emotions.Select(e => e.Landmarks.Count)];
        string range = kept.Min() == kept.Max() ? Whole(kept[0]) : $"{Whole(kept.Min())} to {Whole(kept.Max())}";
        List<string> sentences = [$"For {(kept.Length == 1 ? run.Emotions[0].Name : $"{Whole(kept.Length)} emotions")}, {range} of {Whole(run.Topology.Count)} landmarks are kept."];
        if (run.Result.Primary is { } primary) sentences.Add(Primary(primary));
        string[] rivals = [.. run.Rivals.Where(r => r != "all")];
        if (rivals.Length > 0) sentences.Add(Shown(run, rivals));
        return sentences;
    }

    // The one test that was fixed before the run; it stands by itself.
    private static string Primary(PrimaryFigure primary)
    {
        PairedDifference f = primary.Figure;
        string interval = f.Ci95 is [double low, double high] ? $" [{Difference(low)}, {Difference(high)}]" : "";
        string loss = f.NotWorse is double p ? $"; against a loss of {Number(primary.Margin, "0.00#")} or more, p = {Number(p, "0.000")}" : "";
        return $"Each fold at its own number, they are {primary.Verdict}: {primary.Measure} {Score(f.Auc)} against {Score(f.AucAgainst)}, difference {Difference(f.Difference)}{interval} over {Whole(f.People)} people, p = {Number(f.P, "0.000")}{loss}.";
    }

    private static string Shown(RunView run, string[] rivals)
    {
        List<string> better = [], worse = [], open = [];
        foreach (string rival in rivals)
        {
            Comparison[] made = [.. run.Emotions.Select(e => e.Against(rival)).OfType<Comparison>()];
            int up = made.Count(c => c.Verdict == Verdict.Better), down = made.Count(c => c.Verdict == Verdict.Worse);
            if (up > 0) better.Add($"{made[0].Words} for {Whole(up)} of {Whole(made.Length)}");
            if (down > 0) worse.Add($"{made[0].Words} for {Whole(down)} of {Whole(made.Length)}");
            if (up + down == 0) open.Add(made[0].Words);
        }

        List<string> parts = [];
        if (better.Count > 0) parts.Add($"shown to do better than {Listed(better)}");
        if (worse.Count > 0) parts.Add($"shown to do worse than {Listed(worse)}");
        if (open.Count > 0) parts.Add($"not shown to differ from {Listed(open)}");
        return $"Emotion by emotion, beside as many others, they were {string.Join("; ", parts)}.";
    }

    private static string Kept(EmotionView view, LandmarkTopology topology)
    {
        IEnumerable<string> regions = view.Landmarks.GroupBy(l => topology.Regions[l]).OrderByDescending(g => g.Count()).Select(g => $"{Whole(g.Count())} of the {g.Key.Replace('_', ' ')}");
        string text = $"{Whole(view.Landmarks.Count)} of {Whole(topology.Count)} landmarks are kept: {Listed(regions)}.", needed = view.Needed.Words(view.Landmarks);
        if (needed.Length > 0) text += $" {needed}";
        if (!view.IsSavedKnown) return text + " These are what most folds keep; what the saved model keeps, results of this version do not tell.";
        return double.IsNaN(view.Agreement) ? text : text + $" The saved model uses these; a fold keeps {Number(100 * view.Agreement, "0", "%")} of them on average.";
    }

    private static string AgainstAll(EmotionView view, Comparison c)
    {
        string text = $"Balanced accuracy on new people is {Score(view.Kept.BalancedAccuracy, view.Kept.Ci95)}. The {view.Measure} is {Score(c.Kept)} with them and {Score(c.Other)} with all {Whole(view.All.Landmarks)}", margin = Number(view.Margin, "0.00#");
        return c.Verdict switch
        {
            Verdict.Untested => text + "; the results hold no test of the difference.",
            Verdict.Better => $"{text}: better, by {Interval(c)}.",
            Verdict.Worse => $"{text}: worse, by {Interval(c)}.",
            Verdict.NoWorse => $"{text}: shown not to lose {margin} or more (difference {Interval(c)}).",
            _ => $"{text}; a difference was not shown ({Interval(c)}), nor that the loss is below {margin}.",
        };
    }

    private static string AgainstControls(Comparison[] controls)
    {
        List<string> parts = [];
        foreach ((Verdict verdict, string words) in new[]
        {
            (Verdict.Better, "They do better than as many chosen otherwise: "), (Verdict.Worse, "They do worse than "), (Verdict.Open, "Not shown to differ from "), (Verdict.Untested, "Not tested against "),
        })
        {
            Comparison[] some = [.. controls.Where(c => c.Verdict == verdict)];
            if (some.Length > 0) parts.Add($"{words}{Listed(some.Select(c => verdict == Verdict.Untested ? c.Words : $"{c.Words} ({Difference(c.Difference)}, p = {Number(c.Test!.PCorrected, "0.000")})"))}.");
        }

        return string.Join(' ', parts);
    }

    private static string Interval(Comparison c) => c.Test is { Ci95: [double low, double high] } ? $"{Difference(c.Difference)} [{Difference(low)}, {Difference(high)}]" : Difference(c.Difference);

    private static string Listed(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }
}
