using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Networks whose hidden layers stay random.</summary>
public sealed class RandomNetworkTests
{
    public static TheoryData<string, ModelKind> Kinds => Models.RandomKinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_read_out_learns_and_nothing_else_changes(string backendName, ModelKind kind)
    {
        ClipData data = Models.Separable(70, 1), unseen = Models.Separable(50, 2);
        using IBackend backend = TestBackends.Create(backendName);
        using (Classifier classifier = Models.Small(backend, kind))
        {
            Dictionary<string, double[]> before = Values(classifier);
            int live = backend.LiveBuffers;
            Assert.True(new ReadoutTrainer(data, new TrainingOptions(), []).Train(classifier) > 0);
            Assert.Equal(live, backend.LiveBuffers);
            Metrics metrics = Metrics.Of(Predictor.Logits(classifier, unseen.Clips), unseen.Targets);
            Assert.True(metrics.BalancedAccuracy > 0.97, $"{kind}: {metrics}");
            foreach ((string name, double[] values) in Values(classifier))
            {
                bool isReadout = name.StartsWith("readout", StringComparison.Ordinal) || name.StartsWith("direct", StringComparison.Ordinal);
                Assert.Equal(isReadout, !values.SequenceEqual(before[name]));
            }
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    // Parts lie interleaved: [row, part, channel]. Clips of a person stand apart in one case, so that Gram matrices are put in order.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shared_Gram_matrices_give_the_same_read_out(bool inOrder)
    {
        const int Rows = 4, Parts = 5, Channels = 2, Clips = 30;
        float[] all = Numbers.Singles(3, Clips * Rows * Parts * Channels);
        int[] kept = [1, 2, 4], groups = [.. Enumerable.Range(0, Clips).Select(i => inOrder ? i / 5 : i % 6)];
        float[] values = [.. Enumerable.Range(0, Clips * Rows).SelectMany(r => kept.SelectMany(p => Enumerable.Range(0, Channels).Select(c => all[(((r * Parts) + p) * Channels) + c])))];
        ClipData data = new(Rows, kept.Length * Channels, values, [.. Enumerable.Range(0, Clips).Select(i => i % 3 == 0 ? 1f : 0f)]);
        PartGrams grams = new(part => [.. Enumerable.Range(0, Clips * Rows * Channels).Select(i => all[(((i / Channels * Parts) + part) * Channels) + (i % Channels)])], Clips, Rows, Parts, Channels);
        using CpuBackend backend = new(1);
        Dictionary<string, double[]> Fitted(PartGrams? shared)
        {
            using Classifier classifier = new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [12], Activation = Activation.Tanh, Random = new RandomOptions { Direct = 0.5 } }.Build(backend, Rows, kept.Length * Channels, 1);
            new ReadoutTrainer(data, new TrainingOptions(), groups, shared, shared is null ? null : kept).Train(classifier);
            return Values(classifier);
        }

        Dictionary<string, double[]> own = Fitted(null), together = Fitted(grams);
        foreach ((string name, double[] expected) in own) Assert.Equal(expected, together[name], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Throws<ArgumentException>(() => new ReadoutTrainer(data, new TrainingOptions(), groups, grams, [1, 2]));
    }

    // At the least of a weighted squared error with a penalty, more of any coefficient costs more.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_read_out_is_the_least_of_its_loss(string backendName, ModelKind kind)
    {
        const double Penalty = 0.1;
        ClipData data = Models.Separable(40, 1);
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier classifier = Models.Small(backend, kind);
        new ReadoutTrainer(data, new TrainingOptions { Ridge = Penalty, PositiveWeight = 2 }, []).Train(classifier);

        // Features as the regression sees them: units over the root of their number, direct links alike.
        RandomNetwork network = classifier.Random!;
        using Tape tape = new(backend);
        double[] units = network.Hidden(tape, tape.Input(new Shape(data.Count, Models.Time, Models.Features), data.Clips.ToArray())).ToDoubleArray();
        float[] seen = network.Seen(data.Clips).ToArray();
        double[] readout = Values(classifier)["readout.weight"], direct = Values(classifier)["direct.weight"];
        double unitScale = 1 / Math.Sqrt(network.Units), directScale = Math.Sqrt(network.DirectScale / network.DirectLinks);
        double[] logits = Predictor.Logits(classifier, data.Clips);
        double[] weights = [.. data.Targets.Select(t => t > 0 ? 2.0 : 1)];
        double sum = weights.Sum();
        double[][] columns = [.. Enumerable.Range(0, network.Units).Select(u => Column(units.Select(v => v * unitScale), network.Units, u)), .. Enumerable.Range(0, network.DirectLinks).Select(f => Column(seen.Select(v => v * directScale), network.DirectLinks, f))];
        double[] beta = [.. readout.Select(b => b / unitScale), .. direct.Select(b => b / directScale)];
        double[] means = [.. columns.Select(c => c.Select((v, i) => weights[i] * v).Sum() / sum)];
        double lambda = Penalty * columns.Select((c, f) => c.Select((v, i) => weights[i] * (v - means[f]) * (v - means[f])).Sum()).Sum() / data.Count;
        double Residual(int i) => logits[i] - ((2 * data.Targets[i]) - 1);
        double tolerance = TestBackends.Bound(backend, 1e-6, 1e-4);
        Assert.Equal(0, Enumerable.Range(0, data.Count).Sum(i => weights[i] * Residual(i)) / sum, tolerance);
        for (int f = 0; f < columns.Length; f++)
            Assert.Equal(0, (Enumerable.Range(0, data.Count).Sum(i => weights[i] * Residual(i) * columns[f][i]) + (lambda * beta[f])) / sum, tolerance);

        double[] Column(IEnumerable<double> all, int width, int at) => [.. all.Where((_, i) => i % width == at)];
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_seed_gives_the_same_bits_twice_and_for_any_threads(string backendName, ModelKind kind)
    {
        ClipData data = Models.Separable(37, 1);
        double[][] Run(IBackend backend, ulong seed)
        {
            using (backend)
            {
                using Classifier classifier = Models.Small(backend, kind, seed);
                new ReadoutTrainer(data, new TrainingOptions(), []).Train(classifier);
                return Models.ParameterValues(classifier);
            }
        }

        double[][] first = Run(TestBackends.Create(backendName), 5);
        Assert.Equal(first, Run(TestBackends.Create(backendName), 5));
        Assert.NotEqual(first, Run(TestBackends.Create(backendName), 6));
        Assert.Equal(Run(new CpuBackend(1), 5), Run(new CpuBackend(2), 5));
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1.3)]
    public void Every_gate_has_the_spectral_radius_that_was_asked_for(double radius)
    {
        using ReferenceBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = ModelKind.RandomGru, Hidden = [24], Random = new() { SpectralRadius = radius } }.Build(backend, Models.Time, Models.Features, 1);
        double[] weights = classifier.Parameters.Single(p => p.Name.Contains("state", StringComparison.Ordinal) || p.Name.Contains("recurrent", StringComparison.Ordinal)).Value.ToDoubleArray();
        for (int gate = 0; gate < 3; gate++)
        {
            double[] matrix = [.. Enumerable.Range(0, 24 * 24).Select(i => weights[(i / 24 * 72) + (gate * 24) + (i % 24)])];
            Assert.Equal(radius, RandomWeights.SpectralRadius(matrix, 24), 0.01 * radius);
        }
    }

    // Matrices whose eigenvalues are known: a rotation by an angle has a pair of them on the circle of its radius.
    [Fact]
    public void The_spectral_radius_of_a_rotation_is_its_scale()
    {
        double c = 0.7 * Math.Cos(1), s = 0.7 * Math.Sin(1);
        Assert.Equal(0.7, RandomWeights.SpectralRadius([c, -s, s, c], 2), 1e-3);
        Assert.Equal(0.5, RandomWeights.SpectralRadius([0.5, 1000, 0, 0.2], 2), 5e-3);
        Assert.Equal(0, RandomWeights.SpectralRadius([0, 1, 0, 0], 2));
    }

    [Fact]
    public void Sparsity_is_the_share_of_zeros_and_leaves_the_size_of_sums()
    {
        using ReferenceBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [200], Random = new() { Sparsity = 0.75, InputScale = 2 } }.Build(backend, 10, 30, 1);
        double[] weights = classifier.Parameters[0].Value.ToDoubleArray();
        Assert.Equal(0.75, weights.Count(w => w == 0) / (double)weights.Length, 0.01);

        // A unit's sum over inputs of variance 1 has the variance of its weights' squares.
        Assert.Equal(4, weights.Sum(w => w * w) / 200, 0.1);
    }

