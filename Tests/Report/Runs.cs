using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Tests.Report;

/// <summary>Results of runs that never were, whole enough for every part of a report.</summary>
internal static class Runs
{
    private const int Clips = 60, Folds = 4, Time = 6;

    public static ReductionResult Of(string topology)
    {
        LandmarkTopology t = LandmarkTopology.Find(topology);
        return new()
        {
            Data = new("faces.csv", topology, Clips, [], 8, new Dictionary<string, int> { ["happiness"] = 20, ["neutral"] = 40 }, Time, 2),
            Options = new Dictionary<string, object> { ["model"] = "dense", ["seed"] = 1UL },
            Origin = new("emotionxai reduce --data faces.csv", "0.1.0", "a machine"),
            Seconds = 12,
            Clips = [.. Enumerable.Range(0, Clips).Select(i => new TestedClip($"clip{i}", $"p{i * 8 / Clips}", i % 3 == 0 ? "happiness" : i % 3 == 1 ? "neutral" : "fear", 1 + (i * Folds / Clips)))],
            Primary = new(PrimaryFigure.Within, 0.01, new("all", -0.0031, [-0.0092, 0.0026], -0.4, 0.31, 0.31) { Landmarks = t.Count / 4, People = 8, Auc = 0.9401, AucAgainst = 0.9432, NotWorse = 0.021 }, "as good as all landmarks, within the margin"),
            Emotions = [Emotion("happiness", t, 1), Emotion("sadness", t, 2)],
        };
    }

    /// <summary>Eight emotions and seven stages, with logits of 440 clips, eleven folds and 16 frames: as large as a report is likely to be.</summary>
    public static ReductionResult Large(string topology)
    {
        const int People = 11, Frames = 16, Tested = 440;
        LandmarkTopology t = LandmarkTopology.Find(topology);
        ReductionResult small = Of(topology);
        EmotionResult Large(int i)
        {
            EmotionResult e = Emotion($"emotion{i}", t, i);
            double[] random = [.. Enumerable.Range(0, Frames * t.Count * 2).Select(k => Math.Sin(k * (i + 1)) / 7)];
            double[] logits = [.. Enumerable.Range(0, Tested).Select(k => 5 * Math.Sin(k * 0.7))];
            return e with
            {
                Folds = People,
                Stages = [.. Enumerable.Range(0, 7).Select(k => Stage(t.Count >> k, t.Count, [.. e.Ranking], logits))],
                Chosen = e.Chosen with { Landmarks = t.Count >> 3 },
                Saved = [.. e.Ranking.Take(t.Count >> 3).Select(r => r.Landmark).Order()],
                Ranking = [.. e.Ranking.Select(r => r with { RankByFold = [.. Enumerable.Range(0, People).Select(f => 1 + ((r.Landmark * f) % t.Count))] })],
                Targets = [.. Enumerable.Range(0, Tested).Select(k => k % 8 == 0 ? 1 : 0)],
                ByFold = [.. Enumerable.Range(0, People).Select(f => e.ByFold[f % Folds])],
                Motion = [.. random.Select((v, k) => k < 2 * t.Count ? 0 : v)],
                TimeMap = [.. random.Take(Frames * t.Count).Select(Math.Abs)],
                SignedTimeMap = [.. random.Take(Frames * t.Count)],
            };
        }

        return small with
        {
            Data = small.Data with { Time = Frames, Clips = Tested },
            Clips = [.. Enumerable.Range(0, Tested).Select(k => new TestedClip($"clip{k}", $"p{k / 40}", $"emotion{k % 8}", 1 + (k / 40)))],
            Emotions = [.. Enumerable.Range(0, 8).Select(Large)],
        };
    }

    public static Explanation Explained() => new()
    {
        Topology = "ibug68",
        Emotion = "happiness",
        Method = "integrated-gradients",
        Baseline = "typical",
        Clips = 20,
        Baselines = 7,
        MeanSteps = 16,
        IsComplete = true,
        RelativeGap = 1e-4,
        WorstClipGap = 1e-3,
        WorstRelativeGap = 1e-2,
        Ranking = Ranking(LandmarkTopology.Ibug68, 1),
        TimeProfile = [0.1, 0.2, 0.7],
        SignedTimeMap = [.. Enumerable.Range(0, 3 * 68).Select(i => (i % 5) - 2.0)],
    };

