using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;

namespace EmotionXai.Tests.Backends;

/// <summary>The contract on the GPU's kernels, run by ILGPU's emulation.</summary>
public sealed class EmulatedContractTests : BackendContract
{
    protected override IBackend Create() => GpuBackend.Emulated();

    // Each call is a launch of emulated threads.
    protected override int Rounds => 4;
}
