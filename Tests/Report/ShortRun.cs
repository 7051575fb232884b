using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Tests.Report;

/// <summary>What a run writes, whole but short: a change somewhere in it should hit what matters.</summary>
internal static class ShortRun
{
    public static ReductionResult Of()
    {
        ReductionResult run = Runs.Of("ibug68");
        EmotionResult emotion = run.Emotions[0];
        return run with
        {
            Clips = [.. run.Clips.Take(2)],
            Emotions =
            [
                emotion with
                {
                    Ranking = [.. emotion.Ranking.Take(3)],
                    Motion = [],
                    Targets = [0, 1],
                    ByFold = [.. emotion.ByFold.Take(1)],
                    Stages = [.. emotion.Stages.Take(2).Select(s => s with { KeptByFolds = [], Logits = [1, 2] })],
                    Chosen = emotion.Chosen with { Logits = [1, 2], ByFold = [17] },
                    Differences = [new("all", 0.1, [0, 0.2], 1, 0.05, 0.1)],
                },
            ],
            Together = new(["a", "b"], 2, 0.5, 0.5, [[1, 0], [0, 1]], [[1, 0], [0, 1]]),
        };
    }

    public static Explanation Explained() => Runs.Explained() with { Ranking = [.. Runs.Explained().Ranking.Take(3)], SignedTimeMap = [.. Runs.Explained().SignedTimeMap.Take(9)] };

    public static RunStatus Status() => new(
        true, new("faces.csv", "ibug68", ["happiness"], [68, 32], 5, new DateTime(2026, 11, 24, 0, 0, 0, DateTimeKind.Utc)), new(1, 5, 0.2, 10, 40, [new("happiness", 1, "ranking", 0.5, 0.3)], null));

    public static FoldOutcome Outcome() => new()
    {
        Emotion = "happiness",
        Fold = 0,
        Clips = [0, 1],
        Relevance = [0.5, 0.3, 0.2],
        Signed = [0.1, 0.1, 0.1],
        Absolute = [0.5, 0.3, 0.2],
        Nulls = [],
        TimeMap = [0.5, 0.3, 0.2],
        SignedTimeMap = [0.1, 0.1, 0.1],
        RelativeGap = 0,
        Stages = [new() { Kept = [0, 1, 2], Logits = [1, 2], TrainSeconds = 1, Controls = [] }, new() { Kept = [0], Logits = [1, 2], TrainSeconds = 1, Controls = new() { ["random"] = [[1, 2]] } }],
        Chosen = 1,
        InnerLosses = [0.1, 0.2],
        ControlHeads = new() { ["random"] = [[1]] },
    };
}
