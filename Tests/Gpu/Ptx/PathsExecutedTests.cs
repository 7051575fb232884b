using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
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
    [InlineData(RecurrentCell.Lstm, 64, Pooling.Mean, 3, 5, 3, 0, false, "lstm-64-paths")]
    [InlineData(RecurrentCell.Lstm, 32, Pooling.Last, 2, 4, 3, 5, false, "lstm-32-paths")]
    [InlineData(RecurrentCell.Lstm, 11, Pooling.Max, 3, 20, 2, 3, false, "lstm-16-paths")]
    [InlineData(RecurrentCell.Lstm, 11, Pooling.Mean, 1, 20, 3, 0, false, "lstm-16-paths", "sum-columns")]
    [InlineData(RecurrentCell.Lstm, 32, Pooling.Mean, 2, 4, 3, 5, true, "lstm-32-paths")]
    [InlineData(RecurrentCell.Lstm, 11, Pooling.Max, 3, 20, 2, 0, true, "lstm-16-paths")]
    [InlineData(RecurrentCell.Gru, 64, Pooling.Max, 3, 5, 3, 0, false, "gru-64-paths")]
    [InlineData(RecurrentCell.Gru, 32, Pooling.Mean, 2, 4, 3, 5, false, "gru-32-paths")]
    [InlineData(RecurrentCell.Gru, 11, Pooling.Last, 3, 20, 2, 3, false, "gru-16-paths")]
    public void Totals_are_those_of_the_tape(RecurrentCell cell, int hidden, Pooling pooling, int pairs, int steps, int time, int units, bool both, params string[] kernels)
    {
        using PtxDevice device = new(fused: true);
        using GpuBackend backend = device.Backend();
        PathCase paths = new(cell, hidden, pooling, pairs, steps, time) { Units = units, Both = both };
        Assert.InRange(paths.Error(backend), 0, 1e-5);
        Assert.Equal([], device.Findings.All);
        Assert.Equal([], kernels.Except(Executed.Names(device)));
    }
}
