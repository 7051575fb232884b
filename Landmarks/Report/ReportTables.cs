using System.Globalization;
using EmotionXai.Landmarks.Reduction;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>The report's tables of numbers.</summary>
internal static class ReportTables
{
    private const int Top = 10;

    /// <summary>One row an emotion: what was kept, and what that cost and saved.</summary>
    public static string Overview(ReductionResult result)
    {
        bool truth = result.Emotions.Any(e => e.Truth is not null);
        HtmlTable table = new("What was kept, and what became of the accuracy");
        table.Column("Emotion").Column("Landmarks kept (median K*)")
            .Group("Balanced accuracy [95% CI]", "all landmarks", "each fold at its K*")
            .Group("AUC", "all", "at K*")
            .Group("Balanced accuracy at the stage of K*", "most relevant", "random", "difference")
            .Column("Multiply-adds, all / K*");
        if (truth) table.Column("Precision against the truth");
        for (int i = 0; i < result.Emotions.Count; i++)
        {
            EmotionResult e = result.Emotions[i];
            StageResult? all = All(e), kept = Kept(e);
            ControlResult? random = Random(e);
            List<string> cells =
            [
                all is null ? Whole(e.Chosen.Landmarks) : $"{Whole(e.Chosen.Landmarks)} of {Whole(all.Landmarks)}",
                all is null ? None : Score(all.BalancedAccuracy, all.Ci95),
                Score(e.Chosen.BalancedAccuracy, e.Chosen.Ci95),
                all is null ? None : Score(all.Auc),
                Score(e.Chosen.Auc),
                kept is null ? None : Score(kept.BalancedAccuracy),
                random is null ? None : Score(random.BalancedAccuracy),
                random is null || kept is null ? None : Difference(kept.BalancedAccuracy - random.BalancedAccuracy),
                all is null || kept is null ? None : Ratio(all.MacsPerClip, kept.MacsPerClip),
            ];
            if (truth) cells.Add(e.Truth is { } t && t.Precision.TryGetValue("relevance", out double precision) ? $"{Score(precision)} at {Whole(t.K)}" : None);
            table.Row(e.Name, cells, SectionId(i));
        }

        return table.ToString();
    }

    /// <summary>Every stage of an emotion; that of the median K* stands out.</summary>
    public static string Stages(EmotionResult emotion)
    {
        string[] controls = [.. emotion.Stages.SelectMany(s => s.Controls.Keys).Distinct()];
        HtmlTable table = new($"{emotion.Name}: stages of the reduction");
        table.Column("Landmarks").Column("Balanced accuracy [95% CI]").Column("Accuracy").Column("AUC").Column("F1");
        foreach (string control in controls) table.Group($"control: {control}", "bal. acc.", "AUC");
        table.Column("Parameters").Column("Multiply-adds").Column("Bytes").Column("µs a clip").Column("Training, s");
        StageResult? kept = Kept(emotion);
        foreach (StageResult s in emotion.Stages)
        {
            table.Row(
                Whole(s.Landmarks),
                [
                    Score(s.BalancedAccuracy, s.Ci95), Score(s.Accuracy), Score(s.Auc), Score(s.F1),
                    .. controls.SelectMany(c => s.Controls.TryGetValue(c, out ControlResult? r) ? new[] { Score(r.BalancedAccuracy), Score(r.Auc) } : [None, None]),
                    Count(s.Parameters), Count(s.MacsPerClip), Count(s.ModelBytes), Number(s.MicrosecondsPerClip, "N1"), Number(s.TrainSeconds, "0.00"),
                ],
                marked: ReferenceEquals(s, kept));
        }

        return table.ToString();
    }

    /// <summary>The landmarks that count most.</summary>
    public static string Best(string emotion, IReadOnlyList<RankedLandmark> ranking)
    {
        HtmlTable table = new($"{emotion}: the most relevant landmarks");
        table.Column("Rank").Column("Landmark", text: true).Column("Region", text: true).Column("Relevance").Column("Signed, logits");
        bool folds = ranking.Any(r => r.RankByFold.Count > 0), nulls = ranking.Any(r => r.Z is not null);
        if (nulls) table.Group("Against permuted labels", "null relevance", "z", "p, corrected");
        if (folds) table.Column("Rank in the folds, best to worst");
        for (int i = 0; i < Math.Min(Top, ranking.Count); i++)
        {
            RankedLandmark r = ranking[i];
            List<string> cells = [$"{r.Name} (#{Whole(r.Landmark)})", r.Region, Share(r.Relevance), Number(r.Signed, "+0.000;−0.000;0.000")];
            if (nulls) cells.AddRange([Share(r.NullRelevance ?? double.NaN), Number(r.Z ?? double.NaN, "+0.0;−0.0;0.0"), Number(r.P ?? double.NaN, "0.000")]);
            if (folds) cells.Add(r.RankByFold.Count == 0 ? None : $"{Whole(r.RankByFold.Min())} to {Whole(r.RankByFold.Max())}");
            table.Row(Whole(i + 1), cells);
        }

        return table.ToString();
    }

    /// <summary>How much of the first landmarks truly carries evidence, ranking by ranking; empty where the truth is not known.</summary>
    public static string Truth(EmotionResult emotion)
    {
        if (emotion.Truth is not { } truth) return "";
        HtmlTable table = new($"{emotion.Name}: how much of the first {Whole(truth.K)} landmarks is among the {Whole(truth.Evidence)} that truly carry evidence");
        table.Column("Ranking").Column("Precision");
        foreach ((string name, double precision) in truth.Precision) table.Row(name, [Score(precision)]);
        return table.ToString();
    }

