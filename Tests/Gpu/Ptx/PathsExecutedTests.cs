using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Tests.Explain;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>Paths in one launch, run as PTX with products fused, beside the tape of Reference.</summary>
public sealed class PathsExecutedTests
{
    // 64 units: more jobs than groups. 11 units: several turns of a group, whose sums are added; then sections, whose sums are added by another kernel.
    [Theory]
    [InlineData(ModelKind.Lstm, 64, Pooling.Mean, 3, 5, 3, 0, "lstm-64-paths")]
    [InlineData(ModelKind.Lstm, 32, Pooling.Last, 2, 4, 3, 5, "lstm-32-paths")]
    [InlineData(ModelKind.Lstm, 11, Pooling.Max, 3, 20, 2, 3, "lstm-16-paths")]
    [InlineData(ModelKind.Lstm, 11, Pooling.Mean, 1, 20, 3, 0, "lstm-16-paths", "sum-columns")]
    [InlineData(ModelKind.Gru, 64, Pooling.Max, 3, 5, 3, 0, "gru-64-paths")]
    [InlineData(ModelKind.Gru, 32, Pooling.Mean, 2, 4, 3, 5, "gru-32-paths")]
    [InlineData(ModelKind.Gru, 11, Pooling.Last, 3, 20, 2, 3, "gru-16-paths")]
    public void Totals_are_those_of_the_tape(ModelKind kind, int hidden, Pooling pooling, int pairs, int steps, int time, int units, params string[] kernels)
    {
        using PtxDevice device = new(fused: true);
        using GpuBackend backend = device.Backend();
        PathCase paths = new(kind, hidden, pooling, pairs, steps, time) { Units = units };
        Assert.InRange(paths.Error(backend), 0, 1e-5);
        Assert.Equal([], device.Findings.All);
        Assert.Equal([], kernels.Except(Executed.Names(device)));
    }
}
