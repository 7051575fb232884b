using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Explain;
using EmotionXai.Tests.Backends;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>Paths in one call of the GPU's backend, on its emulation, beside the tape of Reference.</summary>
public sealed class PathCallTests
{
    [Theory]
    [InlineData(RecurrentCell.Lstm, 11, Pooling.Mean, 0, false)]
    [InlineData(RecurrentCell.Lstm, 11, Pooling.Last, 5, false)]
    [InlineData(RecurrentCell.Lstm, 32, Pooling.Max, 0, false)]
    [InlineData(RecurrentCell.Lstm, 64, Pooling.Mean, 7, false)]
    [InlineData(RecurrentCell.Gru, 11, Pooling.Max, 5, false)]
    [InlineData(RecurrentCell.Gru, 11, Pooling.Mean, 0, false)]
    [InlineData(RecurrentCell.Gru, 32, Pooling.Last, 0, false)]
    [InlineData(RecurrentCell.Gru, 64, Pooling.Mean, 7, false)]
    [InlineData(RecurrentCell.Lstm, 11, Pooling.Max, 5, true)]
    [InlineData(RecurrentCell.Lstm, 32, Pooling.Last, 0, true)]
    [InlineData(RecurrentCell.Gru, 11, Pooling.Mean, 5, true)]
    public void Totals_are_those_of_the_tape(RecurrentCell cell, int hidden, Pooling pooling, int units, bool both)
    {
        using GpuBackend backend = GpuBackend.Emulated();
        Assert.InRange(new PathCase(cell, hidden, pooling, 3, 5, 4) { Units = units, Both = both }.Error(backend), 0, 1e-5);
    }

    [Theory]
    [InlineData(Activation.Identity)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Softplus)]
    public void Every_activation_has_its_slope(Activation activation)
    {
        using GpuBackend backend = GpuBackend.Emulated();
        Assert.InRange(new PathCase(RecurrentCell.Gru, 6, Pooling.Mean, 2, 3, 3) { Units = 9, Activation = activation }.Error(backend), 0, 1e-5);
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(9, 40)]
    [InlineData(1, 1)]
    public void Sections_and_turns_add_up(int pairs, int steps)
    {
        using GpuBackend backend = GpuBackend.Emulated();
        PathCase paths = new(RecurrentCell.Lstm, 5, Pooling.Max, pairs, steps, 3);
        Assert.InRange(paths.Error(backend), 0, 1e-5);
        Assert.Equal(paths.InOneCall(backend), paths.InOneCall(backend));
    }

    // A group's place for the way back holds two rows of these, and there is room for one place.
    [Fact]
    public void Long_sequences_take_few_rows()
    {
        using GpuBackend backend = GpuBackend.Emulated(1 << 24);
        Assert.InRange(new PathCase(RecurrentCell.Lstm, 8, Pooling.Last, 2, 5, 2000).Error(backend), 0, 1e-5);
        Assert.Equal(0, backend.LiveBuffers);
    }

    [Theory]
    [InlineData(ModelKind.Rnn, 8, false)]
    [InlineData(ModelKind.Dense, 8, false)]
    [InlineData(ModelKind.RandomGru, 8, false)]
    [InlineData(ModelKind.Lstm, 2000, false)]
    [InlineData(ModelKind.Lstm, 8, true)]
    public void Other_bodies_go_over_the_tape(ModelKind kind, int hidden, bool normalized)
    {
        using GpuBackend backend = GpuBackend.Emulated();
        using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [hidden], Normalize = normalized }.Build(backend, 2, 3, 1);
        Assert.Null(PathCall.For(backend, classifier, 4));
    }

    [Fact]
    public void Reference_goes_over_the_tape()
    {
        using ReferenceBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = ModelKind.Lstm }.Build(backend, 2, 3, 1);
        Assert.NotNull(classifier.PathBody);
        Assert.Null(PathCall.For(backend, classifier, 4));
    }

    [Fact]
    public void A_watched_backend_takes_what_it_watches_takes()
    {
        Profile profile = Profiles.New();
        using GpuBackend backend = GpuBackend.Emulated();
        IBackend watched = profile.Watch(backend, threads: 1);
        PathCase paths = new(RecurrentCell.Gru, 5, Pooling.Mean, 2, 3, 3);
        Assert.Equal(paths.InOneCall(backend), paths.InOneCall(watched));
    }

    [Fact]
    public void Wrong_slices_are_refused()
    {
        using GpuBackend gpu = GpuBackend.Emulated();
        IIntegratesPaths backend = gpu;
        RecurrentPaths paths = new(RecurrentCell.Lstm, 2, 3, 2, 4, Directions: 1, Averaged: 2, Units: 0);
        int length = 2 * 2 * 4 * 4;
        RecurrentWeights body = new(new DirectionWeights(New(4 * 4 * 4), null), null, null, null, New(4));
        Slice ends = New(length), nodes = New(3), total = New(length);
        Throws(ends.Part(0, length - 1), nodes, body, total);
        Throws(ends, nodes.Part(0, 2), body, total);
        Throws(ends, nodes, body with { Readout = New(5) }, total);
        Throws(ends, nodes, body with { Forward = new DirectionWeights(New(3), null) }, total);
        Throws(ends, nodes, body, ends);
        Throws(ends, nodes, body, New(length + 1));

        Slice New(int length) => new(gpu.Allocate(length), 0, length);

        void Throws(Slice start, Slice nodes, RecurrentWeights body, Slice total) =>
            Assert.Throws<ArgumentException>(() => backend.IntegratePaths(paths, start, ends, nodes, nodes, body, new ActivationSlope(Activation.Gelu), total));
    }
}
