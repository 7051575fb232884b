using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Tests.Cli;

/// <summary>The results of a run that never was: one emotion, 468 landmarks and 128, numbers easily told apart.</summary>
internal static class SampleRun
{
    public static ReductionResult Of(string emotion) => new()
    {
        Data = new("faces.csv", "mediapipe468", 30, [], 5, new Dictionary<string, int> { [emotion] = 10, ["neutral"] = 20 }, 16, 2),
        Options = new Dictionary<string, object> { ["model"] = "dense" },
        Seconds = 75,
        Emotions =
        [
            new()
            {
                Name = emotion,
                Classes = new(10, 20),
                Folds = 2,
                Stages = [Stage(468, 0.934, [0.9, 0.97], 1000, []), Stage(128, 0.93, [0.9, 0.96], 100, new() { ["random"] = new(0.801, 0.8) })],
                Chosen = new()
                {
                    Landmarks = 128,
                    ByFold = [128, 128],
                    BalancedAccuracy = 0.912,
                    Accuracy = 0.9,
                    Auc = 0.94,
                    F1 = 0.9,
                    Ci95 = [0.851, 0.962],
                },
                Ranking = [],
                Saved = [.. Enumerable.Range(0, 128)],
                TimeProfile = [],
                RelativeGap = 0,
                Truth = new(20, 20, new Dictionary<string, double> { ["relevance"] = 0.777, ["motion"] = 0.333 }),
            },
        ],
    };

    private static StageResult Stage(int landmarks, double accuracy, double[] interval, long multiplyAdds, Dictionary<string, ControlResult> controls) => new()
    {
        Landmarks = landmarks,
        BalancedAccuracy = accuracy,
        Accuracy = 0.9,
        Auc = 0.95,
        F1 = 0.9,
        Ci95 = interval,
        Parameters = 1,
        MacsPerClip = multiplyAdds,
        ModelBytes = 4,
        MicrosecondsPerClip = 1,
        TrainSeconds = 1,
        Controls = controls,
    };
}
