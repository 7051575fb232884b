using EmotionXai.Landmarks.Reduction;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>The report's tables of numbers.</summary>
internal static class ReportTables
{
    private const int Top = 10, MostKept = 40;

    /// <summary>One row an emotion: what is kept, how it does against all landmarks, and what it costs; and how as many others do.</summary>
    public static string Overview(RunView run) => Overall(run) + Others(run);

    private static string Overall(RunView run)
    {
        HtmlTable table = new("What is kept, and how well it does on people not trained on");
        table.Column("Emotion").Column("Landmarks kept").Group("Balanced accuracy [95% CI]", "all landmarks", "kept").Group(Capital(run.Measure), "kept", "all", "difference [95% CI], p");
        table.Group("Multiply-adds", "all", "kept").Group("Bytes", "all", "kept").Group("µs a clip", "all", "kept");
        if (run.IsSynthetic) table.Column("Precision against the truth");
        for (int i = 0; i < run.Emotions.Count; i++)
        {
            EmotionView e = run.Emotions[i];
            List<string> cells =
            [
                $"{Whole(e.Landmarks.Count)} of {Whole(e.All.Landmarks)}", Score(e.All.BalancedAccuracy, e.All.Ci95), Score(e.Kept.BalancedAccuracy, e.Kept.Ci95),
                e.Against("all") is { } all ? Score(all.Kept) : None, e.Against("all") is { } them ? Score(them.Other) : None, Test(e.Against("all")),
                Count(e.All.MacsPerClip), Count(e.Kept.MacsPerClip), Count(e.All.ModelBytes), Count(e.Kept.ModelBytes), Number(e.All.MicrosecondsPerClip, "0.0"), Number(e.Kept.MicrosecondsPerClip, "0.0"),
            ];
            if (run.IsSynthetic) cells.Add(e.Result.Truth is { } t && t.Precision.TryGetValue("relevance", out double precision) ? $"{Score(precision)} at {Whole(t.K)}" : None);
            table.Row(e.Name, cells, SectionId(i));
        }

        return table.ToString();
    }

    private static string Others(RunView run)
    {
        string[] controls = [.. run.Rivals.Where(r => r != Leads.All)];
        if (controls.Length == 0) return "";
        HtmlTable table = new($"As many landmarks chosen otherwise: their {run.Measure}, and by how much the landmarks kept do better (corrected p)");
        table.Column("Emotion").Column("kept");
        foreach (string control in controls) table.Column(control);
        for (int i = 0; i < run.Emotions.Count; i++)
        {
            EmotionView e = run.Emotions[i];
            table.Row(
                e.Name,
                [
                    e.Comparisons.Count > 0 ? Score(e.Comparisons[0].Kept) : None,
                    .. controls.Select(e.Against).Select(c => c is null ? None : $"{Score(c.Other)} ({Difference(c.Difference)}{(c.Test is { } t ? $", p {Number(t.PCorrected, "0.000")}" : "")})"),
                ],
                SectionId(i));
        }

        return table.ToString();
    }

