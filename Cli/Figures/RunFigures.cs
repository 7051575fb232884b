using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using EmotionXai.Landmarks.Topologies;
using ScottPlot;

namespace EmotionXai.Cli.Figures;

/// <summary>The figures of a reduction as files for papers: every one as PNG and as SVG.</summary>
internal static class RunFigures
{
    private const int Width = 900, Height = 600;

    // Okabe and Ito's colours, as in the report.
    private static readonly string[] s_inks = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a8a00", "#56b4e9"];

    // Shapes tell lines apart where colours do not: SVG has no dashes here.
    private static readonly MarkerShape[] s_shapes = [MarkerShape.FilledCircle, MarkerShape.OpenSquare, MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond, MarkerShape.Cross, MarkerShape.OpenCircle];

    /// <summary>Writes all figures.</summary>
    /// <returns>Their number, each counted once.</returns>
    public static int Write(string folder, ReductionResult result)
    {
        LandmarkTopology topology = LandmarkTopology.Find(result.Data.Topology);
        Directory.CreateDirectory(folder);
        int written = 0;
        foreach (EmotionResult emotion in result.Emotions)
        {
            string name = FileNames.Safe(emotion.Name);
            Save($"{name}-face", Face(topology, emotion), Height, Height);
            Save($"{name}-accuracy", Accuracy(emotion), Width, Height);
            Save($"{name}-cost", Cost(emotion), Width, Height);
            if (emotion.TimeProfile.Count > 1) Save($"{name}-time", Time(emotion), Width, Height);
            if (emotion.Targets.Count == 0) continue;
            Save($"{name}-roc", Curves(emotion, "ROC", "false alarms", "recall", RocCurve.Of), Height, Height);
            Save($"{name}-precision-recall", Curves(emotion, "precision and recall", "recall", "precision", RocCurve.PrecisionOf), Height, Height);
        }

        return written;

        void Save(string name, Plot plot, int width, int height)
        {
            string png = Path.Combine(folder, name + ".png");
            plot.SavePng(png + ".tmp", width, height);
            File.Move(png + ".tmp", png, overwrite: true);
            AtomicFile.WriteText(Path.Combine(folder, name + ".svg"), plot.GetSvgXml(width, height));
            written++;
        }
    }

    private static Plot Face(LandmarkTopology topology, EmotionResult emotion)
    {
        Plot plot = new();
        Color line = Color.FromHex("#c4c4c4");
        foreach ((int a, int b) in topology.Edges)
        {
            var edge = plot.Add.Line(topology.Neutral[a].X, -topology.Neutral[a].Y, topology.Neutral[b].X, -topology.Neutral[b].Y);
            (edge.LineColor, edge.LineWidth, edge.MarkerSize) = (line, 0.8f, 0);
        }

        double most = emotion.Ranking.Max(r => r.Relevance);
        float largest = topology.Count > 100 ? 9 : 15;
        for (int rank = emotion.Ranking.Count - 1; rank >= 0; rank--)
        {
            RankedLandmark r = emotion.Ranking[rank];
            double share = most > 0 ? Math.Max(0, r.Relevance / most) : 0;
            var marker = plot.Add.Marker(topology.Neutral[r.Landmark].X, -topology.Neutral[r.Landmark].Y, MarkerShape.FilledCircle, (float)(largest * (0.25 + (0.75 * Math.Sqrt(share)))), Color.FromHex(Viridis.At(share)));
            if (rank >= emotion.Chosen.Landmarks) continue;
            (marker.MarkerStyle.OutlineColor, marker.MarkerStyle.OutlineWidth) = (Color.FromHex("#c2185b"), 1.5f);
        }

        plot.Title($"{emotion.Name}: relevance, the {emotion.Chosen.Landmarks} kept are ringed");
        plot.HideGrid();
        plot.HideAxesAndGrid();
        plot.Axes.SquareUnits();
        return plot;
    }

    private static Plot Accuracy(EmotionResult emotion)
    {
        Plot plot = new();
        StageResult[] stages = [.. emotion.Stages.OrderBy(s => s.Landmarks)];
        StageResult[] known = [.. stages.Where(s => s.Ci95.Count == 2)];
        if (known.Length > 1)
        {
            var band = plot.Add.FillY([.. known.Select(s => Math.Log2(s.Landmarks))], [.. known.Select(s => s.Ci95[0])], [.. known.Select(s => s.Ci95[1])]);
            (band.FillColor, band.LineWidth) = (Color.FromHex(s_inks[0]).WithAlpha(0.18), 0);
        }

        Line(plot, 0, "most relevant", stages, s => s.BalancedAccuracy);
        int ink = 1;
        foreach (string control in stages.SelectMany(s => s.Controls.Keys).Distinct())
            Line(plot, ink++, control, [.. stages.Where(s => s.Controls.ContainsKey(control))], s => s.Controls[control].BalancedAccuracy);
        Finish(plot, $"{emotion.Name}: accuracy by landmarks kept (band: 95%)", "landmarks", "balanced accuracy", stages);
        return plot;
    }

