using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Models;

/// <summary>Features as differentiable ops: the same numbers as the preprocessor's, the right derivatives, and attributions of the trajectory that add up.</summary>
public sealed class TrajectoryTests : IDisposable
{
    // Features are float32 to a model, and float64 to the ops here: some 1e-7 of their size, times their scaling of up to some 100.
    private const double Single = 1e-4;

    private static readonly int[] s_landmarks = [0, 17, 30, 36, 45, 48, 54, 66];

    private readonly ReferenceBackend _backend = new();

    public static TheoryData<string, bool, int> Lists
    {
        get
        {
            TheoryData<string, bool, int> data = [];
            foreach (string series in (string[])["positions", "displacement", "steadied"])
            {
                foreach (string descriptor in (string[])["", .. Descriptor.All.Select(d => "," + d.Name)])
                    foreach (bool sideBySide in (bool[])[false, true]) data.Add(series + descriptor, sideBySide, sideBySide ? 3 : 2);
            }

            data.Add("displacement,steadied,fourier,spread", false, 2);
            return data;
        }
    }

    public void Dispose() => _backend.Dispose();

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_network_behind_the_ops_judges_trajectories_as_it_judges_their_features(string features, bool sideBySide, int dimensions)
    {
        LandmarkSet set = Clips(dimensions, [1, 3, 9, 30]);
        using LandmarkModel model = Model(set, features, sideBySide, moments: 7);
        double[] expected = model.Logits(EmotionJudge.Features(model, set));
        for (int i = 0; i < expected.Length; i++)
        {
            FeatureFrames frames = new(set.Clips[i].Frames, 7);
            ClipTracks tracks = new(set, model.Preprocessing);
            using FeatureLayer layer = new(model, _backend, tracks.Features, frames, dimensions);
            int width = layer.Points.Count * dimensions;
            using Classifier classifier = model.Classifier.Behind(layer, frames.Used.Count, width);
            float[] values = new float[frames.Used.Count * width];
            frames.Pick(tracks.Of(set.Clips[i], out _)!, layer.Points, dimensions, values);
            using Tape tape = new(_backend);
            double logit = classifier.Logits(tape, tape.Input(new Shape(1, frames.Used.Count, width), values)).ToDoubleArray()[0];
            Assert.Equal(expected[i], logit, Single);
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void Derivatives_are_those_of_finite_differences(string features, bool sideBySide, int dimensions)
    {
        LandmarkSet set = Clips(dimensions, [9, 9]);
        using LandmarkModel model = Model(set, features, sideBySide, moments: 7);
        FeatureFrames frames = new(9, 7);
        ClipTracks tracks = new(set, model.Preprocessing);
        IReadOnlyList<int> points = FeatureLayer.PointsOf(model, tracks.Features);
        int width = points.Count * dimensions;
        float[] values = new float[2 * frames.Used.Count * width];
        for (int i = 0; i < 2; i++) frames.Pick(tracks.Of(set.Clips[i], out _)!, points, dimensions, values.AsSpan(i * values.Length / 2, values.Length / 2));
        GradientCheck.Check((tape, inputs) => new FeatureLayer(model, tape.Backend, tracks.Features, frames, dimensions).Body(tape, inputs[0]), 1e-5, new CheckedInput(new Shape(2, frames.Used.Count, width), [.. values.Select(v => (double)v)]));
    }

    [Theory]
    [InlineData("displacement,steadied,fourier", false)]
    [InlineData("displacement,spread,sorted", false)]
    [InlineData("displacement,steadied", true)]
    [InlineData("displacement,log-fourier", false)]
    public void Attributions_of_a_clip_add_up_to_its_logit_less_that_of_its_first_frame_held(string features, bool sideBySide)
    {
        LandmarkSet set = Clips(2, [40]), held = new("held", set.Topology, [Held(set.Clips[0])]);
        using LandmarkModel model = Model(Clips(2, [5, 23, 40]), features, sideBySide, moments: 8);
        Explanation explanation = TrajectoryExplanation.Of(model, set, new PathOptions { Tolerance = 1e-4 }, BaselineSpec.Parse("onset"));
        double expected = model.Calibrated(EmotionJudge.Features(model, set))[0] - model.Calibrated(EmotionJudge.Features(model, held))[0];
        double size = explanation.SignedTimeMap.Sum(Math.Abs);
        Assert.True(Math.Abs(expected) > 10 * Single * size, "nothing to explain");
        Assert.Equal(expected, explanation.SignedTimeMap.Sum(), Single * size);
        Assert.Equal(expected, explanation.Ranking.Sum(r => r.Signed), Single * size);
        Assert.InRange(explanation.WorstClipGap, 0, 1e-4);
        Assert.Equal("trajectory", explanation.Input);
        int[] points = [.. explanation.Ranking.Select(r => r.Landmark).Order()];
        Assert.Equal(features.Contains("steadied", StringComparison.Ordinal) ? [.. s_landmarks.Union(set.Topology.Rigid).Order()] : s_landmarks, points);
        Assert.Equal(8 * points.Length, explanation.TimeMap.Count);
    }

    [Fact]
    public void Clips_of_any_length_are_compared_with_typical_ones_of_other_labels()
    {
        LandmarkSet set = Clips(2, [5, 23, 40, 23]);
        set = set with { Clips = [.. set.Clips.Select((c, i) => i == 3 ? c.Labelled("fear") : c)] };
        using LandmarkModel model = Model(set, "displacement,steadied", sideBySide: false, moments: 8);
        Explanation explanation = TrajectoryExplanation.Of(model, set, new PathOptions { Tolerance = 1e-4 }, BaselineSpec.Parse("typical"));
        Assert.Equal((3, 1), (explanation.Clips, explanation.Baselines));
        Assert.InRange(explanation.WorstClipGap, 0, 1e-4);
        Assert.Equal(1, explanation.TimeProfile.Sum(), 1e-9);
    }

    [Fact]
    public void Pictures_are_compared_with_other_pictures()
    {
        LandmarkSet set = Clips(2, [1, 1, 1, 1]);
        set = set with { Clips = [.. set.Clips.Select((c, i) => i == 3 ? c.Labelled("fear") : c)] };
        using LandmarkModel model = Model(set, "displacement", sideBySide: false, moments: 8);
        Explanation explanation = TrajectoryExplanation.Of(model, set, new PathOptions { Tolerance = 1e-4 }, BaselineSpec.Parse("typical")), features = Explanation.Of(model, EmotionJudge.Features(model, set), new IntegratedGradients(new PathOptions { Tolerance = 1e-4 }), BaselineSpec.Parse("typical"));
        Assert.Equal(features.Ranking.OrderBy(r => r.Landmark).Select(r => r.Signed), explanation.Ranking.OrderBy(r => r.Landmark).Select(r => r.Signed), (a, b) => Math.Abs(a - b) < Single);
        Assert.Contains("choose typical", Assert.Throws<ArgumentException>(() => TrajectoryExplanation.Of(model, set, new(), BaselineSpec.Parse("onset"))).Message, StringComparison.Ordinal);
        Assert.Contains("choose onset", Assert.Throws<ArgumentException>(() => TrajectoryExplanation.Of(model, set, new(), BaselineSpec.Parse("zero"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_still_has_derivatives_too()
    {
        // Magnitudes and deviations of nothing are roots of zero.
        LandmarkSet set = Clips(2, [9]), held = new("held", set.Topology, [Held(set.Clips[0])]);
        using LandmarkModel model = Model(Clips(2, [5, 23]), "displacement,fourier,spread", sideBySide: false, moments: 8);
        Explanation explanation = TrajectoryExplanation.Of(model, held, new PathOptions(), BaselineSpec.Parse("onset"));
        Assert.All(explanation.SignedTimeMap, s => Assert.Equal(0, s));
    }

    private LandmarkModel Model(LandmarkSet set, string features, bool sideBySide, int moments)
    {
        PreprocessingOptions preprocessing = new() { Frames = moments, Features = features, SideBySide = sideBySide, Use3D = true };
        FeatureSet all = new Preprocessor(preprocessing).Apply(set);
        Standardizer scaling = Standardizer.Fit(all, [.. Enumerable.Range(0, all.Clips)]);
        ClassifierOptions options = new() { Kind = sideBySide ? ModelKind.Gru : ModelKind.Dense, Hidden = [6], Dropout = 0 };
        Classifier classifier = options.Build(_backend, all.Time, s_landmarks.Length * all.Dimensions, seed: 3);
        return new LandmarkModel("joy", set.Topology, s_landmarks, preprocessing, scaling, options, new TrainingOptions(), classifier) { Calibration = new Calibration(1.3, -0.4) };
    }

    private static LandmarkClip Held(LandmarkClip clip) => new(
        "held", clip.Subject, clip.Label, clip.Points, clip.Dimensions, [.. Enumerable.Repeat(clip.Coordinates[..(clip.Points * clip.Dimensions)], clip.Frames).SelectMany(c => c)], clip.Confidence);

    private static LandmarkSet Clips(int dimensions, int[] lengths) => MovingFaces.Clips(LandmarkTopology.Ibug68, dimensions, lengths);
}
