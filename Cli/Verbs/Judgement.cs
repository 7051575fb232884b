using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;

namespace EmotionXai.Cli.Verbs;

/// <summary>A clip that a model has judged.</summary>
/// <param name="Name">The clip.</param>
/// <param name="Subject">Who is seen.</param>
/// <param name="Label">What is shown, where that is known.</param>
/// <param name="Logit">Calibrated.</param>
/// <param name="TrainedOn">Whether the model was trained on this very clip.</param>
internal readonly record struct JudgedClip(string Name, string Subject, string Label, double Logit, bool TrainedOn);

/// <summary>How a model judged the clips. Clips without a label, and those that it was trained on, are judged but say nothing of the accuracy.</summary>
internal sealed record Judgement(string Emotion, int Landmarks, int Of, int Clips, int TrainedOn, int Scored, int Shown, Metrics Metrics)
{
    private bool IsMeasured => !double.IsNaN(Metrics.Auc);

    public static Judgement From(LandmarkModel model, IReadOnlyList<JudgedClip> clips)
    {
        JudgedClip[] scored = [.. clips.Where(c => !c.TrainedOn && c.Label != DatasetOptions.Unlabelled)];
        Metrics metrics = Metrics.Of([.. scored.Select(c => c.Logit)], [.. scored.Select(c => c.Label == model.Emotion ? 1f : 0f)]);
        return new(model.Emotion, model.Landmarks.Count, model.Topology.Count, clips.Count, clips.Count(c => c.TrainedOn), scored.Length, clips.Count(c => c.Logit > 0), metrics);
    }

    public string Text()
    {
        string known = TrainedOn == 0 ? "" : TrainedOn == Clips ? "; it was trained on all of them, so no accuracy" : $"; it was trained on {TrainedOn} of them, which are left out of the scores";
        string judged = IsMeasured
            ? string.Create(CultureInfo.InvariantCulture, $"balanced accuracy {Metrics.BalancedAccuracy:0.000}, AUC {Metrics.Auc:0.000}{(TrainedOn > 0 ? $" on {Scored} clips" : "")}")
            : $"{Shown} judged to show it{(TrainedOn == Clips ? "" : $" (the labels hold {(Scored == 0 ? "no" : "one")} class, so no accuracy)")}";
        return $"{Emotion}, {Landmarks} of {Of} landmarks, {Clips} clip{(Clips == 1 ? "" : "s")}: {judged}{known}.";
    }

    public JsonObject Result() => new()
    {
        ["emotion"] = Emotion,
        ["landmarks"] = Landmarks,
        ["landmarks_of"] = Of,
        ["clips"] = Clips,
        ["trained_on"] = TrainedOn,
        ["scored_clips"] = Scored,
        ["judged_to_show_it"] = Shown,
        ["balanced_accuracy"] = IsMeasured ? Json.Number(Metrics.BalancedAccuracy) : null,
        ["sensitivity"] = IsMeasured ? Json.Number((double)Metrics.TruePositives / (Metrics.TruePositives + Metrics.FalseNegatives)) : null,
        ["specificity"] = IsMeasured ? Json.Number((double)Metrics.TrueNegatives / (Metrics.TrueNegatives + Metrics.FalsePositives)) : null,
        ["auc"] = IsMeasured ? Json.Number(Metrics.Auc) : null,
    };
}