    private static Plot Cost(EmotionResult emotion)
    {
        Plot plot = new();
        StageResult[] stages = [.. emotion.Stages.OrderBy(s => s.Landmarks)];
        StageResult all = stages[^1];
        Line(plot, 0, "multiply-adds", stages, s => (double)s.MacsPerClip / all.MacsPerClip);
        Line(plot, 1, "bytes of the model", stages, s => (double)s.ModelBytes / all.ModelBytes);
        Line(plot, 2, "measured time", stages, s => s.MicrosecondsPerClip / all.MicrosecondsPerClip);
        Finish(plot, $"{emotion.Name}: cost of a clip against all landmarks", "landmarks", "part", stages);
        return plot;
    }

    private static Plot Time(EmotionResult emotion)
    {
        Plot plot = new();
        foreach (Bar bar in plot.Add.Bars([.. Enumerable.Range(1, emotion.TimeProfile.Count).Select(t => (double)t)], [.. emotion.TimeProfile]).Bars) bar.FillColor = Color.FromHex("#26828e");
        plot.Axes.Margins(bottom: 0);
        plot.Title($"{emotion.Name}: relevance over time");
        plot.XLabel("frame");
        plot.YLabel("share of relevance");
        return plot;
    }

    private static Plot Curves(EmotionResult emotion, string title, string across, string up, Func<IReadOnlyList<double>, IReadOnlyList<int>, (double[] X, double[] Y)> curve)
    {
        Plot plot = new();
        StageResult all = emotion.Stages.MaxBy(s => s.Landmarks)!;
        (string Name, IReadOnlyList<double> Logits, double Auc)[] curves = [("all landmarks", all.Logits, all.Auc), ("at K*", emotion.Chosen.Logits, emotion.Chosen.Auc)];
        for (int i = 0; i < curves.Length; i++)
        {
            (double[] x, double[] y) = curve(curves[i].Logits, emotion.Targets);
            var line = plot.Add.ScatterLine(x, y);
            (line.LegendText, line.Color, line.LineWidth) = (FormattableString.Invariant($"{curves[i].Name}, AUC {curves[i].Auc:0.000}"), Color.FromHex(s_inks[i]), i == 0 ? 3.5f : 1.8f);
        }

        plot.Title($"{emotion.Name}: {title}");
        plot.XLabel(across);
        plot.YLabel(up);
        plot.ShowLegend(Alignment.LowerCenter);
        plot.Axes.SetLimits(0, 1, 0, 1.02);
        return plot;
    }

    private static void Line(Plot plot, int ink, string name, StageResult[] stages, Func<StageResult, double> value)
    {
        double[] x = [.. stages.Select(s => Math.Log2(s.Landmarks))], y = [.. stages.Select(value)];
        var line = plot.Add.Scatter(x, y);
        (line.LegendText, line.Color, line.MarkerShape, line.LineWidth, line.MarkerSize) = (name, Color.FromHex(s_inks[ink % s_inks.Length]), s_shapes[ink % s_shapes.Length], ink == 0 ? 2.5f : 1.5f, 9);
    }

    // Landmarks on a scale of halvings, with a mark at every stage.
    private static void Finish(Plot plot, string title, string x, string y, StageResult[] stages)
    {
        plot.Title(title);
        plot.XLabel(x);
        plot.YLabel(y);
        plot.Axes.Bottom.SetTicks([.. stages.Select(s => Math.Log2(s.Landmarks))], [.. stages.Select(s => FormattableString.Invariant($"{s.Landmarks}"))]);
        plot.ShowLegend(Alignment.LowerRight);
    }
}

/// <summary>Recall against false alarms, and precision against recall, as the threshold falls.</summary>
internal static class RocCurve
{
    /// <summary>The corners of the curve, from (0, 0) to (1, 1); clips of equal logits pass together.</summary>
    public static (double[] FalseAlarms, double[] Recall) Of(IReadOnlyList<double> logits, IReadOnlyList<int> targets)
    {
        double positives = targets.Count(t => t == 1), negatives = targets.Count - positives;
        List<double> x = [0], y = [0];
        int hits = 0, alarms = 0;
        foreach (IGrouping<double, int> tied in Enumerable.Range(0, logits.Count).GroupBy(i => logits[i]).OrderByDescending(g => g.Key))
        {
            hits += tied.Count(i => targets[i] == 1);
            alarms += tied.Count(i => targets[i] != 1);
            x.Add(alarms / negatives);
            y.Add(hits / positives);
        }

        return ([.. x], [.. y]);
    }

    /// <summary>Precision at every recall that is reached.</summary>
    public static (double[] Recall, double[] Precision) PrecisionOf(IReadOnlyList<double> logits, IReadOnlyList<int> targets)
    {
        double positives = targets.Count(t => t == 1);
        List<double> x = [], y = [];
        int hits = 0, alarms = 0;
        foreach (IGrouping<double, int> tied in Enumerable.Range(0, logits.Count).GroupBy(i => logits[i]).OrderByDescending(g => g.Key))
        {
            hits += tied.Count(i => targets[i] == 1);
            alarms += tied.Count(i => targets[i] != 1);
            x.Add(hits / positives);
            y.Add(hits / (double)(hits + alarms));
        }

        return ([.. x], [.. y]);
    }
}
