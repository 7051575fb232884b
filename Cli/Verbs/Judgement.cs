using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;

namespace EmotionXai.Cli.Verbs;

/// <summary>How a model judged the clips. Clips without a label are predicted, but say nothing of the accuracy.</summary>
internal sealed record Judgement(string Emotion, int Landmarks, int Of, int Clips, int Labelled, int Shown, Metrics Metrics)
{
    private bool IsMeasured => !double.IsNaN(Metrics.Auc);

    public static Judgement From(LandmarkModel model, double[] logits, IReadOnlyList<string> labels)
    {
        int[] labelled = [.. Enumerable.Range(0, logits.Length).Where(i => labels[i] != DatasetOptions.Unlabelled)];
        Metrics metrics = Metrics.Of([.. labelled.Select(i => logits[i])], [.. labelled.Select(i => labels[i] == model.Emotion ? 1f : 0f)]);
        return new(model.Emotion, model.Landmarks.Count, model.Topology.Count, logits.Length, labelled.Length, logits.Count(l => l > 0), metrics);
    }

    public string Text()
    {
        string judged = IsMeasured
            ? string.Create(CultureInfo.InvariantCulture, $"balanced accuracy {Metrics.BalancedAccuracy:0.000}, AUC {Metrics.Auc:0.000}")
            : $"{Shown} judged to show it (the labels hold {(Labelled == 0 ? "no" : "one")} class, so no accuracy)";
        return $"{Emotion}, {Landmarks} of {Of} landmarks, {Clips} clips: {judged}.";
    }

    public JsonObject Result() => new()
    {
        ["emotion"] = Emotion,
        ["landmarks"] = Landmarks,
        ["landmarks_of"] = Of,
        ["clips"] = Clips,
        ["labelled_clips"] = Labelled,
        ["judged_to_show_it"] = Shown,
        ["balanced_accuracy"] = IsMeasured ? Json.Number(Metrics.BalancedAccuracy) : null,
        ["auc"] = IsMeasured ? Json.Number(Metrics.Auc) : null,
    };
}
