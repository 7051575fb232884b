using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Backends.Shapes;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>A backend without numbers counts what a real one does, and refuses what a real one refuses.</summary>
public sealed class ShapeBackendTests
{
    public static TheoryData<ModelKind> Kinds => [.. Enum.GetValues<ModelKind>().Where(k => !k.IsRandom())];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Counts_are_those_of_a_profile_of_the_same_work(ModelKind kind)
    {
        using ShapeBackend shapes = new();
        Profile profile = new(new MachineLimits(1, 1, 1, 1));
        using IBackend watched = profile.Watch(new CpuBackend(), 1);
        Step(shapes, kind);
        Step(watched, kind);
        Assert.Equal(profile.Kinds().Sum(k => k.Calls * k.MultiplyAdds), shapes.MultiplyAdds);
        Assert.Equal(profile.Kinds().Sum(k => k.Calls * k.Bytes), shapes.Bytes);
        Assert.Equal((0, 0), (shapes.LiveBuffers, shapes.LiveBytes));
    }

    [Fact]
    public void A_model_that_no_memory_holds_is_counted_all_the_same()
    {
        // 60,000 x 30,000 weights: 7.2 GB, and as much again once gradients are asked for.
        using ShapeBackend shapes = new();
        Initializer initializer = new(shapes, 1);
        using Model model = new(shapes, 100, 600, new Dense(initializer, "d", 60_000, 30_000, Activation.Tanh), new Dense(initializer, "r", 30_000, 3, Activation.Identity));
        Assert.Equal(4L * model.StoredCount, shapes.LiveBytes);
        shapes.Reset();
        using Tape tape = new(shapes);
        Assert.Equal(new Shape(16, 3), model.Apply(tape, tape.Input(new Shape(16, 100, 600))).Shape);
        Assert.Equal(16 * model.MultiplyAdds, shapes.MultiplyAdds);
        Assert.True(shapes.PeakBytes > shapes.Bytes / 3);
        long live = shapes.LiveBytes;
        foreach (Parameter parameter in model.Parameters) Assert.Equal(parameter.Value.Shape, parameter.Gradient.Shape);
        Assert.Equal(live + (4L * model.StoredCount), shapes.LiveBytes);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using ShapeBackend shapes = new();
        using Tape tape = new(shapes);
        Tensor a = tape.Input(new Shape(2, 3)), b = tape.Input(new Shape(2, 3));
        Assert.Throws<ArgumentException>(() => tape.MatrixMultiply(a, b));
        Assert.Throws<ArgumentException>(() => shapes.Multiply(new MatrixProduct(2, 3, 3, false, false, false), a.Data, b.Data, null, a.Data));
        Storage storage = shapes.Allocate(4);
        shapes.Free(storage);
        Assert.Throws<ObjectDisposedException>(() => shapes.Fill(new Slice(storage, 0, 4), 1));
        Assert.Throws<InvalidOperationException>(() => shapes.Free(storage));
        using CpuBackend cpu = new();
        Assert.Throws<ArgumentException>(() => cpu.Fill(a.Data, 1));
    }

    private static void Step(IBackend backend, ModelKind kind)
    {
        using Classifier classifier = Models.Small(backend, kind);
        using Tape tape = new(backend, training: true);
        Tensor loss = tape.BinaryCrossEntropy(classifier.Logits(tape, tape.Input(new Shape(5, Models.Time, Models.Features), new float[5 * Models.Time * Models.Features])), tape.Input(new Shape(5), new float[5]));
        tape.Backward(loss);
    }
}
