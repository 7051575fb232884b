using System.Globalization;
using System.Text;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;
using static EmotionXai.Landmarks.Report.ReportTables;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>
/// Results as one page. The head says in a few lines what was kept and what became of the accuracy; each emotion follows with
/// its face, its curves and its numbers.
/// </summary>
public static class ReductionReport
{
    /// <summary>Writes <c>report.html</c>, whole or not at all.</summary>
    /// <param name="folder">The folder of the results; created where missing.</param>
    /// <param name="result">The results.</param>
    /// <exception cref="InvalidDataException">The results do not fit their topology.</exception>
    public static void Write(string folder, ReductionResult result)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string page = Render(result);
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "report.html"), page);
    }

    /// <summary>The page.</summary>
    /// <param name="result">The results, of a run or read from <c>results.json</c>.</param>
    /// <exception cref="InvalidDataException">The results do not fit their topology.</exception>
    public static string Render(ReductionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        LandmarkTopology topology = TopologyOf(result);
        StringBuilder html = new();
        Head(html, result, topology);
        html.Append(PaperComparison.Render(result));
        for (int i = 0; i < result.Emotions.Count; i++) Emotion(html, topology, result.Emotions[i], SectionId(i));
        html.Append("<section>\n<h2>How it was made</h2>\n").Append(Origin(result)).Append(Options(result)).Append("</section>\n");
        return PageShell.Page($"Landmark reduction: {result.Data.Source}", html.ToString(), ReportData.Of(result, topology));
    }

    private static void Head(StringBuilder html, ReductionResult result, LandmarkTopology topology)
    {
        DataSummary data = result.Data;
        html.Append("<header>\n<h1>How few landmarks tell an emotion</h1>\n");
        html.Append("<p class=\"lead\">").Append(Encode(Lead(result))).Append("</p>\n");
        if (result.Emotions.Any(e => e.Truth is not null))
            html.Append("<p><strong>These data are synthetic:</strong> they show whether the method finds evidence that was put there, not how well it reads real faces.</p>\n");
        html.Append("</header>\n").Append(Cards.Render(result, topology)).Append(Overview(result));
        html.Append("<p class=\"note\">Scores are those of all clips pooled, each tested by networks that never saw its subject. Each fold chose its K* inside its training subjects. ");
        html.Append("Intervals come from a bootstrap over subjects. Random landmarks are the yardstick: landmarks are redundant, and keeping accuracy with few of them proves little unless random ones do worse. ");
        html.Append("The difference has no interval of its own: one that is small beside the intervals is no evidence.</p>\n<dl>\n");
        Fact(html, "Data", data.Source);
        Fact(html, "Topology", $"{topology.Name}, {Whole(topology.Count)} landmarks of {Whole(data.Dimensions)} coordinates");
        Fact(html, "Clips", $"{Whole(data.Clips)}, of {Whole(data.Subjects)} subjects, {Whole(data.Time)} frames each after resampling");
        Fact(html, "Labels", string.Join(", ", data.Labels.Select(l => $"{l.Key} {Whole(l.Value)}")));
        Fact(html, "Left out", data.Skipped.Count == 0 ? "no clip" : $"{Whole(data.Skipped.Count)} clips: {string.Join("; ", data.Skipped.Take(5))}{(data.Skipped.Count > 5 ? "; and others, listed in results.json" : "")}");
        Fact(html, "Model", Option(result.Options.GetValueOrDefault("model")));
        Fact(html, "Seed", Option(result.Options.GetValueOrDefault("seed")));
        Fact(html, "Took", Number(result.Seconds, "N1", " s"));
        html.Append("</dl>\n");
    }

    /// <summary>The whole run in a sentence or two.</summary>
    private static string Lead(ReductionResult result)
    {
        EmotionResult[] full = [.. result.Emotions.Where(e => All(e) is not null && Kept(e) is not null)];
        if (full.Length == 0) return "The run has no emotion with stages.";
        double before = full.Average(e => All(e)!.BalancedAccuracy), after = full.Average(e => e.Chosen.BalancedAccuracy);
        int[] kept = [.. full.Select(e => e.Chosen.Landmarks)];
        string range = kept.Min() == kept.Max() ? Whole(kept[0]) : $"{Whole(kept.Min())} to {Whole(kept.Max())}";
        string emotions = full.Length == 1 ? full[0].Name : $"{Whole(full.Length)} emotions";
        string text = $"For {emotions}, {range} of {Whole(full.Max(e => All(e)!.Landmarks))} landmarks were kept. "
            + $"Balanced accuracy went from {Score(before)} to {Score(after)}{(full.Length == 1 ? "" : " on average")}.";
        EmotionResult[] compared = [.. full.Where(e => Random(e) is not null)];
        if (compared.Length == 0) return text;
        int better = compared.Count(e => Kept(e)!.BalancedAccuracy > Random(e)!.BalancedAccuracy);
        return text + (compared.Length == 1
            ? $" The most relevant landmarks did {(better == 1 ? "better" : "no better")} than as many random ones."
            : $" The most relevant landmarks did better than as many random ones for {Whole(better)} of {Whole(compared.Length)} emotions.");
    }

    private static void Emotion(StringBuilder html, LandmarkTopology topology, EmotionResult emotion, string id)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section id=\"{id}\">\n<h2>{Encode(emotion.Name)}</h2>\n");
        string byFold = string.Join(", ", emotion.Chosen.ByFold.Select(Whole));
        html.Append("<p>").Append(Encode($"{Whole(emotion.Classes.Positive)} clips against {Whole(emotion.Classes.Negative)} others, {Whole(emotion.Folds)} folds. "
            + $"K* by fold: {byFold}. At their K*, balanced accuracy {Score(emotion.Chosen.BalancedAccuracy, emotion.Chosen.Ci95)}, accuracy {Score(emotion.Chosen.Accuracy)}, "
            + $"AUC {Score(emotion.Chosen.Auc)}, F1 {Score(emotion.Chosen.F1)}. "
            + $"Attributions miss the change of the logit that they explain by {Number(100 * emotion.RelativeGap, "0.###", "%")}.")).Append("</p>\n");
        html.Append("<div class=\"pair\">\n<figure>\n").Append(FaceSvg.Draw(topology, emotion.Name, emotion.Ranking, emotion.Chosen.Landmarks));
        html.Append(FaceControls(emotion)).Append("<figcaption>").Append(FaceSvg.Legend(emotion.Ranking));
        html.Append("<p class=\"note\">Seen from the front: the subject's right is on the left. Larger and brighter means more relevant, averaged over folds; ");
        html.Append(CultureInfo.InvariantCulture, $"the first {emotion.Chosen.Landmarks} are ringed. Each fold keeps those of its own ranking: a ring is fainter the fewer folds keep its landmark. ");
        html.Append("Point at a landmark, or go from one to the next with the arrow keys, for its name and ranks; motion is shown one and a half times its size.</p></figcaption>\n</figure>\n");
        html.Append("<div class=\"rest\">\n<div class=\"chart accuracy\"></div>\n<div class=\"chart cost\"></div>\n</div>\n</div>\n");
        html.Append("<div class=\"pair\">\n<div class=\"chart roc\"></div>\n<div class=\"chart pr\"></div>\n</div>\n");
        html.Append("<div class=\"pair\">\n<div class=\"rest\">").Append(Regions(emotion.Ranking)).Append("</div>\n<div class=\"rest\">").Append(TimeBars.Draw(emotion.TimeProfile)).Append(Confusion(emotion)).Append("</div>\n</div>\n");
        html.Append(Best(emotion.Name, emotion.Ranking)).Append(Truth(emotion)).Append(Stages(emotion)).Append(Folds(emotion)).Append("</section>\n");
    }

    // Shown by the script, which they need.
    private static string FaceControls(EmotionResult emotion)
    {
        int stages = emotion.Stages.Count, chosen = Math.Max(0, emotion.Stages.OrderByDescending(s => s.Landmarks).ToList().FindIndex(s => s.Landmarks == emotion.Chosen.Landmarks));
        return stages == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"<p class=\"controls\" hidden=\"hidden\"><label>Stage <input class=\"stage\" type=\"range\" min=\"0\" max=\"{stages - 1}\" step=\"1\" value=\"{chosen}\"/></label> <output class=\"stage\"></output> <button type=\"button\" class=\"play\" hidden=\"hidden\">Play the mean motion</button></p>\n");
    }

    private static string Origin(ReductionResult result)
    {
        if (result.Origin is not { } origin) return "";
        StringBuilder html = new("<dl>\n");
        Fact(html, "Command", origin.Command);
        Fact(html, "Version", origin.Version);
        Fact(html, "Machine", origin.Machine);
        return html.Append("</dl>\n").ToString();
    }

    private static void Fact(StringBuilder html, string name, string value) =>
        html.Append("<dt>").Append(Encode(name)).Append("</dt><dd>").Append(Encode(value)).Append("</dd>\n");

    private static LandmarkTopology TopologyOf(ReductionResult result)
    {
        LandmarkTopology topology;
        try
        {
            topology = LandmarkTopology.Find(result.Data.Topology);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The results name a topology that the report cannot draw. {e.Message}", e);
        }

        foreach (RankedLandmark r in result.Emotions.SelectMany(e => e.Ranking))
        {
            if (r.Landmark < 0 || r.Landmark >= topology.Count)
                throw new InvalidDataException($"The results rank landmark {r.Landmark}, but {topology.Name} has {topology.Count}; run reduce again.");
        }

        return topology;
    }
}
