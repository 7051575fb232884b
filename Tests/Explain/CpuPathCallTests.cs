using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>Paths in one call of Cpu, at every vector width, beside the tape of Reference.</summary>
public sealed class CpuPathCallTests
{
    public static TheoryData<RecurrentCell, int, Pooling, int, bool> Bodies()
    {
        TheoryData<RecurrentCell, int, Pooling, int, bool> bodies = [];
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
            foreach (Pooling pooling in Enum.GetValues<Pooling>())
                foreach ((int hidden, int units, bool both) in new[] { (1, 0, false), (11, 5, true), (24, 0, true), (64, 17, false) }) bodies.Add(cell, hidden, pooling, units, both);
        return bodies;
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Totals_are_those_of_the_tape(RecurrentCell cell, int hidden, Pooling pooling, int units, bool both)
    {
        PathCase paths = new(cell, hidden, pooling, Pairs: 3, Steps: 9, Time: 4) { Units = units, Both = both };
        double[]? first = null;
        foreach (int width in VectorWidths.Supported)
        {
            using CpuBackend backend = new(1, width);
            Assert.InRange(paths.Error(backend), 0, 1e-5);
            double[] totals = paths.InOneCall(backend);
            Assert.Equal(first ??= totals, totals);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(2, 8, 2)]
    [InlineData(5, 33, 7)]
    [InlineData(2, 50, 700)]
    public void Every_extent_gives_what_the_tape_gives(int pairs, int steps, int time)
    {
        using CpuBackend backend = new();
        Assert.InRange(new PathCase(RecurrentCell.Lstm, 16, Pooling.Mean, pairs, steps, time).Error(backend), 0, 1e-5);
        Assert.InRange(new PathCase(RecurrentCell.Gru, 16, Pooling.Max, pairs, steps, time).Error(backend), 0, 1e-5);
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
        using CpuBackend backend = new();
        Assert.InRange(new PathCase(RecurrentCell.Gru, 6, Pooling.Mean, 2, 3, 3) { Units = 19, Activation = activation }.Error(backend), 0, 1e-5);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        PathCase paths = new(RecurrentCell.Lstm, 64, Pooling.Last, Pairs: 7, Steps: 50, Time: 20) { Units = 8 };
        using CpuBackend one = new(1), three = new(3);
        Assert.Equal(paths.InOneCall(one), paths.InOneCall(three));
    }

    [Fact]
    public void What_is_not_a_number_stays_none()
    {
        using CpuBackend backend = new(1);
        PathCase paths = new(RecurrentCell.Lstm, 16, Pooling.Mean, 2, 3, 4) { Spoils = 5 };
        Assert.True(double.IsNaN(paths.InOneCall(backend)[5]));
    }
}
