using System.Diagnostics;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Statistics;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Turns the folds of an emotion into its result.</summary>
internal sealed class Summary(LandmarkSet set, FeatureSet features, ReductionOptions options, IReadOnlyList<int> stages)
{
    private const int TimedRuns = 200;

    public EmotionResult Summarise(string emotion, IReadOnlyList<FoldOutcome> folds, IBackend backend)
    {
        int[] clips = [.. folds.SelectMany(f => f.Clips)];
        float[] targets = [.. clips.Select(c => features.Labels[c] == emotion ? 1f : 0f)];
        string[] subjects = [.. clips.Select(c => features.Subjects[c])];
        double[] chosenLogits = [.. folds.SelectMany(f => f.Stages[f.Chosen].Logits)];
        Metrics chosen = Metrics.Of(chosenLogits, targets);
        int[] byFold = [.. folds.Select(f => stages[f.Chosen])];
        return new EmotionResult
        {
            Name = emotion,
            Classes = new ClassCounts(targets.Count(t => t > 0.5f), targets.Count(t => t <= 0.5f)),
            Folds = folds.Count,
            Stages = [.. stages.Select((_, s) => Stage(s, folds, targets, subjects, backend))],
            Chosen = new ChosenResult
            {
                Landmarks = byFold.Order().ElementAt((byFold.Length - 1) / 2),
                ByFold = byFold,
                BalancedAccuracy = chosen.BalancedAccuracy,
                Accuracy = chosen.Accuracy,
                Auc = chosen.Auc,
                F1 = chosen.F1,
                Ci95 = Interval(chosenLogits, targets, subjects),
                Logits = chosenLogits,
            },
            Ranking = Ranking(folds),
            TimeProfile = features.OverTime([.. Enumerable.Range(0, features.Time).Select(t => Enumerable.Range(t * features.Points, features.Points).Sum(i => folds.Average(f => f.TimeMap[i])))]),
            TimeMap = OverTime(folds, f => f.TimeMap),
            SignedTimeMap = OverTime(folds, f => f.SignedTimeMap),
            RelativeGap = folds.Average(f => f.RelativeGap),
            Targets = [.. targets.Select(t => (int)t)],
            ByFold = [.. folds.Select(f => Fold(emotion, f))],
            Motion = Motion(emotion),
            Truth = Precision(emotion, folds),
        };
    }

    private StageResult Stage(int s, IReadOnlyList<FoldOutcome> folds, float[] targets, string[] subjects, IBackend backend)
    {
        double[] logits = [.. folds.SelectMany(f => f.Stages[s].Logits)];
        Metrics metrics = Metrics.Of(logits, targets);

        // As many landmarks as a fold keeps: fewer than the stage's limit, where whole regions go.
        int kept = folds.Select(f => f.Stages[s].Kept.Length).Order().ElementAt(folds.Count / 2);
        using Classifier classifier = (options.NetworkOf(kept, features.Dimensions) with { Networks = options.Networks }).Build(backend, features.Time, kept * features.Dimensions, options.Seed);
        Dictionary<string, ControlResult> controls = [];
        foreach (string name in folds[0].Stages[s].Controls.Keys)
        {
            Metrics[] draws = [.. Enumerable.Range(0, folds[0].Stages[s].Controls[name].Length)
                .Select(d => Metrics.Of([.. folds.SelectMany(f => f.Stages[s].Controls[name][d])], targets))];
            controls[name] = new ControlResult(draws.Average(m => m.BalancedAccuracy), draws.Average(m => m.Auc));
        }

        return new StageResult
        {
            Landmarks = stages[s],
            BalancedAccuracy = metrics.BalancedAccuracy,
            Accuracy = metrics.Accuracy,
            Auc = metrics.Auc,
            F1 = metrics.F1,
            Ci95 = Interval(logits, targets, subjects),
            Parameters = classifier.ParameterCount,
            MacsPerClip = classifier.MultiplyAdds,
            ModelBytes = classifier.StoredCount * sizeof(float),
            MicrosecondsPerClip = MedianMicroseconds(classifier),
            TrainSeconds = Median([.. folds.Select(f => f.Stages[s].TrainSeconds)]),
            Controls = controls,
            KeptByFolds = [.. Enumerable.Range(0, features.Points).Select(i => folds.Count(f => f.Stages[s].Kept.Contains(i)))],
            Logits = logits,
        };
    }

