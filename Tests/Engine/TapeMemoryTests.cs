using CsCheck;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Backends.Shapes;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>What a tape's tensors share with each other, and that nobody notices.</summary>
public sealed class TapeMemoryTests
{
    private const int Leaves = 2, Width = 3;

    /// <summary>A random graph: ops by number, each with the places of its operands.</summary>
    private static readonly Gen<(int Op, int A, int B)[]> s_graphs = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[1, 14];

    // Tensors of [3] and [2, 3] in a graph whose results are read by any number of ops. The oracle carries derivatives forward, in doubles, without a tape.
    [Fact]
    public void Gradients_of_any_graph_from_any_output_are_the_true_ones() => Gen.Select(s_graphs, Gen.Int[0, 1000].Array[1, 4]).Sample(
        (graph, outputs) =>
        {
            using ReferenceBackend backend = new();
            using Tape tape = new(backend);
            List<Tensor> tensors = [.. Enumerable.Range(0, Leaves).Select(l => tape.Input(new Shape(Width), Numbers.Random(l + 1, Width, 0.2, 0.9), tracksGradient: true))];
            List<Dual[]> duals = [.. Enumerable.Range(0, Leaves).Select(l => tensors[l].ToDoubleArray().Select((v, i) => Dual.Leaf(v, (l * Width) + i)).ToArray())];
            foreach ((int op, int a, int b) in graph)
            {
                (Tensor x, Tensor y) = (tensors[a % tensors.Count], tensors[b % tensors.Count]);
                (Dual[] u, Dual[] v) = (duals[a % duals.Count], duals[b % duals.Count]);
                (Tensor result, Dual[] expected) = op switch
                {
                    0 => (tape.Add(x, y), Repeated(u, v, (p, q) => p + q)),
                    1 => (tape.Multiply(x, y), Repeated(u, v, (p, q) => p * q)),
                    2 => (tape.Tanh(x), [.. u.Select(p => p.Tanh())]),
                    3 when x.Shape.Rank == 2 => (tape.Sum(x, 0), [.. Enumerable.Range(0, Width).Select(i => u[i] + u[Width + i])]),
                    3 => (tape.Scale(x, -0.5), [.. u.Select(p => p * Dual.Constant(-0.5))]),
                    _ when x.Shape.Rank == 1 => (tape.Concatenate(tape.Reshape(x, new Shape(1, Width)), tape.Reshape(x, new Shape(1, Width)), 0), [.. u, .. u]),
                    _ => (tape.Square(x), [.. u.Select(p => p * p)]),
                };
                tensors.Add(result);
                duals.Add(expected);
            }

            // One walk after the other, and each twice: the second goes through places that the first has found.
            foreach (int output in outputs.SelectMany(o => (int[])[o, o]))
            {
                int at = Leaves + (output % graph.Length);
                tape.Replay();
                tape.Backward(tensors[at]);
                for (int l = 0; l < Leaves; l++)
                {
                    double[] want = [.. Enumerable.Range(0, Width).Select(i => duals[at].Sum(d => d.Slopes[(l * Width) + i]))];
                    double[] got = Reached(tape, tensors[l]) ?? new double[Width];
                    for (int i = 0; i < Width; i++) Assert.True(Math.Abs(want[i] - got[i]) <= 1e-10 * (1 + Math.Abs(want[i])), $"output {at}, leaf {l}: {got[i]}, not {want[i]}");
                }
            }
        },
        iter: 400);

    [Fact]
    public void Gradients_of_a_deep_network_take_the_room_of_two()
    {
        // Each gradient but the first and the last is read by one op and is then of no use.
        Assert.Equal(Gradients(depth: 4), Gradients(depth: 40));

        static long Gradients(int depth)
        {
            using ShapeBackend backend = new();
            using Tape tape = new(backend);
            Tensor x = tape.Input(new Shape(16, 100), tracksGradient: true), y = x;
            for (int i = 0; i < depth; i++) y = tape.Tanh(tape.Scale(y, 0.5));
            long before = backend.LiveBytes;
            tape.Backward(y);
            return backend.LiveBytes - before;
        }
    }

