using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Cli;

/// <summary>What <c>reduce --json</c> closes with: the numbers of the closing table. All others are in <c>results.json</c>.</summary>
internal static class ReductionJson
{
    public static JsonObject Of(string folder, ReductionResult result) => new()
    {
        ["verb"] = "reduce",
        ["out"] = folder,
        ["results"] = Path.Combine(folder, "results.json"),
        ["report"] = Path.Combine(folder, "report.html"),
        ["seconds"] = Json.Number(result.Seconds),
        ["source"] = result.Data.Source,
        ["topology"] = result.Data.Topology,
        ["clips"] = result.Data.Clips,
        ["subjects"] = result.Data.Subjects,
        ["emotions"] = Json.List(result.Emotions.Select(Emotion)),
        ["primary"] = result.Primary is { } p ? Primary(p) : null,
        ["together"] = result.Together is { } t ? new JsonObject { ["accuracy_all"] = Json.Number(t.AccuracyAll), ["accuracy"] = Json.Number(t.Accuracy), ["clips"] = t.Clips, ["landmarks"] = t.Union.Count } : null,
    };

    private static JsonObject Primary(PrimaryFigure primary) => new()
    {
        ["measure"] = primary.Measure,
        ["kept"] = Json.Number(primary.Figure.Auc),
        ["all"] = Json.Number(primary.Figure.AucAgainst),
        ["difference"] = Json.Number(primary.Figure.Difference),
        ["ci95"] = Json.List(primary.Figure.Ci95.Select(Json.Number)),
        ["people"] = primary.Figure.People,
        ["p"] = Json.Number(primary.Figure.P),
        ["margin"] = Json.Number(primary.Margin),
        ["p_not_worse"] = Json.Number(primary.Figure.NotWorse ?? double.NaN),
        ["verdict"] = primary.Verdict,
    };

    private static JsonObject Emotion(EmotionResult emotion)
    {
        StageResult all = emotion.Stages[0];
        StageResult kept = emotion.Stages.First(s => s.Landmarks == emotion.Chosen.Landmarks);
        JsonObject json = new()
        {
            ["emotion"] = emotion.Name,
            ["all"] = Stage(all.Landmarks, all.BalancedAccuracy, all.Ci95, all.Auc, all.MacsPerClip),
            ["kept"] = Stage(kept.Landmarks, emotion.Chosen.BalancedAccuracy, emotion.Chosen.Ci95, emotion.Chosen.Auc, kept.MacsPerClip),
            ["controls"] = new JsonObject(kept.Controls.Select(c => KeyValuePair.Create(c.Key, Json.Number(c.Value.BalancedAccuracy)))),
        };
        if (emotion.Truth is not null)
            json["precision"] = new JsonObject(emotion.Truth.Precision.Select(p => KeyValuePair.Create(p.Key, Json.Number(p.Value))));
        return json;
    }

    private static JsonObject Stage(int landmarks, double accuracy, IReadOnlyList<double> interval, double auc, long multiplyAdds) => new()
    {
        ["landmarks"] = landmarks,
        ["balanced_accuracy"] = Json.Number(accuracy),
        ["ci95"] = Json.List(interval.Select(Json.Number)),
        ["auc"] = Json.Number(auc),
        ["multiply_adds"] = multiplyAdds,
    };
}
