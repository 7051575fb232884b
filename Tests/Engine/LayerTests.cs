using CsCheck;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Engine;

public sealed class LayerTests
{
    private static readonly (string Name, Func<Initializer, Layer> Make, Shape Input, Shape Output, long MultiplyAdds, long Parameters)[] s_layers =
    [
        ("dense", i => new Dense(i, "d", 24, 5, Activation.Tanh), new(4, 6), new(5), 24 * 5, (24 * 5) + 5),
        ("dense, relu", i => new Dense(i, "d", 24, 40, Activation.Relu), new(24), new(40), 24 * 40, (24 * 40) + 40),
        ("dense, leaky relu", i => new Dense(i, "d", 24, 40, Activation.LeakyRelu), new(24), new(40), 24 * 40, (24 * 40) + 40),
        ("dense, gelu", i => new Dense(i, "d", 24, 40, Activation.Gelu), new(24), new(40), 24 * 40, (24 * 40) + 40),
        ("dense, sigmoid", i => new Dense(i, "d", 24, 40, Activation.Sigmoid), new(24), new(40), 24 * 40, (24 * 40) + 40),
        ("dense, softplus", i => new Dense(i, "d", 24, 40, Activation.Softplus), new(24), new(40), 24 * 40, (24 * 40) + 40),
        ("dense on rows", i => new Dense(i, "d", 6, 2, Activation.Gelu), new(6), new(2), 12, 14),
        ("elman", i => new Recurrent(i, "r", RecurrentCell.Elman, 6, 3), new(4, 6), new(4, 3), 4 * 3 * (6 + 3), (6 * 3) + 3 + (3 * 3)),
        ("gru", i => new Recurrent(i, "r", RecurrentCell.Gru, 6, 3), new(4, 6), new(4, 3), 4 * 3 * 3 * (6 + 3), 3 * ((6 * 3) + 3 + (3 * 3)) + 3),
        ("lstm", i => new Recurrent(i, "r", RecurrentCell.Lstm, 6, 3), new(4, 6), new(4, 3), 4 * 4 * 3 * (6 + 3), 4 * ((6 * 3) + 3 + (3 * 3))),
        ("bilstm", i => new Recurrent(i, "r", RecurrentCell.Lstm, 6, 3, true), new(4, 6), new(4, 6), 2 * 4 * 4 * 3 * (6 + 3), 2 * 4 * ((6 * 3) + 3 + (3 * 3))),
        ("bigru", i => new Recurrent(i, "r", RecurrentCell.Gru, 6, 3, true), new(4, 6), new(4, 6), 2 * 4 * 3 * 3 * (6 + 3), 2 * ((3 * ((6 * 3) + 3 + (3 * 3))) + 3)),
        ("norm", i => new LayerNorm(i, "n", 6), new(4, 6), new(4, 6), 0, 12),
        ("dropout", i => new Dropout(i, 0.5), new(4, 6), new(4, 6), 0, 0),
        ("pool mean", _ => new PoolOverTime(Pooling.Mean), new(4, 6), new(6), 0, 0),
        ("pool max", _ => new PoolOverTime(Pooling.Max), new(4, 6), new(6), 0, 0),
        ("pool last", _ => new PoolOverTime(Pooling.Last), new(4, 6), new(6), 0, 0),
        ("flatten", _ => new Flatten(), new(4, 6), new(24), 0, 0),
        ("distances", i => new PointDistances(i.Backend, 6, new PointOptions()), new(4, 6), new(4, 3), 0, 6 + 6 + 3 + 3),
        ("distances and positions", i => new PointDistances(i.Backend, 6, new PointOptions { Coordinates = 3, Positions = true }), new(4, 6), new(4, 7), 0, 6 + 6 + 1 + 1),
        ("residual", i => new Branches(BranchJoin.Sum, [], [new Dense(i, "a", 6, 3, Activation.Tanh), new Dense(i, "b", 3, 6, Activation.Identity)]), new(6), new(6), 36, 21 + 24),
        ("side by side", i => new Branches(BranchJoin.Concatenation, [new Recurrent(i, "r", RecurrentCell.Elman, 6, 3)], [new Activated(Activation.Relu)]), new(4, 6), new(4, 9), 4 * 3 * (6 + 3), (6 * 3) + 3 + (3 * 3)),
    ];

