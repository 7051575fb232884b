using System.Globalization;
using System.Text;
using EmotionXai.Landmarks.Reduction;
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
        RunView run = new(result);
        StringBuilder html = new();
        Head(html, run);
        html.Append(PaperComparison.Render(result));
        for (int i = 0; i < run.Emotions.Count; i++) Emotion(html, run, run.Emotions[i], SectionId(i));
        html.Append("<section>\n<h2>How it was made</h2>\n").Append(Origin(result)).Append(Options(result)).Append("</section>\n");
        return PageShell.Page($"Landmark reduction: {result.Data.Source}", html.ToString(), ReportData.Of(run));
    }

    private static void Head(StringBuilder html, RunView run)
    {
        ReductionResult result = run.Result;
        DataSummary data = result.Data;
        html.Append("<header>\n<h1>How few landmarks tell an emotion</h1>\n");
        html.Append("<p class=\"lead\">").Append(Encode(run.Sentences[0])).Append("</p>\n");
        foreach (string sentence in run.Sentences.Skip(1)) html.Append("<p>").Append(Encode(sentence)).Append("</p>\n");
        if (run.IsSynthetic)
            html.Append("<p><strong>These data are synthetic:</strong> they show whether the method finds evidence that was put there, not how well it reads real faces.</p>\n");
        html.Append("</header>\n").Append(Cards.Render(run)).Append(SideBySide(run)).Append(Overview(run)).Append(Together(run));
        html.Append("<p class=\"note\">Scores are those of all clips pooled, each tested by networks that never saw its subject. K*, the number of landmarks kept, is the smallest whose loss is within one standard error of the least ");
        html.Append("in an inner validation among the training subjects; folds may choose different ones, and their median is kept. Everything in these tables is at that number of landmarks. ");
        html.Append("Intervals come from a bootstrap over subjects, p-values of differences from sign flips over people; those of emotions are corrected over all emotions and comparisons. Landmarks are redundant: keeping accuracy with few of them proves little unless as many others do worse.</p>\n<dl>\n");
        Fact(html, "Data", data.Source);
        Fact(html, "Topology", $"{run.Topology.Name}, {Whole(run.Topology.Count)} landmarks of {Whole(data.Dimensions)} coordinates");
        Fact(html, "Clips", $"{Whole(data.Clips)}, of {Whole(data.Subjects)} subjects, {Whole(data.Time)} frames each after resampling");
        Fact(html, "Labels", string.Join(", ", data.Labels.Select(l => $"{l.Key} {Whole(l.Value)}")));
        Fact(html, "Left out", data.Skipped.Count == 0 ? "no clip" : $"{Whole(data.Skipped.Count)} clips: {string.Join("; ", data.Skipped.Take(5))}{(data.Skipped.Count > 5 ? "; and others, listed in results.json" : "")}");
        Fact(html, "Network", Option(result.Options.GetValueOrDefault("network") ?? result.Options.GetValueOrDefault("model")));
        Fact(html, "Seed", Option(result.Options.GetValueOrDefault("seed")));
        Fact(html, "Took", Number(result.Seconds, "N1", " s"));
        html.Append("</dl>\n");
    }

    private static void Emotion(StringBuilder html, RunView run, EmotionView view, string id)
    {
        EmotionResult emotion = view.Result;
        ColourScale scale = Figures.RelevanceScale(run);
        html.Append(CultureInfo.InvariantCulture, $"<section id=\"{id}\">\n<h2>{Encode(emotion.Name)}</h2>\n");
        html.Append("<p class=\"lead\">").Append(Encode(view.Sentences[0])).Append("</p>\n");
        foreach (string sentence in view.Sentences.Skip(1)) html.Append("<p>").Append(Encode(sentence)).Append("</p>\n");
        html.Append("<p>").Append(Encode($"{view.Cost.Words} {Whole(emotion.Classes.Positive)} clips against {Whole(emotion.Classes.Negative)} others, {Whole(emotion.Folds)} folds, "
            + $"whose own K* are {string.Join(", ", emotion.Chosen.ByFold.Select(Whole))}; each fold at its own, balanced accuracy is {Score(emotion.Chosen.BalancedAccuracy, emotion.Chosen.Ci95)}. "
            + $"Attributions miss the change of the logit that they explain by {Number(100 * emotion.RelativeGap, "0.###", "%")}.")).Append("</p>\n");
        html.Append("<div class=\"pair\">\n<figure>\n").Append(FaceOnPage.Heading($"{emotion.Name}: relevance of landmarks")).Append(FaceOnPage.Large(run.Topology, emotion.Name, emotion.Ranking, scale, [.. view.Kept == view.All ? [] : view.Landmarks]));
        html.Append(FaceControls(view)).Append("<figcaption>").Append(FaceOnPage.Legend(scale));
        html.Append("<p class=\"note\">Seen from the front: the subject's right is on the left. Larger and brighter means more relevant, averaged over folds. Rings: the landmarks of the saved model; ");
        html.Append("at other stages those that most folds keep. A ring is fainter the fewer folds keep its landmark. ");
        html.Append("Point at a landmark, or go from one to the next with the arrow keys, for its name and ranks; motion is shown one and a half times its size.</p></figcaption>\n</figure>\n");
        html.Append("<div class=\"drawings\">\n");
        Draw(html, Figures.Accuracy(view), "accuracy", "balanced accuracy by landmarks kept");
        Draw(html, Figures.CostOf(view), "cost", "cost of a clip by landmarks kept");
        Draw(html, Figures.SignedFace(run, view), "signed", "what landmarks add to the logit");
        if (Figures.Time(run, view) is { } time) Draw(html, time, "map", "what landmarks add to the logit, frame by frame");
        if (view.Regions.Count > 0) Draw(html, Figures.Regions(view), "regions", "relevance of regions");
        if (Figures.Roc(view) is { } roc) Draw(html, roc, "roc", "recall against false alarms");
        if (Figures.PrecisionRecall(view) is { } precision) Draw(html, precision, "pr", "precision against recall");
        html.Append("</div>\n</div>\n<div class=\"pair\">\n<div class=\"rest\">").Append(RegionTable(view)).Append("</div>\n<div class=\"rest\">").Append(Confusion(view, run.Result.Clips)).Append("</div>\n</div>\n");
        html.Append(Best(emotion.Name, emotion.Ranking, view.Landmarks)).Append(Truth(emotion)).Append(Stages(view)).Append(Differences(view)).Append(Folds(emotion)).Append("</section>\n");

        void Draw(StringBuilder page, Drawing drawing, string kind, string shows) => page.Append(drawing.Inline(kind, $"{emotion.Name}: {shows}"));
    }

    private static string SideBySide(RunView run) => run.Emotions.Count < 2
        ? ""
        : $"<div class=\"pair\">\n{Figures.Faces(run).Inline("faces", "Relevance of landmarks for every emotion, on one scale")}{Figures.SignedFaces(run).Inline("faces", "What landmarks add to the logit of every emotion, on one scale")}</div>\n";

    // Shown by the script, which they need.
    private static string FaceControls(EmotionView view)
    {
        int stages = view.Stages.Count(), chosen = view.Stages.ToList().IndexOf(view.Kept);
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
}
