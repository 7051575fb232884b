using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Statistics;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What the pipeline makes of data that hold nothing to find.</summary>
/// <param name="Null"><c>labels permuted within people</c> or, where those have too few clips, <c>labels permuted over all clips</c>; or <c>noise features</c>.</param>
/// <param name="All">Balanced accuracy with all landmarks, the mean over emotions.</param>
/// <param name="Kept">The same, each fold at its K*.</param>
/// <param name="Margin">How far from one half chance may take either: 0.05, or three standard errors where the clips are few.</param>
public sealed record NullScore(string Null, double All, double Kept, double Margin)
{
    /// <summary>Whether something was found where nothing is.</summary>
    public bool Rings => Math.Abs(All - 0.5) > Margin || Math.Abs(Kept - 0.5) > Margin;
}

/// <summary>
/// A leak alarm. The whole protocol runs on two nulls, as each misses what the other finds: labels permuted
/// (<see cref="LabelPermutation"/>), and features replaced by independent noise, which exposes a selection made with the tested clips in sight. Both must score one half.
/// </summary>
public static class SelfCheck
{
    private const int Networks = 1, InnerFolds = 3;
    private const double LeastMargin = 0.05, Errors = 3;

    /// <summary>Runs both nulls. One ranking network, three inner folds, no controls; the first and last stage.</summary>
    /// <param name="set">The data.</param>
    /// <param name="options">The options of the run that is checked.</param>
    /// <param name="cancellation">Stops.</param>
    public static IReadOnlyList<NullScore> Run(LandmarkSet set, ReductionOptions options, CancellationToken cancellation = default) => Run(set, options, prepare: f => f, cancellation);

    /// <summary>The same for a pipeline that does something to all clips before they are split, which ours does not: so the alarm can be tested.</summary>
    internal static IReadOnlyList<NullScore> Run(LandmarkSet set, ReductionOptions options, Func<FeatureSet, FeatureSet> prepare, CancellationToken cancellation)
    {
        FeatureSet features = new Preprocessor(options.Preprocessing.For(options.Model.Kind)).Apply(set);
        IReadOnlyList<int> stages = options.StagesFor(set.Topology.Count);
        string[] emotions = ReductionDriver.EmotionsOf(set, options);
        return
        [
            Score(LabelPermutation.WithinPeople(features.Labels, features.Subjects) ? "labels permuted within people" : "labels permuted over all clips",
                prepare(features with { Labels = LabelPermutation.Deal(features.Labels, features.Subjects, options.Seed) })),
            Score("noise features", prepare(Noise(features, options.Seed))),
        ];

        NullScore Score(string name, FeatureSet nothing)
        {
            // A preparation may have left fewer landmarks.
            int[] kept = [nothing.Points, .. stages.Where(s => s < nothing.Points).TakeLast(1)];
            ReductionOptions quick = options with { RankingSeeds = Networks, InnerRankingSeeds = Networks, InnerFolds = InnerFolds, Controls = ControlSpec.Parse("none"), Keep = kept, Nulls = 0 };
            IReadOnlyList<Fold> folds = ReductionDriver.FoldsOf(nothing, options);
            (double All, double Kept, double Error)[] scores = [.. emotions.Select(e => Judge(nothing, quick, kept, e, folds, set, cancellation))];
            double error = Math.Sqrt(scores.Sum(s => s.Error * s.Error)) / scores.Length;
            return new NullScore(name, scores.Average(s => s.All), scores.Average(s => s.Kept), Math.Max(LeastMargin, Errors * error));
        }
    }

    private static (double All, double Kept, double Error) Judge(FeatureSet features, ReductionOptions options, int[] stages, string emotion, IReadOnlyList<Fold> folds, LandmarkSet set, CancellationToken cancellation)
    {
        KeepRule keep = features.Points == set.Topology.Count ? KeepRule.Of(options, set.Topology) : new KeepRule();
        FoldOutcome[] outcomes = new FoldOutcome[folds.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellation };
        Parallel.For(0, folds.Count, parallel, () => Backends.Create(options.Device, threads: 1), (i, _, backend) =>
        {
            WorkWatch watch = new(emotion, i, 1, (_, _) => { });
            outcomes[i] = new FoldJob(features, options, stages, emotion, i, folds[i]).Run(new Network(backend, options, keep, Selection.Selector.Of(options, set.Topology), watch, cancellation), watch);
            return backend;
        }, backend => backend.Dispose());

        float[] targets = [.. outcomes.SelectMany(o => o.Clips).Select(c => features.Labels[c] == emotion ? 1f : 0f)];
        double Accuracy(Func<FoldOutcome, int> stage) => Metrics.Of([.. outcomes.SelectMany(o => o.Stages[stage(o)].Logits)], targets).BalancedAccuracy;
        double positives = targets.Sum(), negatives = targets.Length - positives;
        return (Accuracy(_ => 0), Accuracy(o => o.Chosen), 0.5 * Math.Sqrt((0.25 / positives) + (0.25 / negatives)));
    }

    private static FeatureSet Noise(FeatureSet features, ulong seed)
    {
        using CpuBackend backend = new(1);
        using TensorScope scope = new(backend);
        Slice noise = scope.New(new Shape(features.Clips, features.Values.Length)).Data;
        backend.Random(Distribution.Normal, new RandomKey(seed, 1UL << 40), 0, noise);
        float[] values = new float[noise.Length];
        backend.Read(noise, values);
        return features with { Values = ClipRows.From(values, features.Values.Length), StackedLater = null };
    }
}
