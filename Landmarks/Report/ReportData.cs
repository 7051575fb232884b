using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Report;

/// <summary>What the page's script draws from, as JSON. The default encoder writes &lt;, &gt; and &amp; as escapes, so it can stand in markup.</summary>
internal static class ReportData
{
    public static string Of(RunView run) =>
        Page(run.Topology, run.Result.Data.Time, IsDisplacement(run.Result, run.Topology.Count), run.Emotions.Select(e => Emotion(e, run.Topology.Count))).ToJsonString();

    public static string Of(Explanation explanation, LandmarkTopology topology) => Page(topology, explanation.TimeProfile.Count, moves: false, [new JsonObject
    {
        ["name"] = explanation.Emotion,
        ["folds"] = 0,
        ["ranking"] = Ranking(explanation.Ranking),
        ["motion"] = new JsonArray(),
        ["stages"] = new JsonArray(),
    }]).ToJsonString();

    private static JsonObject Page(LandmarkTopology topology, int time, bool moves, IEnumerable<JsonNode> emotions) => new()
    {
        ["time"] = time,
        ["moves"] = moves,
        ["names"] = List(topology.Names.Select(n => (JsonNode)n)),
        ["regions"] = List(topology.Regions.Select(r => (JsonNode)r)),
        ["neutral"] = List(topology.Neutral.Select(p => (JsonNode)new JsonArray(Math.Round(p.X, 4), Math.Round(p.Y, 4)))),
        ["edges"] = List(topology.Edges.Select(e => (JsonNode)new JsonArray(e.A, e.B))),
        ["emotions"] = List(emotions),
    };

    private static JsonObject Emotion(EmotionView e, int points)
    {
        EmotionResult emotion = e.Result;
        return new JsonObject
        {
            ["name"] = emotion.Name,
            ["folds"] = emotion.Folds,
            ["ranking"] = Ranking(emotion.Ranking),
            ["motion"] = List((emotion.Motion.Count % (2 * points) == 0 ? emotion.Motion : []).Select(v => double.IsFinite(v) ? (JsonNode?)Math.Round(v, 3) : null)),
            ["kept"] = e.Kept.Landmarks,
            ["stages"] = List(e.Stages.Select(s => Stage(s, e.LandmarksAt(s)))),
        };
    }

    private static JsonObject Stage(StageResult stage, IReadOnlyList<int> drawn) => new()
    {
        ["landmarks"] = stage.Landmarks,
        ["drawn"] = List(drawn.Select(l => (JsonNode)l)),
        ["accuracy"] = Number(stage.BalancedAccuracy),
        ["interval"] = Numbers(stage.Ci95),
        ["macs"] = stage.MacsPerClip,
        ["kept"] = List(stage.KeptByFolds.Select(k => (JsonNode)k)),
        ["controls"] = new JsonObject(stage.Controls.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)new JsonObject { ["accuracy"] = Number(c.Value.BalancedAccuracy) }))),
    };

    private static JsonArray Ranking(IEnumerable<RankedLandmark> ranking) => List(ranking.Select(r => (JsonNode)new JsonObject
    {
        ["landmark"] = r.Landmark,
        ["relevance"] = Number(r.Relevance) ?? 0,
        ["signed"] = Number(r.Signed) ?? 0,
        ["folds"] = List(r.RankByFold.Select(f => (JsonNode)f)),
    }));

    // Displacements begin at nothing and are drawn on the neutral face; places say nothing that it does not.
    private static bool IsDisplacement(ReductionResult result, int points) =>
        result.Data.Time > 1 && result.Emotions.Any(e => e.Motion.Count > 0) && result.Emotions.All(e => e.Motion.Take(2 * points).All(v => v == 0));

    private static JsonNode? Number(double value) => double.IsFinite(value) ? Math.Round(value, 5) : null;

    private static JsonArray Numbers(IEnumerable<double> values) => List(values.Select(Number));

    private static JsonArray List(IEnumerable<JsonNode?> values) => [.. values];
}
