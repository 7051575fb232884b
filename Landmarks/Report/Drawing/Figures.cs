using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Report;

/// <summary>Every figure of a run, drawn from its view. The page shows the same drawings.</summary>
public static class Figures
{
    /// <summary>The unit of what landmarks add.</summary>
    internal const string Logits = "added to the logit (logits)";

    private const double Head = 17, Gap = 10;

    /// <summary>All figures, each with the name of its file.</summary>
    /// <param name="run">The run.</param>
    /// <param name="heat">Whether faces are drawn under smooth heat instead of with dots.</param>
    public static IEnumerable<(string Name, Drawing Drawing)> Of(RunView run, bool heat = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Emotions.Count == 0) yield break;
        yield return ("faces", Faces(run, heat));
        yield return ("faces-signed", SignedFaces(run, heat));
        if (run.Emotions.Count > 1) yield return ("faces-own", OwnFaces(run, heat));
        foreach (EmotionView e in run.Emotions)
        {
            string name = FileNames.Safe(e.Name);
            yield return ($"{name}-face", Face(run, e, heat));
            yield return ($"{name}-signed", SignedFace(run, e, heat));
            if (Time(run, e) is { } time) yield return ($"{name}-time", time);
            yield return ($"{name}-regions", Regions(e));
            yield return ($"{name}-accuracy", Accuracy(e));
            yield return ($"{name}-cost", CostOf(e));
            if (Roc(e) is not { } roc) continue;
            yield return ($"{name}-roc", roc);
            yield return ($"{name}-precision-recall", PrecisionRecall(e)!);
        }
    }

    /// <summary>All figures of an explanation.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="heat">Whether faces are drawn under smooth heat instead of with dots.</param>
    /// <exception cref="InvalidDataException">It does not fit its topology.</exception>
    public static IEnumerable<(string Name, Drawing Drawing)> Of(Explanation explanation, bool heat = false)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        LandmarkTopology topology = ExplanationReport.TopologyOf(explanation);
        string name = FileNames.Safe(explanation.Emotion);
        yield return ($"{name}-face", Grid(topology, $"{explanation.Emotion}: relevance", RelevanceScale(explanation), [new("", ByLandmark(explanation.Ranking, r => r.Relevance), [])], heat, Drawing.Column));
        yield return ($"{name}-signed", Signed(explanation, topology, heat));
        if (Time(explanation, topology) is { } time) yield return ($"{name}-time", time);
    }

    /// <summary>Where one emotion's relevance is larger than another's.</summary>
    public static (string Name, Drawing Drawing) Between(RunView run, EmotionView first, EmotionView second)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return ($"{FileNames.Safe(first.Name)}-less-{FileNames.Safe(second.Name)}", Difference(run, $"{first.Name} less {second.Name}: relevance", first, second));
    }

    /// <summary>The faces of all emotions side by side: relevance on one scale, the kept landmarks ringed.</summary>
    internal static Drawing Faces(RunView run, bool heat = false) => Grid(
        run.Topology, $"Relevance of landmarks, on one scale{(run.Null is null || heat ? "" : "; pale: not shown to stand above permuted labels")}", RelevanceScale(run),
        run.Emotions.Select(e => new GridFace(Caption(e), ByLandmark(e.Result, r => r.Relevance), Rings(e), Pale(e))), heat, Drawing.TwoColumns);

    /// <summary>The same with the sign.</summary>
    internal static Drawing SignedFaces(RunView run, bool heat = false) => Grid(
        run.Topology, "What landmarks add to the logit of clips that show the emotion", SignedScale(run), run.Emotions.Select(e => new GridFace(Caption(e), ByLandmark(e.Result, r => r.Signed), Rings(e))), heat, Drawing.TwoColumns);

    /// <summary>Each emotion's relevance less the mean of the others': what is its own.</summary>
    internal static Drawing OwnFaces(RunView run, bool heat = false)
    {
        double[][] relevance = [.. run.Emotions.Select(e => ByLandmark(e.Result, r => r.Relevance))];
        double[][] own = [.. relevance.Select((mine, i) => mine.Select((v, l) => v - relevance.Where((_, other) => other != i).Average(o => o[l])).ToArray())];
        return Grid(run.Topology, "Relevance less the mean of the other emotions", ColourScale.Signed(own.SelectMany(o => o), ColourScale.Points), run.Emotions.Select((e, i) => new GridFace(Caption(e), own[i], Rings(e))), heat, Drawing.TwoColumns);
    }

    /// <summary>One emotion's face, on the scale of all.</summary>
    internal static Drawing Face(RunView run, EmotionView e, bool heat = false) =>
        Grid(run.Topology, $"{e.Name}: relevance, the {e.Landmarks.Count} kept are ringed", RelevanceScale(run), [new("", ByLandmark(e.Result, r => r.Relevance), Rings(e), Pale(e))], heat, Drawing.Column);

    /// <summary>One emotion's face with the sign, on the scale of all.</summary>
    internal static Drawing SignedFace(RunView run, EmotionView e, bool heat = false) =>
        Grid(run.Topology, $"{e.Name}: for and against", SignedScale(run), [new("", ByLandmark(e.Result, r => r.Signed), Rings(e))], heat, Drawing.Column);

    /// <summary>Landmark by time with the sign; null where the results do not tell or clips are single frames.</summary>
    internal static Drawing? Time(RunView run, EmotionView e) =>
        TimeMap.Draw($"{e.Name}: landmark by time", run.Topology, [.. Enumerable.Range(0, run.Topology.Count)], e.Result.SignedTimeMap, Rings(e));

    /// <summary>What landmarks add to a logit that is explained.</summary>
    internal static Drawing Signed(Explanation e, LandmarkTopology topology, bool heat) =>
        Grid(topology, $"{e.Emotion}: for and against", ColourScale.Signed(e.Ranking.Select(r => r.Signed), Logits), [new("", ByLandmark(e.Ranking, r => r.Signed), [])], heat, Drawing.Column);

    /// <summary>The same landmark by time; null for single frames, and where the file does not tell.</summary>
    internal static Drawing? Time(Explanation e, LandmarkTopology topology) =>
        TimeMap.Draw($"{e.Emotion}: landmark by time", topology, [.. e.Ranking.Select(r => r.Landmark).Order()], e.SignedTimeMap, []);

    /// <summary>The regions.</summary>
    internal static Drawing Regions(EmotionView e) => RegionBars.Draw($"{e.Name}: relevance of regions", e.Regions);

    /// <summary>Where the relevance of an emotion is larger in one run than in another, or than that of another emotion.</summary>
    internal static Drawing Difference(RunView run, string title, EmotionView a, EmotionView b)
    {
        double[] first = ByLandmark(a.Result, r => r.Relevance), second = ByLandmark(b.Result, r => r.Relevance), difference = [.. first.Select((v, i) => v - second[i])];
        return Grid(run.Topology, title, ColourScale.Signed(difference, ColourScale.Points), [new("", difference, [])], heat: false, Drawing.Column);
    }

    /// <summary>Accuracy by landmarks kept, with its interval and the controls.</summary>
    internal static Drawing Accuracy(EmotionView e)
    {
        StageResult[] stages = [.. e.Stages.Reverse()];
        List<ChartLine> lines =
        [
            new("most relevant", [.. stages.Select(s => (double)s.Landmarks)], [.. stages.Select(s => s.BalancedAccuracy)], [.. stages.Select(s => s.Ci95.Count == 2 ? s.Ci95[0] : double.NaN)], [.. stages.Select(s => s.Ci95.Count == 2 ? s.Ci95[1] : double.NaN)]),
        ];
        foreach (string control in stages.SelectMany(s => s.Controls.Keys).Distinct())
        {
            StageResult[] some = [.. stages.Where(s => s.Controls.ContainsKey(control))];
            lines.Add(new ChartLine(control, [.. some.Select(s => (double)s.Landmarks)], [.. some.Select(s => s.Controls[control].BalancedAccuracy)]));
        }

        return new Chart($"{e.Name}: accuracy by landmarks, band: 95%", "landmarks", "balanced accuracy", lines) { Halves = stages.Length > 1 }.Draw();
    }

    /// <summary>Cost against all landmarks.</summary>
    internal static Drawing CostOf(EmotionView e)
    {
        StageResult[] stages = [.. e.Stages.Reverse()];
        ChartLine Line(string name, Func<StageResult, double> cost) => new(name, [.. stages.Select(s => (double)s.Landmarks)], [.. stages.Select(s => cost(s) / cost(e.All))]);
        return new Chart($"{e.Name}: cost of a clip against all", "landmarks", "part of all", [Line("multiply-adds", s => s.MacsPerClip), Line("bytes of the model", s => s.ModelBytes), Line("measured time", s => s.MicrosecondsPerClip)])
        {
            Halves = stages.Length > 1,
        }.Draw();
    }

    /// <summary>The ROC with all landmarks and with those kept; null where the results hold no logits.</summary>
    internal static Drawing? Roc(EmotionView e) => Curves(e, "ROC", "false alarms", "recall", ThresholdCurve.Roc);

    /// <summary>Precision and recall likewise.</summary>
    internal static Drawing? PrecisionRecall(EmotionView e) => Curves(e, "precision and recall", "recall", "precision", ThresholdCurve.Precision);

    /// <summary>Faces side by side over one bar of colours.</summary>
    internal static Drawing Grid(LandmarkTopology topology, string title, ColourScale scale, IEnumerable<GridFace> faces, bool heat, double width)
    {
        GridFace[] all = [.. faces];
        FaceArt art = new(topology);
        int columns = Math.Min(all.Length, width < Drawing.TwoColumns ? 2 : 4), rows = (all.Length + columns - 1) / columns;
        double wide = Math.Min(width * 0.9, (width - (Gap * (columns - 1))) / Math.Max(columns, width < Drawing.TwoColumns ? 1 : 3)), high = wide * art.Height / art.Width;
        double line = all.Any(f => f.Caption.Length > 0) ? 12 : 0, top = Head, bar = top + (rows * (high + line + Gap)) + 6;
        Drawing drawing = new(width, bar + 28);
        drawing.Title(title);
        double left = (width - (columns * wide) - ((columns - 1) * Gap)) / 2;
        for (int i = 0; i < all.Length; i++)
        {
            double x = left + (i % columns * (wide + Gap)), y = top + (i / columns * (high + line + Gap));
            if (line > 0) drawing.Text(x + (wide / 2), y + 8, all[i].Caption, Math.Min(8, wide / Drawing.WidthOf(all[i].Caption, 1)), "middle");
            art.Put(drawing, heat ? art.Heat(all[i].Values, scale, all[i].Kept) : art.Dots(all[i].Values, scale, all[i].Kept, larger: columns > 1 ? 1.35 : 1, pale: all[i].Pale), x, y + line, wide);
        }

        double barWidth = Math.Min(width - 60, 200);
        scale.Bar(drawing, (width - barWidth) / 2, bar, barWidth);
        return drawing;
    }

    /// <summary>[landmark]: a value of the ranking; NaN for what it leaves out.</summary>
    internal static double[] ByLandmark(EmotionResult emotion, Func<RankedLandmark, double> value) => ByLandmark(emotion.Ranking, value);

    /// <summary>The same of a ranking.</summary>
    internal static double[] ByLandmark(IReadOnlyList<RankedLandmark> ranking, Func<RankedLandmark, double> value)
    {
        double[] values = new double[ranking.Count == 0 ? 0 : ranking.Max(r => r.Landmark) + 1];
        Array.Fill(values, double.NaN);
        foreach (RankedLandmark r in ranking) values[r.Landmark] = value(r);
        return values;
    }

    /// <summary>The scale of relevance of all emotions of a run.</summary>
    internal static ColourScale RelevanceScale(RunView run) => ColourScale.Relevance(run.Emotions.SelectMany(e => e.Result.Ranking.Select(r => r.Relevance)), run.Topology.Count, run.Null);

    /// <summary>That of one explanation.</summary>
    internal static ColourScale RelevanceScale(Explanation explanation) => ColourScale.Relevance(explanation.Ranking.Select(r => r.Relevance), explanation.Ranking.Count);

    private static ColourScale SignedScale(RunView run) => ColourScale.Signed(run.Emotions.SelectMany(e => e.Result.Ranking.Select(r => r.Signed)), Logits);

    private static string Caption(EmotionView e) => $"{e.Name}, {e.Landmarks.Count} kept";

    private static HashSet<int> Rings(EmotionView e) => e.Kept == e.All ? [] : [.. e.Landmarks];

    private static HashSet<int> Pale(EmotionView e) => [.. e.Result.Ranking.Where(r => !NullBand.IsAbove(r)).Select(r => r.Landmark)];

    private static Drawing? Curves(EmotionView e, string title, string across, string up, Func<IReadOnlyList<double>, IReadOnlyList<int>, (double[] X, double[] Y)> curve)
    {
        IReadOnlyList<int> targets = e.Result.Targets;
        if (targets.Count == 0 || e.All.Logits.Count != targets.Count || e.Kept.Logits.Count != targets.Count || targets.Distinct().Count() < 2) return null;
        ChartLine Line(string name, StageResult stage)
        {
            (double[] x, double[] y) = curve(stage.Logits, targets);
            return new ChartLine($"{name}, AUC {ReportText.Score(stage.Auc)}", x, y, Marks: false);
        }

        return new Chart($"{e.Name}: {title}", across, up, e.Kept == e.All ? [Line("all landmarks", e.All)] : [Line("kept", e.Kept), Line("all landmarks", e.All)]) { Across = (0, 1), Up = (0, 1) }.Draw(plot: 150);
    }
}

/// <summary>A face of a grid.</summary>
/// <param name="Caption">What stands above it.</param>
/// <param name="Values">[landmark]; NaN leaves a landmark out.</param>
/// <param name="Kept">Those with a ring.</param>
/// <param name="Pale">Those drawn pale; null for none.</param>
internal sealed record GridFace(string Caption, double[] Values, HashSet<int> Kept, HashSet<int>? Pale = null);
