using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis.Graded;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Synthesis;

/// <summary>Each graded case is what it says: its evidence tells new people apart, the rest does not, and what it is hard by is there.</summary>
public sealed class GradedFacesTests
{
    // 240 clips of new people: the standard deviation of a chance AUC is sqrt((n + m + 1) / (12 n m)) = 0.037.
    private const double ChanceDeviation = 0.0373;

    public static TheoryData<GradedKind> Kinds => [.. Enum.GetValues<GradedKind>().Where(k => k != GradedKind.Nothing)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Evidence_tells_new_people_apart_and_the_rest_does_not(GradedKind kind)
    {
        GradedOptions options = new() { Kind = kind, People = 20, Clips = 4 };
        GradedCase found = GradedFaces.Generate(options);
        Probe probe = new(found.Set);
        double oracle = probe.Auc(found.Truth.Oracle(8)), rest = probe.Auc([.. probe.Where(found.Truth.Evidence, false)]);
        Assert.True(oracle > 0.75, $"oracle {oracle}");
        Assert.InRange(rest, 0.5 - (4 * ChanceDeviation), 0.5 + (4 * ChanceDeviation));
        Assert.True(oracle > probe.Auc([.. found.Truth.Oracle(1)]), "one landmark tells less than eight");

        GradedCase nothing = GradedFaces.Generate(options with { Intensity = 0 });
        double zero = new Probe(nothing.Set).Auc([.. probe.Where(found.Truth.Evidence, true)]);
        Assert.InRange(zero, 0.5 - (4 * ChanceDeviation), 0.5 + (4 * ChanceDeviation));
        Assert.DoesNotContain(true, nothing.Truth.Evidence);
        Assert.Empty(nothing.Truth.Oracle(8));
    }

    [Fact]
    public void A_mesh_case_has_evidence_too()
    {
        GradedCase mesh = GradedFaces.Generate(new GradedOptions { Topology = LandmarkTopology.MediaPipe468, NewPeople = 30 });
        Probe probe = new(mesh.Set);
        Assert.True(probe.Auc(mesh.Truth.Oracle(8)) > 0.75);
        Assert.Equal(3, mesh.Truth.Units.Count);
        Assert.Equal(1, mesh.Truth.Coverage(mesh.Truth.Oracle(8)));
        Assert.Equal(0, mesh.Truth.Coverage([]));
    }

    /// <summary>A turned head hides the evidence from faces aligned in the plane, and not from those aligned in space.</summary>
    [Fact]
    public void Heads_of_pictures_turn_and_depth_tells_how()
    {
        GradedOptions options = new() { Kind = GradedKind.Plain, People = 20, Clips = 4, Frames = 1, Turn = 15, Depth = true };
        GradedCase turned = GradedFaces.Generate(options);
        Assert.All(turned.Set.Clips, c => Assert.Equal((1, 3), (c.Frames, c.Dimensions)));
        double eyes = Spread(turned.Set, Alignment.PerFrame), anchors = Spread(turned.Set, Alignment.Rigid), facing = Spread(GradedFaces.Generate(options with { Turn = 0 }).Set, Alignment.Rigid);
        Assert.True(anchors < 0.7 * eyes, $"{anchors} and {eyes}");
        Assert.InRange(anchors, 0.8 * facing, 1.3 * facing);

        // Mean standard deviation of x and y.
        static double Spread(LandmarkSet set, Alignment alignment)
        {
            FeatureSet features = new Preprocessor(new PreprocessingOptions { Alignment = alignment, Features = "positions", Use3D = true }).Apply(set);
            float[] values = features.Values.ToArray();
            int width = values.Length / features.Clips;
            double sum = 0;
            for (int i = 0; i < width; i++)
            {
                if (i % 3 == 2) continue;
                double[] column = [.. Enumerable.Range(0, features.Clips).Select(c => (double)values[(c * width) + i])];
                double mean = column.Average();
                sum += Math.Sqrt(column.Average(v => (v - mean) * (v - mean))) / width * 1.5;
            }

            return sum;
        }
    }

    [Fact]
    public void A_head_turns_by_no_more_than_half_a_right_angle() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GradedFaces.Generate(new GradedOptions { Turn = 46 }));

