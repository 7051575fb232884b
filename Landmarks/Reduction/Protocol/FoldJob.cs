using System.Globalization;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Statistics;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// The reduction protocol for one emotion and one outer fold: rank on the training clips, keep ever fewer, retrain, test;
/// choose K* by an inner validation among the training subjects; run the controls at every K.
/// </summary>
internal sealed class FoldJob(FeatureSet features, ReductionOptions options, IReadOnlyList<int> stages, string emotion, int number, Fold fold, IReadOnlyList<Point3>? face = null)
{
    public string Emotion => emotion;

    public int Number => number;

    /// <summary>Adds what other emotions keep in the same fold as a control.</summary>
    public FoldOutcome Swap(Network network, FoldOutcome outcome, IReadOnlyList<FoldOutcome> others) =>
        new Controls(options, stages, face).Swapped(network, Data(), outcome, others, SeedFor(0));

    public FoldOutcome Run(Network network, WorkWatch watch)
    {
        ClipAttributions attributions = new(fold.Test.Count, features);
        FoldData data = Data(attributions);
        ulong seed = SeedFor(0);
        Descent descent = Descent.Run(network, data, stages, options.ExplainingNetworks, options.Rerank, seed, watch.Step);
        Ranking ranking = descent.First!;
        InnerValidation validation = Validate(network, watch);
        Calibration[] calibrations = [.. stages.Select((_, s) => validation.Calibrate(s))];

        watch.Step("controls");
        Dictionary<string, int[][][]> controls = new Controls(options, stages, face).Sets(network, data, descent.Selected?.Order ?? ranking.Order, SeedFor);
        List<StageOutcome> outcomes = [];
        for (int s = 0; s < stages.Count; s++)
        {
            watch.Step($"controls, stage {s + 1} of {stages.Count}, {stages[s]} landmarks");
            Dictionary<string, double[][]> compared = [];
            if (s > 0)
            {
                // Controls share the stage's calibration: it depends on how many landmarks there are, hardly on which.
                foreach ((string name, int[][][] draws) in controls)
                    compared[name] = [.. draws.Select(kept => calibrations[s].Apply(network.TrainAndTest(data, kept[s - 1], seed).Logits))];
            }

            (int[] kept, StageTest test) = descent.Stages[s];
            outcomes.Add(new StageOutcome { Kept = kept, Logits = calibrations[s].Apply(test.Logits), Raw = test.Logits, TrainSeconds = test.TrainSeconds, Controls = compared, Calibration = calibrations[s] });
        }

        return new FoldOutcome
        {
            Emotion = emotion,
            Fold = number,
            Clips = [.. fold.Test],
            Relevance = descent.Selected?.Relevance ?? ranking.Scores(features.Points),
            Signed = descent.Selected?.Aligned ?? ranking.Signed(features.Points),
            Absolute = ranking.Absolute(features.Points),
            Nulls = Nulls(network, data, watch),
            TimeMap = ranking.TimeMap,
            SignedTimeMap = ranking.SignedTimeMap,
            Attributions = attributions.ToBytes(),
            RelativeGap = ranking.RelativeGap,
            Stages = [.. outcomes],
            Chosen = validation.Choose(),
            InnerLosses = validation.Losses(),
            Regions = [.. descent.Selected?.Regions ?? []],
            ControlHeads = controls.ToDictionary(c => c.Key, c => c.Value.Select(kept => kept[^1]).ToArray()),
        };
    }

    // Networks trained on labels permuted over the whole data, the same in every fold: the mean over folds is then one draw of the whole pipeline.
    private double[][] Nulls(Network network, FoldData data, WorkWatch watch) => [.. Enumerable.Range(0, options.Nulls).Select(n =>
    {
        watch.Step($"permuted labels {n + 1} of {options.Nulls}");
        FeatureSet permuted = features with { Labels = LabelPermutation.Deal(features.Labels, features.Subjects, options.Seed + (ulong)n) };
        FoldData nothing = new(permuted, emotion, [.. fold.Train], []);
        return HasBoth(nothing.TrainTargets) ? network.Relabelled(data, nothing, SeedFor(2000 + n)) : new double[features.Points];
    })];

    // Each inner fold ranks for itself, on its own training clips: a ranking that has seen the validation clips would flatter
    // small K. The validation's logits also calibrate every stage.
    private InnerValidation Validate(Network network, WorkWatch watch)
    {
        string[] subjects = [.. fold.Train.Select(i => features.Subjects[i])];
        string[] labels = [.. fold.Train.Select(i => features.Labels[i])];
        string groups = Math.Min(options.InnerFolds, subjects.Distinct().Count()).ToString(CultureInfo.InvariantCulture);
        InnerValidation validation = new(stages.Count);
        IReadOnlyList<Fold> splits = [.. SubjectFolds.Split(subjects, labels, groups, options.Seed)];
        for (int i = 0; i < splits.Count; i++)
        {
            Fold split = splits[i];
            string inner = $"inner fold {i + 1} of {splits.Count}";
            FoldData data = new(features, emotion, [.. split.Train.Select(c => fold.Train[c])], [.. split.Test.Select(c => fold.Train[c])]);
            if (!HasBoth(data.TrainTargets) || !HasBoth(data.TestTargets)) continue;
            ulong seed = SeedFor(1000 + validation.Folds);
            Descent descent = Descent.Run(network, data, stages, network.Selects ? 0 : options.InnerRankingSeeds, options.Rerank, seed, step => watch.Step($"{inner}, {step}"));
            validation.Add([.. descent.Stages.Select(stage => stage.Test.Logits)], data.TestTargets);
        }

        return validation;
    }

    private FoldData Data(ClipAttributions? attributions = null) => new(features, emotion, [.. fold.Train], [.. fold.Test]) { Explained = attributions };

    private static bool HasBoth(float[] targets) => targets.Any(t => t > 0.5f) && targets.Any(t => t <= 0.5f);

    // One number for every use, a function of what it is for and not of the order in which folds are worked on.
    private ulong SeedFor(int use)
    {
        ulong hash = 14695981039346656037UL ^ options.Seed;
        foreach (char c in emotion) hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (ulong)number) * 1099511628211UL;
        hash = (hash ^ (ulong)use) * 1099511628211UL;
        return hash ^ (hash >> 29);
    }
}
