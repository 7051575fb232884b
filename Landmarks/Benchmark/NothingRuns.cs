using EmotionXai.Engine.Backends;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Statistics;
using EmotionXai.Landmarks.Synthesis.Graded;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>Whole reductions of faces whose labels were drawn by lot: how often something is found where nothing is.</summary>
/// <param name="Runs">Reductions.</param>
/// <param name="Above">Those whose kept landmarks told people left out better than chance (one-sided sign flips over people at 0.025, each fold at its K*).</param>
/// <param name="Better">Those whose primary figure said "better than all landmarks" (two-sided, at 0.05).</param>
/// <param name="Landmarks">Those in which a landmark's relevance was told from its null (corrected, at 0.05).</param>
public sealed record NothingFound(int Runs, int Above, int Better, int Landmarks);

/// <summary>Runs them.</summary>
internal static class NothingRuns
{
    private const int People = 10, Clips = 2, InnerFolds = 3;
    private const double OneSided = 0.025, Level = 0.05;

    /// <summary>Reductions of a run.</summary>
    public static int Count(bool quick) => quick ? 40 : 200;

    /// <summary>One reduction: whether its kept landmarks are above chance, its figure better than all, and a landmark told from its null.</summary>
    public static (bool Above, bool Better, bool Landmark) Run(ReductionOptions reduction, ulong seed, IBackend backend, CancellationToken cancellation)
    {
        GradedCase nothing = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Nothing, People = People, Clips = Clips, NewPeople = 0, Seed = seed });
        ReductionOptions options = reduction with { Emotions = [GradedCase.Signal], Keep = [68, 17, 8], InnerFolds = InnerFolds, Controls = ControlSpec.Parse("none"), Seed = seed, Nulls = 19 };
        FeatureSet features = new Preprocessor(options.Preprocessing).Apply(nothing.Set);
        IReadOnlyList<int> stages = options.StagesFor(features.Points);
        FoldOutcome[] outcomes = [.. ReductionDriver.FoldsOf(features, options).Select((fold, i) =>
            new FoldJob(features, options, stages, GradedCase.Signal, i, fold).Run(RuleGround.NetworkOf(options, nothing.Set.Topology, backend, cancellation), new WorkWatch("", i, 1, (_, _) => { })))];

        int[] clips = [.. outcomes.SelectMany(o => o.Clips)];
        PersonAuc people = new(
            [.. clips.Select(c => features.Labels[c] == GradedCase.Signal ? 1f : 0f)], [.. clips.Select(c => features.Subjects[c])], [.. outcomes.SelectMany(o => o.Clips.Select(_ => o.Fold))]);
        double[] above = [.. people.Within([.. outcomes.SelectMany(o => o.Stages[o.Chosen].Logits)]).Select(a => a - 0.5)];
        PairedDifference figure = new Leads(features, [outcomes], stages, options).Primary().Figure;
        return (SignFlips.Above(above, seed) <= OneSided, figure.P <= Level && figure.Difference > 0, LandmarkFound(outcomes));
    }

    private static bool LandmarkFound(FoldOutcome[] outcomes)
    {
        double[] Mean(Func<FoldOutcome, double[]> of) => [.. of(outcomes[0]).Select((_, i) => outcomes.Average(o => of(o)[i]))];
        return MaxNull.Of(Mean(o => o.Absolute), [.. outcomes[0].Nulls.Select((_, n) => Mean(o => o.Nulls[n]))]).Any(n => n.P <= Level);
    }
}
