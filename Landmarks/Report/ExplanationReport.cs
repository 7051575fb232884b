using System.Globalization;
using System.Text;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;
using static EmotionXai.Landmarks.Report.ReportTables;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>The explanation of one model as a page: the face, the regions, the frames and the landmarks that count most.</summary>
public static class ExplanationReport
{
    /// <summary>Writes <c>report.html</c>, whole or not at all.</summary>
    /// <param name="folder">The folder of the explanation; created where missing.</param>
    /// <param name="explanation">The explanation, of a run or read from its file.</param>
    /// <exception cref="InvalidDataException">The explanation does not fit its topology.</exception>
    public static void Write(string folder, Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string page = Render(explanation);
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "report.html"), page);
    }

    /// <summary>The page.</summary>
    /// <exception cref="InvalidDataException">The explanation does not fit its topology.</exception>
    public static string Render(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        StringBuilder html = new();
        html.Append("<header>\n<h1>").Append(Encode($"What tells {explanation.Emotion}")).Append("</h1>\n<p class=\"lead\">").Append(Encode(Lead(explanation))).Append("</p>\n</header>\n");
        html.Append("<section id=\"emotion-1\">\n<h2>").Append(Encode(explanation.Emotion)).Append("</h2>\n<div class=\"pair\">\n");

        LandmarkTopology topology = TopologyOf(explanation);
        ColourScale scale = Figures.RelevanceScale(explanation);
        html.Append("<figure>\n").Append(FaceOnPage.Heading($"{explanation.Emotion}: relevance of landmarks")).Append(FaceOnPage.Large(topology, explanation.Emotion, explanation.Ranking, scale, [])).Append("<figcaption>").Append(FaceOnPage.Legend(scale));
        html.Append("<p class=\"note\">Seen from the front: the subject's right is on the left. Larger and brighter means more relevant. Only the landmarks that the model takes").Append(explanation.Input == TrajectoryExplanation.Input ? ", or that steady those," : "").Append(" are drawn. ");
        html.Append("Point at one, or go from one to the next with the arrow keys, for its name and relevance.</p></figcaption>\n</figure>\n");
        html.Append("<div class=\"drawings\">\n").Append(Drawings(explanation, topology)).Append("</div>\n</div>\n<div class=\"pair\">\n");
        html.Append("<div class=\"rest\">").Append(Best(explanation.Emotion, explanation.Ranking)).Append("</div>\n<div class=\"rest\">");
        html.Append(Regions(RegionRelevance.Of(explanation.Ranking, [])));
        html.Append(TimeBars.Draw(explanation.TimeProfile)).Append("</div>\n</div>\n");
        html.Append("</section>\n");
        return PageShell.Page($"Explanation: {explanation.Emotion}", html.ToString(), ReportData.Of(explanation, topology));
    }

    // The sign, and when: for the emotion or against it.
    private static string Drawings(Explanation e, LandmarkTopology topology)
    {
        string signed = Figures.Signed(e, topology, heat: false).Inline("signed", $"{e.Emotion}: what landmarks add to the logit");
        return Figures.Time(e, topology) is { } map ? signed + map.Inline("map", $"{e.Emotion}: what landmarks add to the logit, frame by frame") : signed;
    }

    private static string Lead(Explanation e) => (e.Clip is string clip ? $"{clip}: probability {Number(e.Probability ?? double.NaN, "0.00")}, calibrated. " : "") + string.Create(
        CultureInfo.InvariantCulture,
        $"{e.Method} of {(e.Input == TrajectoryExplanation.Input ? "the trajectories of " : "")}{e.Clips} clip{(e.Clips == 1 ? "" : "s")} against {e.Baselines} baseline{(e.Baselines == 1 ? "" : "s")} each ({e.Baseline}), {e.MeanSteps:0.#} steps. ")
        + (e.IsComplete
            ? $"Attributions miss the change of the logit that they explain by {Number(100 * e.RelativeGap, "0.###", "%")}, those of the worst clip by {Number(100 * e.WorstClipGap, "0.###", "%")}."
            : "This method does not promise that its numbers sum to the change of the logit.");

    internal static LandmarkTopology TopologyOf(Explanation explanation)
    {
        LandmarkTopology topology;
        try
        {
            topology = LandmarkTopology.Find(explanation.Topology);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The explanation names a topology that the report cannot draw. {e.Message}", e);
        }

        return explanation.Ranking.All(r => r.Landmark >= 0 && r.Landmark < topology.Count)
            ? topology
            : throw new InvalidDataException($"The explanation ranks a landmark that {topology.Name} does not have; run explain again.");
    }
}
