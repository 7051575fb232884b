using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>The rules that are held against each other. All see the training clips of a fold and nothing else, but the oracle, which knows the truth.</summary>
internal static class BenchmarkRules
{
    public const string All = "all", Clean = "clean", Oracle = "oracle", Random = "random", Untrained = "untrained", Fisher = "fisher";

    /// <summary>Random orders that are averaged.</summary>
    public const int RandomDraws = 3;

    /// <summary>The rows that are always there.</summary>
    public static readonly IReadOnlyList<string> Bounds = [All, Oracle, Clean, Fisher, Untrained, Random];

    /// <summary>The landmarks by Fisher score of the training clips.</summary>
    public static int[] ByFisher(FoldData data, ReductionOptions options)
    {
        TrainingSet set = new(data, data.All, options);
        return LandmarkScores.Order(LandmarkScores.Fisher(set.Data.Clips, set.Data.Targets, data.All.Length, data.Dimensions));
    }

    /// <summary>The landmarks by mean |IG| of networks that have learnt nothing.</summary>
    public static int[] ByUntrained(FoldData data, ReductionOptions options, IBackend backend, ulong seed)
    {
        TrainingSet set = new(data, data.All, options);
        (ClipRows clips, Baselines baselines) = set.Explained();
        double[] sum = new double[data.All.Length];
        for (int n = 0; n < options.RankingSeeds; n++)
        {
            using Classifier classifier = set.Build(backend, seed + (ulong)n);
            GroupRelevance relevance = new(classifier.Time, [.. Enumerable.Range(0, classifier.Features).Select(f => f / data.Dimensions)], sum.Length);
            new IntegratedGradients(options.Path).Attribute(classifier, clips, baselines, relevance);
            for (int i = 0; i < sum.Length; i++) sum[i] += relevance.Scores[i];
        }

        return LandmarkScores.Order(sum);
    }

    /// <summary>A random order.</summary>
    public static int[] ByLot(int landmarks, ulong seed, int draw)
    {
        int[] order = [.. Enumerable.Range(0, landmarks)];
        RandomOrder.Shuffle(order, new RandomKey(seed, (ulong)(draw + 1)));
        return order;
    }
}
