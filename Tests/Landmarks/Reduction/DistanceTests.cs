using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Tests.Landmarks.Models;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>Distances between landmarks as features of pictures: scaled by the training people alone, and made once for training.</summary>
public sealed class DistanceTests : IDisposable
{
    private static readonly int[] s_landmarks = [0, 30, 36, 48, 54, 66];

    private readonly CpuBackend _backend = new(1);
    private readonly LandmarkSet _set = Stills.Of(LandmarkTopology.Ibug68, 6, "happiness", "sadness", "neutral");

    public void Dispose() => _backend.Dispose();

    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.RandomDense)]
    public void Scales_of_distances_follow_the_training_people_and_no_other(ModelKind kind)
    {
        double[][] scales = Scales(_set, kind), others = Scales(With(_set, "s06"), kind), own = Scales(With(_set, "s01"), kind);
        Assert.Equal(scales, others);
        Assert.All(Enumerable.Range(0, scales.Length), i => Assert.NotEqual(scales[i], own[i]));
    }

    [Fact]
    public void A_distance_has_mean_zero_and_deviation_one_in_training()
    {
        FoldData fold = Fold(_set);
        TrainingSet training = new(fold, s_landmarks, Options(ModelKind.Dense, "distances"));
        using Classifier classifier = training.Build(_backend, 1);
        PointDistances first = classifier.Distances!;
        int pairs = s_landmarks.Length * (s_landmarks.Length - 1) / 2;
        Assert.Equal(pairs, first.Width);
        float[] seen = NetworkInput.Seen(classifier, training.Data).Clips.ToArray();
        for (int p = 0; p < pairs; p++)
        {
            double[] column = [.. Enumerable.Range(0, training.Data.Count).Select(c => (double)seen[(c * pairs) + p])];
            Assert.Equal(0, column.Average(), 1e-3);
            Assert.Equal(1, Math.Sqrt(column.Average(v => v * v) - (column.Average() * column.Average())), 1e-3);
        }

        // The first pair is of the first two landmarks, in inter-ocular distances.
        FeatureSet features = new Preprocessor(new PreprocessingOptions()).Apply(_set);
        ReadOnlySpan<float> face = features.Values.Of(fold.TrainClips[0], new float[features.Values.Length]);
        double expected = Math.Sqrt(Math.Pow(face[(30 * 2) + 0] - face[0], 2) + Math.Pow(face[(30 * 2) + 1] - face[1], 2));
        using Tape tape = new(_backend);
        Assert.Equal(expected, first.Unscaled(tape, tape.Input(new Shape(1, 1, 12), training.Data.Clips.Range(0, 1, new float[12]))).ToDoubleArray()[0], 1e-5);
    }

    [Theory]
    [InlineData(ModelKind.Dense, "distances")]
    [InlineData(ModelKind.RandomDense, "distances")]
    [InlineData(ModelKind.RandomDense, "positions,distances")]
    [InlineData(ModelKind.Lstm, "positions,distances")]
    public void What_was_trained_behind_the_layer_judges_positions_through_it(ModelKind kind, string features)
    {
        FoldData fold = Fold(_set);
        TrainingSet training = new(fold, s_landmarks, Options(kind, features));
        using Classifier classifier = training.Train(_backend, 3, cancellation: TestContext.Current.CancellationToken), again = training.Build(_backend, 3);
        ClipData test = fold.Test(s_landmarks);
        double[] whole = Predictor.Logits(classifier, test.Clips), rest = Predictor.Logits(classifier.Rest, NetworkInput.Seen(classifier, test).Clips);
        Assert.Equal(rest, whole, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.NotEqual(Predictor.Logits(again, test.Clips), whole);
    }

    // A read-out on distances is the one that a network of its own finds on these distances as features.
    [Fact]
    public void A_read_out_sees_the_distances_alone()
    {
        FoldData fold = Fold(_set);
        ReductionOptions options = Options(ModelKind.RandomDense, "distances");
        TrainingSet training = new(fold, s_landmarks, options);
        using Classifier classifier = training.Train(_backend, 3, cancellation: TestContext.Current.CancellationToken);
        ClipData seen = NetworkInput.Seen(classifier, training.Data);
        using Classifier plain = options.Model.Build(_backend, 1, seen.Features, 3);
        new ReadoutTrainer(seen, options.Training, fold.TrainPeople).Train(plain);
        Assert.Equal(plain.Parameters.Select(p => p.Value.ToArray()), classifier.Rest.Parameters.Select(p => p.Value.ToArray()));
        Assert.Equal(15, plain.Random!.DirectLinks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    public void A_network_of_one_landmark_or_of_a_mesh_sees_positions(int landmarks)
    {
        ReductionOptions options = Options(ModelKind.Dense, "positions,distances");
        Assert.Null(options.NetworkOf(landmarks, 2).Points);
        Assert.Equal("positions", options.PreprocessingOf(landmarks).Features);
        Assert.Equal(new PointOptions { Coordinates = 3, Positions = true }, options.NetworkOf(100, 3).Points);
        Assert.Equal(options.Preprocessing, options.PreprocessingOf(100));
    }

    [Fact]
    public void All_of_a_mesh_may_be_the_first_stage_and_no_later_one()
    {
        ReductionOptions options = Options(ModelKind.Dense, "distances") with { Keep = [468, 100, 2] };
        Assert.Equal([468, 100, 2], options.StagesFor(468));
        Assert.Equal([468, 100, 2], (options with { Keep = [100, 2] }).StagesFor(468));
        Assert.Contains("take --keep 64,2, or", Assert.Throws<ArgumentException>(() => (options with { Keep = [101, 64, 2, 1] }).StagesFor(468)).Message, StringComparison.Ordinal);
        Assert.Contains("take --keep 64,32,16, or", Assert.Throws<ArgumentException>(() => (options with { Keep = [256] }).StagesFor(468)).Message, StringComparison.Ordinal);
    }

    private double[][] Scales(LandmarkSet set, ModelKind kind)
    {
        TrainingSet training = new(Fold(set), s_landmarks, Options(kind, "distances"));
        using Classifier classifier = training.Train(_backend, 1, cancellation: TestContext.Current.CancellationToken);
        return [.. classifier.Distances!.Parameters.Select(p => p.Value.ToDoubleArray())];
    }

    private static ReductionOptions Options(ModelKind kind, string features) => new()
    {
        Model = new ClassifierOptions { Kind = kind, Hidden = [5], Dropout = 0 },
        Training = new TrainingOptions { Epochs = 3 },
        Preprocessing = new PreprocessingOptions { Features = features },
    };

    // The last person is tested.
    private static FoldData Fold(LandmarkSet set)
    {
        FeatureSet features = new Preprocessor(new PreprocessingOptions { Features = "distances" }).Apply(set);
        int[] all = [.. Enumerable.Range(0, features.Clips)];
        return new FoldData(features, "happiness", [.. all.Where(i => features.Subjects[i] != "s06")], [.. all.Where(i => features.Subjects[i] == "s06")]);
    }

    // The same, but for noise on one person's points.
    private static LandmarkSet With(LandmarkSet set, string subject) => set with
    {
        Clips = [.. set.Clips.Select((c, i) => c.Subject != subject ? c : new LandmarkClip(
            c.Name, c.Subject, c.Label, c.Points, c.Dimensions, [.. c.Coordinates.Zip(Tests.Engine.Numbers.Singles(i, c.Coordinates.Length, -9, 9), (a, b) => a + b)], [.. c.Confidence]))],
    };
}