    /// <summary>What moves most says least: by mere motion the first eight landmarks hold less evidence than chance gives.</summary>
    [Fact]
    public void Amplitude_is_not_information()
    {
        GradedCase noise = GradedFaces.Generate(new GradedOptions());
        double[] motion = Motion(noise.Set, noise.Set.Clips);
        int[] first = [.. LandmarkScores.Order(motion).Take(8)];
        Assert.All(first, i => Assert.DoesNotContain(noise.Truth.Units, u => u.Contains(i)));
        Assert.True(first.Count(i => noise.Truth.Evidence[i]) <= 8 * noise.Truth.Evidence.Count(e => e) / 68.0);
    }

    [Fact]
    public void Copies_say_no_more_than_one_and_take_the_oracle_only_once()
    {
        GradedCase redundant = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Redundant, People = 20, Clips = 4 });
        Probe probe = new(redundant.Set);
        double copies = probe.Auc([.. redundant.Truth.Units[0].Take(8)]), oracle = probe.Auc(redundant.Truth.Oracle(8));
        Assert.True(redundant.Truth.Units[0].Count > 8);
        Assert.True(oracle > copies + 0.05, $"oracle {oracle}, eight copies {copies}");
        Assert.Equal(1, redundant.Truth.Coverage(redundant.Truth.Oracle(3)));
    }

    [Fact]
    public void Suppressors_say_nothing_alone_and_help_others()
    {
        GradedCase covered = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Suppressor, People = 40, Clips = 5 });
        int[] oracle = covered.Truth.Oracle(8);
        int[] suppressors = [.. oracle.Where(i => new GradedPlan(new GradedOptions { Kind = GradedKind.Suppressor }).Sources.Where(s => s.Effect != 0).All(s => !s.Moves(i)))];
        Assert.NotEmpty(suppressors);
        Probe probe = new(covered.Set);
        Assert.InRange(probe.Auc(suppressors), 0.5 - (4 * ChanceDeviation), 0.5 + (4 * ChanceDeviation));
        double without = probe.Auc([.. oracle.Except(suppressors)]), with = probe.Auc(oracle);
        Assert.True(with > without + 0.02, $"{with} with, {without} without");
    }

    [Fact]
    public void Either_part_of_a_conjunction_says_nothing()
    {
        GradedCase both = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Conjunction, People = 20, Clips = 4 });
        Probe probe = new(both.Set);
        foreach (IReadOnlyList<int> unit in both.Truth.Units)
            Assert.InRange(probe.Auc([.. unit]), 0.5 - (4 * ChanceDeviation), 0.5 + (4 * ChanceDeviation));
    }

    /// <summary>How far a landmark goes is alike in both classes; only when differs.</summary>
    [Fact]
    public void Order_is_in_no_amplitude()
    {
        GradedCase order = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Order });
        LandmarkClip[] clips = [.. order.Set.Clips.Where(c => GradedCase.IsNew(c.Subject))];
        float[] targets = [.. clips.Select(c => c.Label == GradedCase.Signal ? 1f : 0f)];
        foreach (IReadOnlyList<int> unit in order.Truth.Units)
        {
            double[] farthest = [.. clips.Select(c => unit.Average(i => Enumerable.Range(0, c.Frames).Max(t => double.Hypot(c.Point(t, i)[0] - c.Point(0, i)[0], c.Point(t, i)[1] - c.Point(0, i)[1]))))];
            Assert.InRange(Metrics.Of(farthest, targets).Auc, 0.5 - (4 * ChanceDeviation), 0.5 + (4 * ChanceDeviation));
        }
    }

    /// <summary>A training person's own landmarks part its clips; in new people nobody's do.</summary>
    [Fact]
    public void A_private_cue_is_true_of_its_person_alone()
    {
        GradedCase cue = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.PrivateCue, Clips = 5, NewClips = 5, NewPeople = 12 });
        double own = 0, strangers = 0;
        foreach (IGrouping<string, LandmarkClip> person in cue.Set.Clips.GroupBy(c => c.Subject))
        {
            LandmarkClip[] clips = [.. person];
            double[] signal = Motion(cue.Set, clips.Where(c => c.Label == GradedCase.Signal)), rest = Motion(cue.Set, clips.Where(c => c.Label == GradedCase.Rest));
            double most = Enumerable.Range(0, 68).Where(i => !cue.Truth.Evidence[i]).Max(i => Math.Abs(signal[i] - rest[i]));
            if (GradedCase.IsNew(person.Key)) strangers += most / 12;
            else own += most / 12;
        }

        Assert.True(own > 1.3 * strangers, $"{own} and {strangers}");
    }

    [Fact]
    public void Same_seed_same_bits_and_new_people_are_the_same_for_any_number_to_learn_from()
    {
        GradedOptions options = new() { People = 3, Clips = 1, NewPeople = 2, Frames = 8 };
        LandmarkSet a = GradedFaces.Generate(options).Set, b = GradedFaces.Generate(options).Set;
        LandmarkSet other = GradedFaces.Generate(options with { Seed = 2 }).Set, more = GradedFaces.Generate(options with { People = 5, Clips = 2 }).Set;
        Assert.Equal(6 + 8, a.Clips.Count);
        foreach ((LandmarkClip x, LandmarkClip y) in a.Clips.Zip(b.Clips)) Assert.Equal(x.Coordinates, y.Coordinates);
        Assert.NotEqual(a.Clips[0].Coordinates, other.Clips[0].Coordinates);
        foreach (LandmarkClip clip in a.Clips) Assert.Equal(clip.Coordinates, more.Clips.Single(c => c.Name == clip.Name).Coordinates);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GradedFaces.Generate(new GradedOptions { People = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradedFaces.Generate(new GradedOptions { Clips = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradedFaces.Generate(new GradedOptions { Intensity = double.NaN }));
    }

    // [landmark]: the mean distance from the first frame.
    private static double[] Motion(LandmarkSet set, IEnumerable<LandmarkClip> clips)
    {
        LandmarkClip[] all = [.. clips];
        return [.. Enumerable.Range(0, set.Topology.Count).Select(i => all.Average(c => Enumerable.Range(1, c.Frames - 1).Average(t =>
            double.Hypot(c.Point(t, i)[0] - c.Point(0, i)[0], c.Point(t, i)[1] - c.Point(0, i)[1]))))];
    }

    /// <summary>A small random network trained on the people to learn from, judged on the new ones.</summary>
    private sealed class Probe
    {
        private static readonly ReductionOptions s_options = new()
        {
            Model = new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [96], Activation = Activation.Tanh },
            Preprocessing = new PreprocessingOptions { Frames = 12, Features = "displacement" },
        };

        private readonly FoldData _data;

        public Probe(LandmarkSet set)
        {
            FeatureSet features = new Preprocessor(s_options.Preprocessing).Apply(set);
            ILookup<bool, int> clips = Enumerable.Range(0, features.Clips).ToLookup(i => GradedCase.IsNew(features.Subjects[i]));
            _data = new FoldData(features, GradedCase.Signal, [.. clips[false]], [.. clips[true]]);
        }

        public IEnumerable<int> Where(IReadOnlyList<bool> evidence, bool value) => _data.All.Where(i => evidence[i] == value);

        public double Auc(int[] landmarks)
        {
            using CpuBackend backend = new(1);
            Network network = new(backend, s_options, new KeepRule(), null, new WorkWatch("", 0, 1, (_, _) => { }), TestContext.Current.CancellationToken);
            return Metrics.Of(network.TrainAndTest(_data, landmarks, 1).Logits, _data.TestTargets).Auc;
        }
    }
}
