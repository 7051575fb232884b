using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>Paths in one call of the GPU's backend, on its emulation, beside the tape of Reference.</summary>
public sealed class PathCallTests
{
    [Theory]
    [InlineData(ModelKind.Lstm, 11, Pooling.Mean, 0)]
    [InlineData(ModelKind.Lstm, 11, Pooling.Last, 5)]
    [InlineData(ModelKind.Lstm, 32, Pooling.Max, 0)]
    [InlineData(ModelKind.Lstm, 64, Pooling.Mean, 7)]
    [InlineData(ModelKind.Gru, 11, Pooling.Max, 5)]
    [InlineData(ModelKind.Gru, 11, Pooling.Mean, 0)]
    [InlineData(ModelKind.Gru, 32, Pooling.Last, 0)]
    [InlineData(ModelKind.Gru, 64, Pooling.Mean, 7)]
    public void Totals_are_those_of_the_tape(ModelKind kind, int hidden, Pooling pooling, int units)
    {
        using GpuBackend backend = GpuBackend.Emulated();
        Assert.InRange(new PathCase(kind, hidden, pooling, 3, 5, 4) { Units = units }.Error(backend), 0, 1e-5);
    }
}
