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