    /// <summary>A comparison's difference, interval and corrected p-value.</summary>
    public static string Test(Comparison? c) => c switch
    {
        null => None,
        { Test: null } => Difference(c.Difference),
        { Test: { Ci95: [double low, double high] } t } => $"{Difference(t.Difference)} [{Difference(low)}, {Difference(high)}], {Number(t.PCorrected, "0.000")}",
        _ => $"{Difference(c.Difference)}, {Number(c.Test.PCorrected, "0.000")}",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Every stage of an emotion, that of K* standing out; and how as many others do at it.</summary>
    public static string Stages(EmotionView e)
    {
        EmotionResult emotion = e.Result;
        HtmlTable table = new($"{emotion.Name}: stages of the reduction");
        table.Column("Landmarks").Column("Balanced accuracy [95% CI]").Column("Accuracy").Column("AUC").Column("F1");
        table.Column("Parameters").Column("Multiply-adds").Column("Bytes").Column("µs a clip").Column("Training, s");
        foreach (StageResult s in emotion.Stages)
        {
            table.Row(
                Whole(s.Landmarks),
                [
                    Score(s.BalancedAccuracy, s.Ci95), Score(s.Accuracy), Score(s.Auc), Score(s.F1),
                    Count(s.Parameters), Count(s.MacsPerClip), Count(s.ModelBytes), Number(s.MicrosecondsPerClip, "N1"), Number(s.TrainSeconds, "0.00"),
                ],
                marked: ReferenceEquals(s, e.Kept));
        }

        return table + Controls(e);
    }

    private static string Controls(EmotionView e)
    {
        EmotionResult emotion = e.Result;
        string[] controls = [.. emotion.Stages.SelectMany(s => s.Controls.Keys).Distinct()];
        if (controls.Length == 0) return "";
        HtmlTable table = new($"{emotion.Name}: as many landmarks chosen otherwise, balanced accuracy and AUC of all clips");
        table.Column("Landmarks");
        foreach (string control in controls) table.Group(control, "bal. acc.", "AUC");
        foreach (StageResult s in emotion.Stages.Where(s => s.Controls.Count > 0))
            table.Row(Whole(s.Landmarks), [.. controls.SelectMany(c => s.Controls.TryGetValue(c, out ControlResult? r) ? new[] { Score(r.BalancedAccuracy), Score(r.Auc) } : [None, None])], marked: ReferenceEquals(s, e.Kept));
        return table.ToString();
    }

    /// <summary>The landmarks that count most.</summary>
    /// <param name="emotion">The emotion.</param>
    /// <param name="ranking">The landmarks by falling relevance.</param>
    /// <param name="kept">Those kept; null where nothing is.</param>
    public static string Best(string emotion, IReadOnlyList<RankedLandmark> ranking, IReadOnlyList<int>? kept = null)
    {
        HtmlTable table = new($"{emotion}: the most relevant landmarks{(kept is null ? "" : " and those kept")}");
        table.Column("Rank").Column("Landmark", text: true).Column("Region", text: true).Column("Relevance").Column("Signed, logits");
        bool folds = ranking.Any(r => r.RankByFold.Count > 0), nulls = ranking.Any(r => r.Z is not null);
        if (nulls) table.Group("Against permuted labels", "null relevance", "z", "p, corrected");
        if (folds) table.Column("Rank in the folds, best to worst");
        for (int i = 0; i < ranking.Count; i++)
        {
            RankedLandmark r = ranking[i];
            bool isKept = kept?.Contains(r.Landmark) ?? false;
            if (i >= Top && !(isKept && kept!.Count <= MostKept)) continue;
            List<string> cells = [$"{r.Name} (#{Whole(r.Landmark)})", r.Region, Share(r.Relevance), Number(r.Signed, "+0.000;−0.000;0.000")];
            if (nulls) cells.AddRange([Share(r.NullRelevance ?? double.NaN), Number(r.Z ?? double.NaN, "+0.0;−0.0;0.0"), Number(r.P ?? double.NaN, "0.000")]);
            if (folds) cells.Add(r.RankByFold.Count == 0 ? None : $"{Whole(r.RankByFold.Min())} to {Whole(r.RankByFold.Max())}");
            table.Row(Whole(i + 1), cells, marked: isKept);
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

    /// <summary>Relevance by region: a landmark's mean and the sum, with intervals over people.</summary>
    public static string RegionTable(EmotionView e) => Regions(e.Regions);

    /// <summary>Relevance by region, of a ranking without folds.</summary>
    public static string Regions(IReadOnlyList<RegionRelevance> regions)
    {
        HtmlTable table = new("Relevance by region, by the mean of a landmark");
        table.Column("Region").Column("Landmarks").Column("A landmark, on average").Column("All of the region");
        foreach (RegionRelevance r in regions)
            table.Row(r.Name, [Whole(r.Landmarks), Percent(r, r.Landmarks), Percent(r, 1)]);
        return table.ToString();

        static string Percent(RegionRelevance r, double of) =>
            double.IsFinite(r.HalfWidth) ? $"{Share(r.Sum / of)} [{Share(r.Interval.Low / of)}, {Share(r.Interval.High / of)}]" : Share(r.Sum / of);
    }

    /// <summary>What the classifiers said of clips of every label, with all landmarks and with those kept; empty where the results do not tell.</summary>
    public static string Confusion(EmotionView e, IReadOnlyList<TestedClip> clips)
    {
        EmotionResult emotion = e.Result;
        if (emotion.Targets.Count == 0 || e.All.Logits.Count != emotion.Targets.Count || e.Kept.Logits.Count != emotion.Targets.Count) return "";
        string[] labels = clips.Count == emotion.Targets.Count ? [.. clips.Select(c => c.Label)] : [.. emotion.Targets.Select(t => t == 1 ? emotion.Name : "other")];
        HtmlTable table = new($"Clips of which label are judged to be {emotion.Name}");
        table.Column("Label").Column("Clips").Group($"Judged {emotion.Name}", "all landmarks", "kept");
        foreach (IGrouping<string, int> label in Enumerable.Range(0, labels.Length).GroupBy(i => labels[i]).OrderByDescending(g => g.Key == emotion.Name).ThenByDescending(g => g.Count(i => e.Kept.Logits[i] > 0) / (double)g.Count()))
            table.Row(label.Key, [Whole(label.Count()), Whole(label.Count(i => e.All.Logits[i] > 0)), Whole(label.Count(i => e.Kept.Logits[i] > 0))], marked: label.Key == emotion.Name);
        return table.ToString();
    }

    /// <summary>Paired differences with their intervals; empty where the results do not tell.</summary>
    public static string Differences(EmotionView e)
    {
        Comparison[] tested = [.. e.Comparisons.Where(c => c.Test is not null)];
        if (tested.Length == 0) return "";
        HtmlTable table = new($"{e.Name}: {e.Measure} of the landmarks kept against others, on the same people");
        table.Column("Against").Column("People").Group("AUC", "kept", "other").Column("Difference [95% CI]").Column("Over its deviation").Column("p").Column("p, corrected over all").Column("p of a loss of the margin");
        foreach (Comparison c in tested)
        {
            PairedDifference d = c.Test!;
            string interval = d.Ci95.Count == 2 ? $" [{Difference(d.Ci95[0])}, {Difference(d.Ci95[1])}]" : "";
            table.Row(c.Words, [Whole(d.People), Score(c.Kept), Score(c.Other), Difference(d.Difference) + interval, Number(d.Effect, "+0.0;−0.0;0.0"), Number(d.P, "0.000"), Number(d.PCorrected, "0.000"), d.NotWorse is double p ? Number(p, "0.000") : None]);
        }

        return table.ToString();
    }

    /// <summary>All emotions judged together; empty for one.</summary>
    public static string Together(RunView run)
    {
        if (run.Result.Together is not { } together) return "";
        HtmlTable table = new($"All together: {Whole(together.Clips)} clips judged by the largest logit, each classifier with the landmarks kept. Accuracy {Score(together.Accuracy)}, with all landmarks {Score(together.AccuracyAll)}; {Whole(run.Union.Count)} landmarks serve all classifiers");
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
        bool inside = emotion.ByFold.Any(f => f.Regions.Count > 0);
        if (inside) table.Column("Chosen inside", text: true);
        for (int i = 0; i < emotion.ByFold.Count; i++)
        {
            FoldResult f = emotion.ByFold[i];
            string people = f.Subjects.Count <= Top ? string.Join(", ", f.Subjects) : $"{Whole(f.Subjects.Count)} people";
            string[] regions = inside ? [string.Join(", ", f.Regions)] : [];
            table.Row(Whole(i + 1), [people, Whole(f.Clips), Whole(f.Landmarks), Score(f.BalancedAccuracyAll), Score(f.BalancedAccuracy), Number(100 * f.RelativeGap, "0.###", "%"), .. regions]);
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

    /// <summary>The identity of an emotion's section: a number, as names may hold anything.</summary>
    public static string SectionId(int index) => $"emotion-{Whole(index + 1)}";
}
