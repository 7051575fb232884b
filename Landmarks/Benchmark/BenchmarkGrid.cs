using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using EmotionXai.Landmarks.Synthesis.Graded;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>The questions, as docs/protocol.md lists them. Clips are made when a task is asked for, not before.</summary>
internal static class BenchmarkGrid
{
    /// <summary>The group of the face mesh.</summary>
    public const string Mesh = "mesh";

    /// <summary>The group of action units in real clips.</summary>
    public const string Spiked = "spiked";

    /// <summary>Spoilt landmarks of a real face.</summary>
    public const int SpoiltLandmarks = 20;

    private static readonly int[] s_keep = [4, 8, 17];

    private static readonly (int People, int Clips)[] s_sizes = [(12, 3), (6, 5), (24, 2), (80, 1)], s_meshSizes = [(12, 3), (24, 2), (80, 1)];

    /// <summary>Groups of graded cases with something to find.</summary>
    public static readonly IReadOnlyList<string> GradedGroups = [.. Kinds.Select(NameOf), Mesh];

    /// <summary>Spoilt conditions: a group each.</summary>
    public static readonly IReadOnlyList<(string Group, Spoiling How, double Scale)> Spoilt =
    [
        ("jitter of 1 sd", Spoiling.Jitter, 1), ("jitter of 2 sd", Spoiling.Jitter, 2),
        ("other motion x1", Spoiling.OtherMotion, 1), ("other motion x2", Spoiling.OtherMotion, 2),
    ];

    private static IEnumerable<GradedKind> Kinds => Enum.GetValues<GradedKind>().Where(k => k != GradedKind.Nothing);

    /// <summary>A group's name.</summary>
    public static string NameOf(GradedKind kind) => kind == GradedKind.PrivateCue ? "private cue" : kind.ToString().ToLowerInvariant();

    /// <summary>The seed of a replicate: none of those that tests and examples take.</summary>
    public static ulong SeedOf(ReductionOptions options, int replicate) => (options.Seed * 1000) + 100 + (ulong)replicate;

    /// <summary>The graded cases.</summary>
    public static IEnumerable<Func<IReadOnlyList<BenchmarkTask>>> Graded(BenchmarkOptions options)
    {
        double[] intensities = options.Quick ? [1] : [0.7, 1, 1.4];
        foreach (GradedKind kind in Kinds)
            foreach ((int people, int clips) in options.Quick ? s_sizes[..1] : s_sizes)
                foreach (double intensity in intensities)
                    for (int r = 1; r <= 3; r++) yield return Case(NameOf(kind), new GradedOptions { Kind = kind, People = people, Clips = clips, Intensity = intensity, Seed = SeedOf(options.Reduction, r) });
        foreach ((int people, int clips) in options.Quick ? s_meshSizes[..1] : s_meshSizes)
            for (int r = 1; r <= (options.Quick ? 1 : 2); r++)
                yield return Case(Mesh, new GradedOptions { Topology = LandmarkTopology.MediaPipe468, People = people, Clips = clips, Seed = SeedOf(options.Reduction, r) });

        Func<IReadOnlyList<BenchmarkTask>> Case(string group, GradedOptions graded) => () =>
        {
            GradedCase made = GradedFaces.Generate(graded);
            return [BenchmarkTask.Of(group, made, new Preprocessor(options.Reduction.Preprocessing).Apply(made.Set), s_keep, graded.Seed)];
        };
    }

    /// <summary>Real clips, spoilt and spiked; nothing without real clips.</summary>
    public static IEnumerable<Func<IReadOnlyList<BenchmarkTask>>> RealCases(BenchmarkOptions options)
    {
        if (options.Real is not { } real) yield break;
        ReductionOptions reduction = options.Reduction;
        string[] emotions = [.. real.Labels.Where(l => !options.Quick || FaceSynthesizer.Emotions.Contains(l))];
        foreach ((string group, Spoiling how, double scale) in Spoilt)
        {
            if (options.Quick && scale > 1) continue;

            // All emotions see the same clips, and each is a piece of work.
            Lazy<(LandmarkTopology Topology, FeatureSet Features, IReadOnlyList<Fold> Folds, bool[] Clean)> spoilt = new(() =>
            {
                (LandmarkSet set, bool[] clean) = SpoiltPoints.Spoil(real, how, scale, SpoiltLandmarks, SeedOf(reduction, 1));
                FeatureSet features = new Preprocessor(reduction.Preprocessing).Apply(set);
                return (set.Topology, features, ReductionDriver.FoldsOf(features, reduction), clean);
            });
            foreach (string emotion in emotions)
                yield return () => [new BenchmarkTask(group, emotion, spoilt.Value.Topology, spoilt.Value.Features, emotion, spoilt.Value.Folds, [8, 17], SeedOf(reduction, 1)) { Clean = spoilt.Value.Clean }];
        }

        if (!real.Labels.Contains(options.Neutral)) yield break;
        foreach (double intensity in options.Quick ? new[] { 1.0 } : [1, 1.5])
        {
            for (int r = 1; r <= (options.Quick ? 3 : 8); r++)
            {
                ulong seed = SeedOf(reduction, r);
                yield return () =>
                {
                    GradedCase made = SpikedUnits.Spike(real, options.Neutral, intensity, seed);
                    FeatureSet features = new Preprocessor(reduction.Preprocessing).Apply(made.Set);
                    return [new BenchmarkTask(Spiked, $"{made.Name} {r}", made.Set.Topology, features, GradedCase.Signal, ReductionDriver.FoldsOf(features, reduction), [4, 8], seed) { Truth = made.Truth }];
                };
            }
        }
    }
}