    [Fact]
    public void Without_direct_links_the_read_out_sees_units_alone()
    {
        using CpuBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [8, 4], Random = new() { Direct = 0 } }.Build(backend, Models.Time, Models.Features, 1);
        Assert.Equal((12, 0), (classifier.Random!.Units, classifier.Random.DirectLinks));
        Assert.Equal(13, classifier.ParameterCount);
        Assert.Equal((24 * 8) + 8 + (8 * 4) + 4 + 13, classifier.StoredCount);
    }

    [Theory]
    [InlineData(ModelKind.Rnn)]
    [InlineData(ModelKind.BiLstm)]
    public void A_frozen_recurrent_layer_stays_while_its_head_learns(ModelKind kind)
    {
        ClipData data = Models.Separable(70, 1);
        using CpuBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [12, 6], Dropout = 0, Freeze = true }.Build(backend, Models.Time, Models.Features, 1);
        Dictionary<string, double[]> before = Values(classifier);
        Models.Train(classifier, data, new TrainingOptions { Epochs = 25, BatchSize = 16, LearningRate = 0.02 }, 3);
        foreach ((string name, double[] values) in Values(classifier))
            Assert.Equal(name.StartsWith("recurrent", StringComparison.Ordinal), values.SequenceEqual(before[name]));
        Assert.True(Metrics.Of(Predictor.Logits(classifier, data.Clips), data.Targets).BalancedAccuracy > 0.95);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        using CpuBackend backend = new();
        ReadoutTrainer trainer = new(Models.Separable(20, 1), new TrainingOptions(), []);
        using Classifier dense = Models.Small(backend, ModelKind.Dense), other = new ClassifierOptions { Kind = ModelKind.RandomDense }.Build(backend, 2, 3, 1);
        Assert.Contains("train others by gradients", Assert.Throws<ArgumentException>(() => trainer.Train(dense)).Message, StringComparison.Ordinal);
        Assert.Contains("the model was built for", Assert.Throws<ArgumentException>(() => trainer.Train(other)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ReadoutTrainer(Models.Separable(20, 1), new TrainingOptions(), [1, 2]));
        Assert.Throws<ArgumentException>(() => new ClassifierOptions { Kind = ModelKind.Dense, Freeze = true }.Build(backend, 2, 3, 1));
    }

    private static Dictionary<string, double[]> Values(Classifier classifier) => classifier.Parameters.ToDictionary(p => p.Name, p => p.Value.ToDoubleArray());
}
