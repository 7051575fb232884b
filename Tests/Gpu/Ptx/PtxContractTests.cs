using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Tests.Backends;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>The contract of every backend on the kernels' PTX, in groups of 256 threads and warps of 32: what a card would launch.</summary>
public sealed class PtxContractTests : BackendContract
{
    private static readonly Lazy<PtxDevice> s_device = new(() => new PtxDevice());

    protected override int Rounds => 4;

    protected override IBackend Create()
    {
        // Other tests leave what they found; each answers for its own.
        s_device.Value.Findings.Clear();
        return s_device.Value.Backend();
    }

    public override void Dispose()
    {
        base.Dispose();
        if (s_device.IsValueCreated) Assert.Equal([], s_device.Value.Findings.All);
    }
}
