using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>What holds for every op, tested row by row.</summary>
public sealed class OpTableTests
{
    public static TheoryData<string> Ops => [.. OpTable.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Ops))]
    public void Forward_is_the_oracle(string op)
    {
        OpCase row = OpTable.Find(op);
        using ReferenceBackend backend = new();
        using Recording run = new(backend, row, seed: 1);
        double[][] values = [.. row.Shapes.Select((_, i) => row.Values(i, 1))];
        Numbers.Near(row.Oracle(values), run.Output.ToDoubleArray(), row.Tolerance, op);
    }

    // A central difference with step h errs by h^2 / 6 |f'''| through truncation and by about u |L| / h through rounding. With
    // inputs, weights and third derivatives of order 1 to 10 (1/x at 0.1 has 6e4, but few elements), h = 1e-5 makes both below
    // 1e-9 to 1e-7 of the gradient's norm: 1e-6 separates that from any real mistake, which is of order 1.
    [Theory]
    [MemberData(nameof(Ops))]
    public void Derivatives_are_finite_differences(string op)
    {
        OpCase row = OpTable.Find(op);
        int[] tracked = [.. Enumerable.Range(0, row.Shapes.Length).Where(row.Tracks)];
        GradientCheck.Check(
            (tape, leaves) => row.Build(tape, [.. row.Shapes.Select((shape, i) => Array.IndexOf(tracked, i) is >= 0 and int at ? leaves[at] : tape.Input(new Shape(shape), row.Values(i, 2).AsSpan()))]),
            tolerance: 1e-6,
            [.. tracked.Select(i => new CheckedInput(new Shape(row.Shapes[i]), row.Values(i, 2)))]);
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Replay_is_a_fresh_recording(string op)
    {
        OpCase row = OpTable.Find(op);
        using ReferenceBackend backend = new();
        using Recording replayed = new(backend, row, seed: 3), fresh = new(backend, row, seed: 4);
        _ = replayed.Gradients();
        for (int i = 0; i < row.Shapes.Length; i++) replayed.Inputs[i].CopyFrom(row.Values(i, 4));
        replayed.Tape.Replay();
        Assert.Equal(fresh.Output.ToDoubleArray(), replayed.Output.ToDoubleArray());
        Assert.Equal(fresh.Gradients(), replayed.Gradients());
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Gradients_of_a_tensor_used_twice_add_up(string op)
    {
        OpCase row = OpTable.Find(op);
        using ReferenceBackend backend = new();
        using Recording once = new(backend, row, seed: 5);
        OpCase doubled = row with { Build = (t, x) => t.Add(row.Build(t, x), t.Scale(row.Build(t, x), 2)) };
        using Recording twice = new(backend, doubled, seed: 5);
        double[][] single = once.Gradients(), triple = twice.Gradients();
        for (int walk = 0; walk < 2; walk++, triple = twice.Gradients())
        {
            for (int i = 0; i < single.Length; i++)
                Numbers.Near([.. single[i].Select(g => 3 * g)], triple[i], 1e-14, $"{op}, input {i}, walk {walk}");
        }
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Only_tracked_inputs_get_a_gradient(string op)
    {
        OpCase row = OpTable.Find(op);
        using ReferenceBackend backend = new();
        using Recording all = new(backend, row, seed: 6);
        double[][] expected = all.Gradients();
        for (int only = 0; only < row.Shapes.Length; only++)
        {
            if (!row.Tracks(only)) continue;
            using Recording one = new(backend, row with { Tracked = [only] }, seed: 6);
            Assert.Equal(expected[only], one.Gradients()[only]);
        }

        using Recording none = new(backend, row with { Tracked = [] }, seed: 6);
        Assert.Throws<InvalidOperationException>(() => none.Tape.Backward(none.Output));
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Buffers_go_back(string op)
    {
        using ReferenceBackend backend = new();
        using (Recording run = new(backend, OpTable.Find(op), seed: 7))
        {
            _ = run.Gradients();
            Assert.NotEqual(0, backend.LiveBuffers);
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    /// <summary>An op on a tape, and the loss that weighs its outputs.</summary>
    internal sealed class Recording : IDisposable
    {
        private readonly OpCase _row;
        private readonly Tensor _seed;

        public Recording(IBackend backend, OpCase row, int seed)
        {
            _row = row;
            Tape = new Tape(backend);
            Inputs = [.. row.Shapes.Select((s, i) => Tape.Input(new Shape(s), row.Values(i, seed), row.Tracks(i)))];
            Output = row.Build(Tape, Inputs);
            _seed = Tape.Input(Output.Shape, Numbers.Random(99, Output.Shape.Length, 0.5, 1.5));
        }

        public Tape Tape { get; }

        public Tensor[] Inputs { get; }

        public Tensor Output { get; }

        /// <summary>[input]: the gradient of the loss; empty where none is tracked.</summary>
        public double[][] Gradients()
        {
            Tape.Backward(Output, _seed);
            return [.. Inputs.Select((x, i) => _row.Tracks(i) ? Tape.GradientOf(x).ToDoubleArray() : [])];
        }

        public void Dispose() => Tape.Dispose();
    }
}