    public static TheoryData<string, string> Layers
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (ITheoryDataRow backend in TestBackends.Names)
                foreach (string name in s_layers.Select(l => l.Name)) data.Add((string)backend.GetData()[0]!, name);
            return data;
        }
    }

    public static TheoryData<string, ModelKind> Kinds => Models.Kinds;

    [Theory]
    [MemberData(nameof(Layers))]
    public void Counts_and_shapes_are_those_counted_by_hand(string backendName, string name)
    {
        using IBackend backend = TestBackends.Create(backendName);
        (_, Func<Initializer, Layer> make, Shape input, Shape output, long multiplyAdds, long parameters) = s_layers.Single(l => l.Name == name);
        using (Layer layer = make(new Initializer(backend, 1)))
        {
            Assert.Equal(output, layer.OutputShape(input));
            Assert.Equal(multiplyAdds, layer.MultiplyAdds(input));
            Assert.Equal(parameters, layer.Parameters.Sum(p => (long)p.Value.Shape.Length));
            Assert.Equal(layer.Parameters.Count, layer.Parameters.Select(p => p.Name).Distinct().Count());
            using Tape tape = new(backend);
            Tensor x = tape.Input(Batch(2, input), Numbers.Random(1, 2 * input.Length));
            Tensor y = layer.Apply(tape, x);
            Assert.Equal(Batch(2, output), y.Shape);
            Assert.Equal(y.ToDoubleArray(), layer.Body(tape, layer.Stem(tape, x)).ToDoubleArray());
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    // On an affine map both sides differ by roundings alone: a few units of the largest intermediate value.
    [Theory]
    [MemberData(nameof(Layers))]
    public void Stems_are_affine(string backendName, string name)
    {
        using IBackend backend = TestBackends.Create(backendName);
        (_, Func<Initializer, Layer> make, Shape input, _, _, _) = s_layers.Single(l => l.Name == name);
        using Layer layer = make(new Initializer(backend, 3));
        Gen.Select(Gen.Int[0, 1000], Gen.Double[-2, 3]).Sample(
            (seed, a) =>
            {
                double[] x = Numbers.Random(seed, 2 * input.Length), y = Numbers.Random(seed + 5000, 2 * input.Length);
                double[] Stem(double[] values)
                {
                    using Tape tape = new(backend);
                    return layer.Stem(tape, tape.Input(Batch(2, input), values)).ToDoubleArray();
                }

                double[] along = Stem(Mix(x, y, a)), mixed = Mix(Stem(x), Stem(y), a);
                Assert.True(Numbers.RelativeDistance(along, mixed, 1) < TestBackends.Bound(backend, 1e-13, 1e-5));
            },
            iter: 30,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Stem_and_body_are_the_whole_classifier(string backendName, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier classifier = Models.Small(backend, kind);
        using Tape tape = new(backend);
        Tensor clips = tape.Input(new Shape(3, Models.Time, Models.Features), Numbers.Random(1, 3 * 24));
        Tensor logits = classifier.Logits(tape, clips);
        Assert.Equal(new Shape(3, 1), logits.Shape);
        Assert.Equal(logits.ToDoubleArray(), classifier.Body(tape, classifier.Stem(tape, clips)).ToDoubleArray());
        Assert.Contains("Classifier", Assert.Throws<ArgumentException>(() => classifier.Logits(tape, tape.Input(new Shape(3, 6, 4)))).Message, StringComparison.Ordinal);
    }

    // Dense [5, 3] on 4 x 6: 24*5 + 5*3 + 3*1 products. Recurrent of 5 units under a dense head of 3: 4 steps of gates*5*(6 + 5),
    // then (5 or 10)*3 + 3*1.
    [Theory]
    [InlineData(ModelKind.Dense, 120 + 15 + 3, 125 + 18 + 4)]
    [InlineData(ModelKind.Rnn, (4 * 55) + 15 + 3, 60 + 18 + 4)]
    [InlineData(ModelKind.Gru, (12 * 55) + 15 + 3, 180 + 5 + 18 + 4)]
    [InlineData(ModelKind.Lstm, (16 * 55) + 15 + 3, 240 + 18 + 4)]
    [InlineData(ModelKind.BiLstm, (32 * 55) + 30 + 3, 480 + 33 + 4)]
    public void Classifiers_count_right(ModelKind kind, long multiplyAdds, long parameters)
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier classifier = Models.Small(backend, kind);
        Assert.Equal(multiplyAdds, classifier.MultiplyAdds);
        Assert.Equal(parameters, classifier.ParameterCount);
        Assert.Equal(classifier.Parameters.Count, classifier.Parameters.Select(p => p.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_seed_gives_the_same_parameters_on_every_backend(string backendName, ModelKind kind)
    {
        using IBackend one = TestBackends.Create("reference"), other = TestBackends.Create(backendName);
        using Classifier a = Models.Small(one, kind, 7), b = Models.Small(other, kind, 7), c = Models.Small(other, kind, 8);
        double[][] expected = Models.ParameterValues(a), actual = Models.ParameterValues(b);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], (x, y) => Math.Abs(x - y) <= TestBackends.Bound(other, 0, 1.2e-7));
        Assert.NotEqual(actual[0], Models.ParameterValues(c)[0]);
    }

    [Fact]
    public void Starting_values_lie_where_the_layers_say()
    {
        using IBackend backend = TestBackends.Create("reference");
        Initializer initializer = new(backend, 1);
        using Dense dense = new(initializer, "d", 200, 100, Activation.Tanh);
        using Recurrent lstm = new(initializer, "r", RecurrentCell.Lstm, 50, 16, bidirectional: true);
        Spread(dense.Parameters[0], Math.Sqrt(6.0 / 300));
        Spread(lstm.Parameters[0], 0.25);
        Assert.All(dense.Parameters[1].Value.ToArray(), v => Assert.Equal(0, v));
        float[] bias = lstm.Parameters[1].Value.ToArray();
        for (int i = 0; i < bias.Length; i++) Assert.Equal(i / 16 % 4 == 1 ? 1 : 0, bias[i]);

        static void Spread(Parameter parameter, double limit)
        {
            double[] values = parameter.Value.ToDoubleArray();
            Assert.InRange(values.Max(), 0.98 * limit, limit);
            Assert.InRange(values.Min(), -limit, -0.98 * limit);
            Assert.InRange(values.Average(), -0.05 * limit, 0.05 * limit);
        }
    }

    // Same error analysis as in the op table; a whole network's third derivatives stay of order 1 with such weights.
    [Theory]
    [InlineData(false, Pooling.Mean)]
    [InlineData(true, Pooling.Last)]
    [InlineData(false, Pooling.Max)]
    public void Derivatives_of_whole_classifiers_are_finite_differences(bool normalize, Pooling pooling)
    {
        const double Step = 1e-5;
        foreach (ModelKind kind in Enum.GetValues<ModelKind>())
        {
            using IBackend backend = TestBackends.Create("reference");
            using Classifier classifier = Models.Small(backend, kind, 5, normalize, pooling);
            using Tape tape = new(backend, training: true);
            Tensor clips = tape.Input(new Shape(3, Models.Time, Models.Features), Numbers.Random(2, 72), tracksGradient: true);
            Tensor loss = tape.BinaryCrossEntropy(classifier.Logits(tape, clips), tape.Input(new Shape(3), [1.0, 0, 1]), 2);
            tape.Backward(loss);
            (Tensor Value, double[] Gradient)[] leaves = [(clips, tape.GradientOf(clips).ToDoubleArray()), .. classifier.Parameters.Where(p => !p.Frozen).Select(p => (p.Value, p.Gradient.ToDoubleArray()))];
            foreach ((Tensor leaf, double[] gradient) in leaves)
            {
                double[] values = leaf.ToDoubleArray();
                int[] picked = [.. Enumerable.Range(0, values.Length).Where(i => values.Length < 12 || i % 7 == 0)];
                double Loss(int i, double by)
                {
                    double[] moved = [.. values];
                    moved[i] += by;
                    leaf.CopyFrom(moved);
                    tape.Replay();
                    return loss.ToDoubleArray()[0];
                }

                double[] numeric = [.. picked.Select(i => (Loss(i, Step) - Loss(i, -Step)) / (2 * Step))];
                leaf.CopyFrom(values);
                Numbers.Near(numeric, [.. picked.Select(i => gradient[i])], 1e-6, $"{kind} {leaf}");
            }
        }
    }

    [Fact]
    public void Bad_classifiers_are_refused()
    {
        using IBackend backend = TestBackends.Create("reference");
        Assert.Throws<ArgumentException>(() => new ClassifierOptions { Hidden = [] }.Build(backend, 2, 2, 1));
        Assert.Throws<ArgumentException>(() => new ClassifierOptions { Hidden = [3, 0] }.Build(backend, 2, 2, 1));
        Assert.Throws<ArgumentException>(() => new Classifier(backend, 2, 2));
        using Dense wide = new(new Initializer(backend, 1), "d", 4, 2, Activation.Identity);
        Assert.Contains("logit", Assert.Throws<ArgumentException>(() => new Classifier(backend, 2, 2, wide)).Message, StringComparison.Ordinal);
        using Tape tape = new(backend);
        Assert.StartsWith("Dense", Assert.Throws<ArgumentException>(() => wide.Stem(tape, tape.Input(new Shape(2, 5)))).Message, StringComparison.Ordinal);
    }

    private static Shape Batch(int count, Shape clip) => clip.Rank == 1 ? new Shape(count, clip[0]) : new Shape(count, clip[0], clip[1]);

    private static double[] Mix(double[] x, double[] y, double a) => [.. x.Zip(y, (u, v) => ((1 - a) * u) + (a * v))];
}