    private FoldResult Fold(string emotion, FoldOutcome fold)
    {
        float[] targets = [.. fold.Clips.Select(c => features.Labels[c] == emotion ? 1f : 0f)];
        double Accuracy(int stage) => targets.Distinct().Count() < 2 ? double.NaN : Metrics.Of(fold.Stages[stage].Logits, targets).BalancedAccuracy;
        return new FoldResult(
            [.. fold.Clips.Select(c => features.Subjects[c]).Distinct().Order(StringComparer.Ordinal)], fold.Clips.Length, stages[fold.Chosen], Accuracy(0), Accuracy(fold.Chosen), fold.RelativeGap)
        {
            Kept = [.. fold.Stages[fold.Chosen].Kept.Order()],
            InnerLosses = fold.InnerLosses,
            Regions = fold.Regions,
            Relevance = fold.Relevance,
            Signed = fold.Signed,
        };
    }

    // [frame, landmark]: the mean over folds, moments of several series together.
    private double[] OverTime(IReadOnlyList<FoldOutcome> folds, Func<FoldOutcome, double[]> map)
    {
        double[] means = [.. Enumerable.Range(0, features.Time * features.Points).Select(i => folds.Average(f => map(f)[i]))];
        double[][] frames = [.. Enumerable.Range(0, features.Points).Select(p => features.OverTime([.. Enumerable.Range(0, features.Time).Select(t => means[(t * features.Points) + p])]))];
        return [.. Enumerable.Range(0, features.Frames).SelectMany(t => frames.Select(f => f[t]))];
    }

    // For pictures: nothing that is learnt from this is tested.
    private double[] Motion(string emotion)
    {
        int[] clips = [.. Enumerable.Range(0, features.Clips).Where(i => features.Labels[i] == emotion)];
        double[] mean = new double[features.Frames * features.Points * 2];
        float[] room = new float[features.Values.Length];
        foreach (int clip in clips)
        {
            ReadOnlySpan<float> values = features.Values.Of(clip, room);
            for (int i = 0; i < mean.Length; i++) mean[i] += values[(i / 2 * features.Dimensions) + (i % 2)] / (double)clips.Length;
        }

        return mean;
    }

    private double[] Interval(double[] logits, float[] targets, string[] subjects) =>
        Bootstrap.BalancedAccuracy(logits, targets, subjects, options.BootstrapSamples, options.Seed);

    private RankedLandmark[] Ranking(IReadOnlyList<FoldOutcome> folds)
    {
        int points = features.Points;
        double[] relevance = [.. Enumerable.Range(0, points).Select(i => folds.Average(f => f.Relevance[i]))];
        int[][] ranks = [.. folds.Select(f => Ranks(LandmarkScores.Order(f.Relevance)))];
        (double Mean, double Z, double P)[]? nulls = folds[0].Nulls.Length < 2 ? null : MaxNull.Of(
            [.. Enumerable.Range(0, points).Select(i => folds.Average(f => f.Absolute[i]))],
            [.. Enumerable.Range(0, folds[0].Nulls.Length).Select(n => Enumerable.Range(0, points).Select(i => folds.Average(f => f.Nulls[n][i])).ToArray())]);
        return [.. LandmarkScores.Order(relevance).Select(i => new RankedLandmark
        {
            Landmark = i,
            Name = set.Topology.Names[i],
            Region = set.Topology.Regions[i],
            Relevance = relevance[i],
            Signed = folds.Average(f => f.Signed[i]),
            NullRelevance = nulls?[i].Mean,
            Z = nulls?[i].Z,
            P = nulls?[i].P,
            RankByFold = [.. ranks.Select(r => r[i])],
        })];
    }

    private PrecisionResult? Precision(string emotion, IReadOnlyList<FoldOutcome> folds)
    {
        if (set.Truth is null || !set.Truth.TryGetValue(emotion, out bool[]? truth)) return null;
        int k = Math.Min(stages[^1], truth.Count(t => t));
        if (k == 0) return null;
        Dictionary<string, double> precision = new() { ["relevance"] = folds.Average(f => Hits(LandmarkScores.Order(f.Relevance), truth, k)) };
        foreach (string name in folds[0].ControlHeads.Keys)
            precision[name] = folds.Average(f => f.ControlHeads[name].Average(head => Hits(head, truth, k)));
        return new PrecisionResult(k, truth.Count(t => t), precision);
    }

    private static double Hits(int[] order, bool[] truth, int k) => order.Take(k).Count(i => truth[i]) / (double)k;

    private static int[] Ranks(int[] order)
    {
        int[] ranks = new int[order.Length];
        for (int i = 0; i < order.Length; i++) ranks[order[i]] = i + 1;
        return ranks;
    }

    private static double MedianMicroseconds(Classifier classifier)
    {
        using Tape tape = new(classifier.Backend);
        Shape one = new(1, classifier.Time, classifier.Features);
        classifier.Logits(tape, tape.Input(one, new float[one.Length]));
        double[] times = new double[TimedRuns];
        for (int i = 0; i < TimedRuns; i++)
        {
            long start = Stopwatch.GetTimestamp();
            tape.Replay();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return Median(times);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
