using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;

namespace EmotionXai.Cli;

/// <summary>What <c>reduce --json</c> closes with: the numbers of the closing table. All others are in <c>results.json</c>.</summary>
internal static class ReductionJson
{
    public static JsonObject Of(string folder, ReductionResult result)
    {
        RunView run = new(result);
        return new JsonObject
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
            ["says"] = Json.Words(run.Sentences),
            ["emotions"] = Json.List(run.Emotions.Select(e => Emotion(folder, e))),
            ["primary"] = result.Primary is { } p ? Primary(p) : null,
            ["together"] = result.Together is { } t ? new JsonObject { ["accuracy_all"] = Json.Number(t.AccuracyAll), ["accuracy"] = Json.Number(t.Accuracy), ["clips"] = t.Clips, ["landmarks"] = run.Union.Count } : null,
        };
    }

    private static JsonObject Emotion(string folder, EmotionView view)
    {
        JsonObject json = new()
        {
            ["emotion"] = view.Name,
            ["says"] = Json.Words(view.Sentences),
            ["model"] = Path.Combine(folder, view.ModelFile),
            ["landmarks"] = Json.List(view.Landmarks.Select(l => (JsonNode)l)),
            ["measured"] = Json.List(view.Needed.With(view.Landmarks).Select(l => (JsonNode)l)),
            ["agreement"] = Json.Number(view.Agreement),
            ["all"] = Stage(view.All.Landmarks, view.All),
            ["kept"] = Stage(view.Landmarks.Count, view.Kept),
            ["against"] = new JsonObject(view.Comparisons.Select(c => KeyValuePair.Create(c.Against, (JsonNode?)Comparison(c)))),
        };
        if (view.Result.Truth is { } truth)
            json["precision"] = new JsonObject(truth.Precision.Select(p => KeyValuePair.Create(p.Key, Json.Number(p.Value))));
        return json;
    }

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

    private static JsonObject Comparison(Comparison c) => new()
    {
        ["auc_kept"] = Json.Number(c.Kept),
        ["auc"] = Json.Number(c.Other),
        ["difference"] = Json.Number(c.Difference),
        ["ci95"] = c.Test is null ? null : Json.List(c.Test.Ci95.Select(Json.Number)),
        ["p"] = c.Test is null ? null : Json.Number(c.Test.P),
        ["p_corrected"] = c.Test is null ? null : Json.Number(c.Test.PCorrected),
        ["p_not_worse"] = c.Test?.NotWorse is double p ? Json.Number(p) : null,
        ["verdict"] = c.Verdict switch
        {
            Verdict.Better => "better",
            Verdict.Worse => "worse",
            Verdict.NoWorse => "no worse",
            Verdict.Open => "open",
            _ => "untested",
        },
    };

    private static JsonObject Stage(int landmarks, StageResult stage) => new()
    {
        ["landmarks"] = landmarks,
        ["balanced_accuracy"] = Json.Number(stage.BalancedAccuracy),
        ["ci95"] = Json.List(stage.Ci95.Select(Json.Number)),
        ["auc"] = Json.Number(stage.Auc),
        ["multiply_adds"] = stage.MacsPerClip,
        ["model_bytes"] = stage.ModelBytes,
        ["microseconds"] = Json.Number(stage.MicrosecondsPerClip),
    };
}
