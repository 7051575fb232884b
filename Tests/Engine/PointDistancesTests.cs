using CsCheck;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Explain;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Networks that see distances between points: what they cannot see, how a distance is shared out, and the fixed layer that makes it.</summary>
public sealed class PointDistancesTests
{
    private const int Points = 5, Features = 2 * Points;

    public static TheoryData<string> Backends => TestBackends.Names;

    // A face that is moved, turned or mirrored has the same distances: no logit may change, whatever the network.
    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.Gru)]
    [InlineData(ModelKind.RandomDense)]
    public void Moving_and_turning_all_points_changes_no_logit(ModelKind kind)
    {
        using ReferenceBackend backend = new();
        using Classifier seesDistances = Scaled(backend, kind, positions: false), seesBoth = Scaled(backend, kind, positions: true);
        Gen.Select(Gen.Double[-1, 1].Array[Features], Gen.Double[-Math.PI, Math.PI], Gen.Double[-2, 2], Gen.Double[-2, 2], Gen.Bool).Sample(
            (places, angle, x, y, mirrored) =>
            {
                (double sin, double cos) = Math.SinCos(angle);
                double[] moved = new double[Features];
                for (int p = 0; p < Features; p += 2)
                {
                    double across = mirrored ? -places[p] : places[p];
                    (moved[p], moved[p + 1]) = ((across * cos) - (places[p + 1] * sin) + x, (across * sin) + (places[p + 1] * cos) + y);
                }

                Assert.Equal(Logit(seesDistances, places), Logit(seesDistances, moved), 1e-9);
                if (Math.Abs(x) + Math.Abs(y) > 0.1) Assert.NotEqual(Logit(seesBoth, places), Logit(seesBoth, moved), 1e-9);
            },
            iter: 50,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Points_that_coincide_have_no_derivative_there_and_one_elsewhere(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        Tensor points = tape.Input(new Shape(1, 3, 2), [0.5, -1, 0.5, -1, 3.5, 3], tracksGradient: true), distances = tape.PairDistances(points);
        Assert.Equal([0, 5, 5], distances.ToDoubleArray());
        tape.Backward(distances, tape.Input(distances.Shape, [7.0, 1, 0]));

        // Of the pair (1, 2) alone: 3-4-5.
        Assert.Equal([0, 0, -0.6, -0.8, 0.6, 0.8], tape.GradientOf(points).ToDoubleArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(ModelKind.Dense, false)]
    [InlineData(ModelKind.Dense, true)]
    [InlineData(ModelKind.RandomDense, false)]
    [InlineData(ModelKind.Lstm, true)]
    public void Attributions_of_positions_add_up_to_the_change_of_the_logit(ModelKind kind, bool positions)
    {
        using ReferenceBackend backend = new();
        using Classifier classifier = Scaled(backend, kind, positions);

        // As in a face, no point goes through another: along the path distances are smooth.
        float[] places = [.. Enumerable.Range(0, Features).Select(f => (float)(f % 2 == 0 ? Math.Cos(f / 2) : Math.Sin(f / 2)))];
        float[] clips = [.. Numbers.Singles(1, 3 * Features, -0.2, 0.2).Select((v, i) => v + places[i % Features])];
        foreach (Kept pair in Attributions.Integrated(classifier, clips, Baselines.ForAll(places, Features), new PathOptions { Steps = 32 }))
        {
            Assert.True(Math.Abs(pair.Change) > 1e-5, "nothing to explain");
            Assert.True(pair.Gap < 1e-9, $"gap {pair.Gap}");
        }
    }

    // A distance that grows because one end moves is that end's; because both go apart alike, half each.
    [Theory]
    [InlineData(0.0, 1.0, 0.0, 1.0)]
    [InlineData(-0.5, 0.5, 0.5, 0.5)]
    [InlineData(-0.25, 0.75, 0.25, 0.75)]
    public void A_distance_is_shared_out_between_its_ends_by_how_far_each_goes(double left, double right, double leftShare, double rightShare)
    {
        using ReferenceBackend backend = new();
        using Classifier classifier = new(backend, 1, 4, new PointDistances(backend, 4, new PointOptions()), new Flatten());
        float[] baseline = [-1, 0, 1, 0], clip = [-1 + (float)left, 0, 1 + (float)right, 0];
        Kept pair = Attributions.Integrated(classifier, clip, Baselines.ForAll(baseline, 4)).Single();
        Assert.Equal([leftShare, 0, rightShare, 0], pair.Values, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.RandomDense)]
    public void The_mean_of_networks_makes_distances_once(ModelKind kind)
    {
        using ReferenceBackend backend = new();
        ClassifierOptions options = new() { Kind = kind, Hidden = [4], Dropout = 0, Points = new PointOptions { Positions = true } };
        double[] places = Numbers.Random(4, Features);
        double mean = 0;
        for (ulong n = 0; n < 3; n++)
        {
            using Classifier one = options.Build(backend, 1, Features, 7 + n);
            mean += Logit(one, places) / 3;
        }

        using (Classifier all = (options with { Networks = 3 }).Build(backend, 1, Features, 7))
        {
            Assert.Equal(mean, Logit(all, places), 1e-12);
            Assert.Equal(4, all.Parameters.Count(p => p.Name.StartsWith(PointDistances.Name, StringComparison.Ordinal)));
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    [Fact]
    public void No_training_changes_the_layer()
    {
        using ReferenceBackend backend = new();
        using Classifier classifier = Scaled(backend, ModelKind.Dense, positions: true);
        double[][] before = [.. classifier.Distances!.Parameters.Select(p => p.Value.ToDoubleArray())];
        double[] weights = classifier.Rest.Parameters[0].Value.ToDoubleArray();
        Models.Train(classifier, new ClipData(1, Features, Numbers.Singles(5, 12 * Features), [.. Enumerable.Range(0, 12).Select(i => (float)(i % 2))]), new TrainingOptions { Epochs = 3 }, 1);
        Assert.Equal(before, classifier.Distances!.Parameters.Select(p => p.Value.ToDoubleArray()));
        Assert.NotEqual(weights, classifier.Rest.Parameters[0].Value.ToDoubleArray());
    }

    [Theory]
    [InlineData(3, 2, "whole number of points")]
    [InlineData(2, 2, "2 to 100 points, and these are 1")]
    [InlineData(202, 2, "2 to 100 points, and these are 101")]
    [InlineData(4, 0, "whole number of points")]
    public void Too_few_or_too_many_points_are_refused(int features, int coordinates, string says)
    {
        using ReferenceBackend backend = new();
        ArgumentException e = Assert.Throws<ArgumentException>(() => new ClassifierOptions { Points = new PointOptions { Coordinates = coordinates } }.Build(backend, 1, features, 1));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Equal(0, backend.LiveBuffers);
    }

    // Places are what they are given as; distances are scaled unevenly.
    private static Classifier Scaled(IBackend backend, ModelKind kind, bool positions)
    {
        Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [6, 4], Dropout = 0, Activation = Activation.Tanh, Points = new PointOptions { Positions = positions } }.Build(backend, 1, Features, 3);
        int pairs = classifier.Distances!.Pairs;
        classifier.Distances.SetDistances(Numbers.Singles(8, pairs, 0.5, 1), Numbers.Singles(9, pairs, 0.5, 2));
        return classifier;
    }

    private static double Logit(Classifier classifier, double[] places)
    {
        using Tape tape = new(classifier.Backend);
        return classifier.Logits(tape, tape.Input(new Shape(1, 1, places.Length), places)).ToDoubleArray()[0];
    }
}