    /// <summary>Relevance by region: its share, and how much that is for each of the region's landmarks against the mean of all.</summary>
    public static string Regions(IReadOnlyList<RankedLandmark> ranking)
    {
        HtmlTable table = new("Relevance by region");
        table.Column("Region").Column("Landmarks").Column("Relevance").Column("A landmark, against the mean");
        double total = ranking.Sum(r => double.IsFinite(r.Relevance) ? r.Relevance : 0);
        foreach (IGrouping<string, RankedLandmark> region in ranking.GroupBy(r => r.Region).OrderByDescending(g => g.Sum(r => r.Relevance)))
        {
            double share = region.Sum(r => r.Relevance), each = share / region.Count() * ranking.Count / total;
            table.Row(region.Key, [Whole(region.Count()), Share(share), Number(each, "0.00", "×")]);
        }

        return table.ToString();
    }

    /// <summary>What the classifiers said of clips of either class; empty where the results do not tell.</summary>
    public static string Confusion(EmotionResult emotion)
    {
        if (emotion.Targets.Count == 0 || All(emotion) is not { } all || all.Logits.Count != emotion.Targets.Count || emotion.Chosen.Logits.Count != emotion.Targets.Count) return "";
        HtmlTable table = new("What clips were judged to be");
        table.Column("Clips").Group("all landmarks", emotion.Name, "other").Group("at K*", emotion.Name, "other");
        foreach ((string name, int target) in new[] { (emotion.Name, 1), ("other", 0) })
            table.Row(name, [.. new[] { all.Logits, emotion.Chosen.Logits }.SelectMany(l => new[] { Judged(l, target, true), Judged(l, target, false) })]);
        return table.ToString();

        string Judged(IReadOnlyList<double> logits, int target, bool shown) => Whole(logits.Where((l, i) => emotion.Targets[i] == target && l > 0 == shown).Count());
    }

    /// <summary>Paired differences with their intervals; empty where the results do not tell.</summary>
    public static string Differences(EmotionResult emotion)
    {
        if (emotion.Differences.Count == 0) return "";
        HtmlTable table = new($"{emotion.Name}: what the kept landmarks are worth, clip by clip on the same people");
        table.Column("Against").Column("Difference of AUC by person [95% CI]").Column("Over its deviation").Column("p").Column("p, corrected over all");
        foreach (PairedDifference d in emotion.Differences)
        {
            string interval = d.Ci95.Count == 2 ? $" [{Difference(d.Ci95[0])}, {Difference(d.Ci95[1])}]" : "";
            table.Row(d.Against == "all" ? "all landmarks (each fold at its K*)" : $"{d.Against} (at the median K*)", [Difference(d.Difference) + interval, Number(d.Effect, "+0.0;−0.0;0.0"), Number(d.P, "0.000"), Number(d.PCorrected, "0.000")]);
        }

        return table.ToString();
    }

    /// <summary>All emotions judged together; empty for one.</summary>
    public static string Together(ReductionResult result)
    {
        if (result.Together is not { } together) return "";
        HtmlTable table = new($"All together: {Whole(together.Clips)} clips judged by the largest logit, each classifier at its K*. Accuracy {Score(together.Accuracy)}, with all landmarks {Score(together.AccuracyAll)}; {Whole(together.Union.Count)} landmarks serve all classifiers");
        table.Column("Clips of");
        foreach (string label in together.Labels) table.Column(label);
        for (int i = 0; i < together.Labels.Count; i++) table.Row(together.Labels[i], [.. together.Confusion[i].Select(Whole)]);
        return table.ToString();
    }

    /// <summary>Every outer fold; empty where the results do not tell.</summary>
    public static string Folds(EmotionResult emotion)
    {
        if (emotion.ByFold.Count == 0) return "";
        HtmlTable table = new($"{emotion.Name}: folds");
        table.Column("Fold").Column("People tested", text: true).Column("Clips").Column("K*").Group("Balanced accuracy", "all landmarks", "at K*").Column("Completeness gap");
        for (int i = 0; i < emotion.ByFold.Count; i++)
        {
            FoldResult f = emotion.ByFold[i];
            string people = f.Subjects.Count <= Top ? string.Join(", ", f.Subjects) : $"{Whole(f.Subjects.Count)} people";
            table.Row(Whole(i + 1), [people, Whole(f.Clips), Whole(f.Landmarks), Score(f.BalancedAccuracyAll), Score(f.BalancedAccuracy), Number(100 * f.RelativeGap, "0.###", "%")]);
        }

        return table.ToString();
    }

    /// <summary>All options of the run.</summary>
    public static string Options(ReductionResult result)
    {
        HtmlTable table = new("Options of this run");
        table.Column("Option").Column("Value", text: true);
        foreach ((string name, object value) in result.Options) table.Row(name, [Option(value)]);
        return table.ToString();
    }

    /// <summary>The stage that keeps all landmarks.</summary>
    public static StageResult? All(EmotionResult emotion) => emotion.Stages.MaxBy(s => s.Landmarks);

    /// <summary>The stage of the median K*.</summary>
    public static StageResult? Kept(EmotionResult emotion) => emotion.Stages.FirstOrDefault(s => s.Landmarks == emotion.Chosen.Landmarks);

    /// <summary>Random landmarks, as many as the median K*; none where all are kept.</summary>
    public static ControlResult? Random(EmotionResult emotion) => Kept(emotion)?.Controls.GetValueOrDefault("random");

    /// <summary>The identity of an emotion's section: a number, as names may hold anything.</summary>
    public static string SectionId(int index) => $"emotion-{Whole(index + 1)}";

    /// <summary>A whole number as it is.</summary>
    public static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
