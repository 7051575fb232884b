using EmotionXai.Engine.Backends;
using DeviceBuffer = ILGPU.Runtime.MemoryBuffer1D<float, ILGPU.Stride1D.Dense>;

namespace EmotionXai.Engine.Gpu;

/// <summary>A buffer in the memory of the device.</summary>
internal sealed class GpuStorage(GpuBackend owner, DeviceBuffer memory, int length, int sizeClass) : Storage(length)
{
    public GpuBackend Owner { get; } = owner;

    public DeviceBuffer Memory { get; } = memory;

    public int SizeClass { get; } = sizeClass;

    public bool Live { get; set; } = true;
}