    [Fact]
    public void Results_that_only_the_next_layer_reads_take_the_room_of_two()
    {
        // [batch, 64] in front of a layer and behind it, the clips apart.
        Assert.Equal(2 * 4 * 32 * 64, Values(depth: 12));
        Assert.Equal(Values(depth: 3), Values(depth: 12));

        static long Values(int depth)
        {
            using ShapeBackend backend = new();
            Initializer initializer = new(backend, 1);
            using Model model = new(backend, 1, 64, [.. Enumerable.Range(0, depth).Select(i => new Dense(initializer, $"d{i}", 64, 64, Activation.Gelu)), new Dense(initializer, "r", 64, 1, Activation.Identity)]);
            using Tape tape = new(backend);
            Tensor clips = tape.Input(new Shape(32, 1, 64));
            long before = backend.LiveBytes;
            model.Apply(tape, clips);
            return backend.LiveBytes - before;
        }
    }

    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.Lstm)]
    [InlineData(ModelKind.RandomDense)]
    public void A_network_that_judges_gives_what_one_that_is_trained_gives(ModelKind kind)
    {
        using CpuBackend backend = new();
        using Classifier classifier = Models.Small(backend, kind);
        float[] clips = Numbers.Singles(4, 7 * Models.Time * Models.Features, -1, 1);
        using Tape kept = new(backend), shared = new(backend);
        Tensor want = classifier.Logits(kept, kept.Input(new Shape(7, Models.Time, Models.Features), clips, tracksGradient: true));
        Tensor input = shared.Input(new Shape(7, Models.Time, Models.Features), clips);

        // Two on one tape: the second writes where the first one's layers have been, and not where its logits are.
        Tensor first = classifier.Logits(shared, input), second = classifier.Logits(shared, input);
        shared.Replay();
        Assert.Equal(want.ToArray(), first.ToArray());
        Assert.Equal(want.ToArray(), second.ToArray());
        Assert.Equal(clips, input.ToArray());
    }

    [Fact]
    public void A_walk_keeps_the_gradients_of_leaves_alone()
    {
        using ReferenceBackend backend = new();
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2), [1.0, 2], tracksGradient: true), square = tape.Square(x);
        tape.Backward(tape.Scale(square, 3));
        Assert.Contains("leaves alone", Assert.Throws<InvalidOperationException>(() => tape.GradientOf(square)).Message, StringComparison.Ordinal);

        // On another tape it is a leaf.
        using Tape other = new(backend);
        other.Backward(other.Scale(square, 3));
        Assert.Equal([3, 3], other.GradientOf(square).ToDoubleArray());
    }

    [Fact]
    public void A_walk_after_one_that_failed_is_whole()
    {
        using ReferenceBackend backend = new();
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2), [1.0, 2], tracksGradient: true), y = tape.Square(tape.Scale(x, 2));
        Tensor broken = tape.Output(y.Shape, tracksGradient: true);
        Fails node = new(tape, y, broken);
        tape.Record(node);
        Tensor z = tape.Tanh(tape.Scale(broken, 0.01));
        Assert.Throws<InvalidTimeZoneException>(() => tape.Backward(z));
        node.Works = true;
        tape.Backward(z);

        // z = tanh(0.01 (2 x)^2): dz/dx = 0.08 x (1 - z^2).
        Assert.Equal([0.08 * (1 - Math.Pow(Math.Tanh(0.04), 2)), 0.16 * (1 - Math.Pow(Math.Tanh(0.16), 2))], tape.GradientOf(x).ToDoubleArray(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    private static double[]? Reached(Tape tape, Tensor leaf)
    {
        try
        {
            return tape.GradientOf(leaf).ToDoubleArray();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Dual[] Repeated(Dual[] a, Dual[] b, Func<Dual, Dual, Dual> op) => [.. Enumerable.Range(0, Math.Max(a.Length, b.Length)).Select(i => op(a[i % a.Length], b[i % b.Length]))];

    private sealed class Fails(Tape tape, Tensor x, Tensor y) : Node
    {
        public bool Works { get; set; }

        public override void Forward() => tape.Backend.Map(default(EmotionXai.Engine.Numerics.Identity), x.Data, y.Data, accumulate: false);

        public override void Backward()
        {
            if (!Works) throw new InvalidTimeZoneException();
            (Slice dx, bool accumulate) = tape.Contribute(x);
            tape.Backend.Map(default(EmotionXai.Engine.Numerics.Identity), tape.IncomingGradient(y)!.Value, dx, accumulate);
        }
    }

    /// <summary>A number and its derivatives by every element of every leaf.</summary>
    private sealed record Dual(double Value, double[] Slopes)
    {
        public static Dual Constant(double value) => new(value, new double[Leaves * Width]);

        public static Dual Leaf(double value, int at)
        {
            Dual leaf = Constant(value);
            leaf.Slopes[at] = 1;
            return leaf;
        }

        public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, [.. a.Slopes.Zip(b.Slopes, (p, q) => p + q)]);

        public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, [.. a.Slopes.Zip(b.Slopes, (p, q) => (p * b.Value) + (q * a.Value))]);

        public Dual Tanh()
        {
            double y = Math.Tanh(Value);
            return new(y, [.. Slopes.Select(s => s * (1 - (y * y)))]);
        }
    }
}