    private static EmotionResult Emotion(string name, LandmarkTopology t, int seed)
    {
        Random random = new(seed);
        RankedLandmark[] ranking = Ranking(t, seed);
        int[] stages = [t.Count, t.Count / 4, t.Count / 8], targets = [.. Enumerable.Range(0, Clips).Select(i => i % 3 == 0 ? 1 : 0)];
        double[] Logits() => [.. targets.Select(y => (2 * y) - 1 + (3 * (random.NextDouble() - 0.5)))];
        return new()
        {
            Name = name,
            Classes = new(20, 40),
            Folds = Folds,
            Stages = [.. stages.Select(k => Stage(k, t.Count, ranking, Logits()))],
            Chosen = new() { Landmarks = stages[1], ByFold = [stages[1], stages[1], stages[2], stages[1]], BalancedAccuracy = 0.861, Accuracy = 0.9, Auc = 0.92, F1 = 0.8, Ci95 = [0.802, 0.913], Logits = Logits() },
            Ranking = ranking,

            // Another set than the first of the ranking, and than what most folds keep.
            Saved = [.. ranking.Skip(1).Take(stages[1]).Select(r => r.Landmark).Order()],
            Differences =
            [
                new("all", -0.0123, [-0.034, 0.0057], -1.3, 0.21, 0.42) { Landmarks = stages[1], People = 8, Auc = 0.9312, AucAgainst = 0.9435, NotWorse = 0.37 },
                new("random", 0.0432, [0.0211, 0.0654], 3.3, 0.004, 0.008) { Landmarks = stages[1], People = 8, Auc = 0.9312, AucAgainst = 0.888 },
                new("motion", 0.0234, [-0.0022, 0.0501], 1.7, 0.09, 0.18) { Landmarks = stages[1], People = 8, Auc = 0.9312, AucAgainst = 0.9078 },
            ],
            TimeMap = [.. Enumerable.Range(0, Time).SelectMany(f => ranking.OrderBy(r => r.Landmark).Select(r => r.Relevance * (f + 1) / 21))],
            SignedTimeMap = [.. Enumerable.Range(0, Time).SelectMany(f => ranking.OrderBy(r => r.Landmark).Select(r => r.Signed * (f + 1) / 21))],
            TimeProfile = [0.1, 0.1, 0.2, 0.3, 0.2, 0.1],
            RelativeGap = 1e-4,
            Targets = targets,
            ByFold = [.. Enumerable.Range(0, Folds).Select(f => new FoldResult([$"p{2 * f}", $"p{(2 * f) + 1}"], Clips / Folds, stages[1], 0.88, 0.86, 1e-4)
            {
                Kept = [.. ranking.Take(stages[1]).Select(r => r.Landmark).Order()],
                InnerLosses = [0.5, 0.4, 0.6],
                Relevance = [.. ranking.OrderBy(r => r.Landmark).Select(r => r.Relevance * (1 + (0.1 * (f - 1.5))))],
                Signed = [.. ranking.OrderBy(r => r.Landmark).Select(r => r.Signed)],
            })],
            Motion = [.. Enumerable.Range(0, Time * t.Count * 2).Select(i => i / (t.Count * 2) * 0.02)],
        };
    }

    private static StageResult Stage(int kept, int all, RankedLandmark[] ranking, double[] logits)
    {
        int[] folds = new int[all];
        for (int i = 0; i < kept; i++) folds[ranking[i].Landmark] = Folds - (i % 2);
        return new()
        {
            Landmarks = kept,
            BalancedAccuracy = 0.8 + (0.1 * kept / all),
            Accuracy = 0.9,
            Auc = 0.93,
            F1 = 0.8,
            Ci95 = [0.75, 0.95],
            Parameters = kept * 100,
            MacsPerClip = kept * 1000,
            ModelBytes = kept * 400,
            MicrosecondsPerClip = 3 + (kept * 0.1),
            TrainSeconds = 0.1,
            Controls = kept == all ? [] : new Dictionary<string, ControlResult> { ["random"] = new(0.79, 0.85 - (kept / 10_000.0)), ["motion"] = new(0.77, 0.83) },
            KeptByFolds = folds,
            Logits = logits,
        };
    }

    private static RankedLandmark[] Ranking(LandmarkTopology t, int seed)
    {
        int[] order = [.. Enumerable.Range(0, t.Count)];
        new Random(seed).Shuffle(order);
        return [.. order.Select((landmark, i) => new RankedLandmark
        {
            Landmark = landmark,
            Name = t.Names[landmark],
            Region = t.Regions[landmark],
            Relevance = 2.0 * (t.Count - i) / (t.Count * (t.Count + 1.0)),
            Signed = i % 2 == 0 ? 0.1 : -0.1,
            RankByFold = [i + 1, i + 1, Math.Max(1, i), i + 1],
        })];
    }
}
