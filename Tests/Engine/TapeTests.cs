using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>What the tape itself promises.</summary>
public sealed class TapeTests
{
    [Fact]
    public void Parameters_track_on_training_tapes_unless_frozen()
    {
        using ReferenceBackend backend = new();
        using Parameter free = new(backend, "free", new Shape(2)), frozen = new(backend, "frozen", new Shape(2)) { Frozen = true };
        backend.Fill(free.Value.Data, 3);
        backend.Fill(frozen.Value.Data, 5);
        using (Tape tape = new(backend, training: true))
        {
            Assert.Same(tape.Use(free), tape.Use(free));
            Assert.False(tape.Use(frozen).TracksGradient);
            tape.Backward(tape.Multiply(tape.Use(free), tape.Use(frozen)));
            Assert.Equal([5, 5], free.Gradient.ToDoubleArray());
            Assert.Throws<InvalidOperationException>(() => tape.GradientOf(tape.Use(frozen)));
        }

        using Tape plain = new(backend);
        Assert.False(plain.Use(free).TracksGradient);
    }

    [Fact]
    public void Tensors_of_another_backend_are_refused()
    {
        using ReferenceBackend one = new(), other = new();
        using Parameter parameter = new(other, "p", new Shape(1));
        using Tape tape = new(one);
        Assert.Contains("Use", Assert.Throws<ArgumentException>(() => tape.Use(parameter)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_walk_replaces_the_gradients_of_the_walk_before()
    {
        using ReferenceBackend backend = new();
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2), [1.0, 2], tracksGradient: true), unused = tape.Input(new Shape(2), tracksGradient: true);
        Tensor square = tape.Square(x), twice = tape.Scale(square, 2);
        tape.Backward(twice);
        Assert.Equal([4, 8], tape.GradientOf(x).ToDoubleArray());
        tape.Backward(square);
        Assert.Equal([2, 4], tape.GradientOf(x).ToDoubleArray());
        Assert.Throws<InvalidOperationException>(() => tape.GradientOf(unused));
        Assert.Throws<InvalidOperationException>(() => tape.GradientOf(twice));
        Assert.Throws<ArgumentException>(() => tape.Backward(square, tape.Input(new Shape(3))));
    }

    [Fact]
    public void A_tracked_tensor_of_a_scope_survives_several_tapes()
    {
        using ReferenceBackend backend = new();
        using (TensorScope scope = new(backend))
        {
            Tensor x = scope.From(new Shape(2), [1.0, 2], tracksGradient: true);
            for (int round = 1; round <= 3; round++)
            {
                using Tape tape = new(backend);
                tape.Backward(tape.Scale(tape.Square(x), round));
                Assert.Equal([2 * round, 4 * round], tape.GradientOf(x).ToDoubleArray());
            }
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    [Fact]
    public void Tensors_of_a_disposed_scope_and_tape_are_refused()
    {
        using ReferenceBackend backend = new();
        Tensor x, y;
        using (TensorScope scope = new(backend)) x = scope.From(new Shape(2), [1.0, 2]);
        using (Tape first = new(backend)) y = first.Exp(first.Input(new Shape(2), [1.0, 2]));
        using Tape tape = new(backend);
        Assert.Throws<ObjectDisposedException>(() => tape.Square(x));
        Assert.Throws<ObjectDisposedException>(() => tape.Square(y));
        Assert.Throws<ObjectDisposedException>(() => x.ToArray());
        Tape over = new(backend);
        over.Dispose();
        Assert.Throws<ObjectDisposedException>(() => over.Input(new Shape(1)));
    }

    [Fact]
    public void Walks_accumulate_where_they_are_told_to()
    {
        using ReferenceBackend backend = new();
        using Parameter p = new(backend, "p", new Shape(2));
        backend.Fill(p.Value.Data, 3);
        using Tape tape = new(backend, training: true) { Accumulates = true };
        Tensor square = tape.Square(tape.Use(p));
        tape.Backward(square);
        Assert.Equal([6, 6], p.Gradient.ToDoubleArray());
        tape.Backward(square);
        Assert.Equal([12, 12], p.Gradient.ToDoubleArray());
        using (EmotionXai.Engine.Training.Sgd sgd = new(backend, [p], momentum: 0)) sgd.Step(0.25);
        Assert.Equal([0, 0], p.Value.ToDoubleArray());
        Assert.False(p.HasGradient);

        // The step has used the sum up: the next walk starts anew.
        tape.Replay();
        tape.Backward(tape.Scale(square, 5));
        Assert.Equal([0, 0], p.Gradient.ToDoubleArray());
        tape.Accumulates = false;
        backend.Fill(p.Value.Data, 1);
        tape.Backward(square);
        tape.Backward(square);
        Assert.Equal([2, 2], p.Gradient.ToDoubleArray());
    }

    [Fact]
    public void A_diamond_of_views_adds_up()
    {
        using ReferenceBackend backend = new();
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2, 3), Numbers.Random(1, 6), tracksGradient: true);
        Tensor flat = tape.Reshape(x, new Shape(6));
        Tensor y = tape.Add(tape.Square(flat), tape.Reshape(tape.Add(x, tape.Reshape(flat, new Shape(2, 3))), new Shape(6)));
        tape.Backward(y);
        Assert.Equal(x.ToDoubleArray().Select(v => (2 * v) + 2), tape.GradientOf(x).ToDoubleArray(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void Replays_and_walks_rent_nothing()
    {
        using ReferenceBackend backend = new();
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2, 3), Numbers.Random(1, 6), tracksGradient: true);
        Tensor y = tape.Sum(tape.Tanh(tape.Square(x)), 0);
        tape.Backward(y);
        int live = backend.LiveBuffers;
        for (int i = 0; i < 3; i++)
        {
            tape.Replay();
            tape.Backward(y);
        }

        Assert.Equal(live, backend.LiveBuffers);
    }
}
