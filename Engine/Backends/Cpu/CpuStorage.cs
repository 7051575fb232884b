using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>A block of native memory, aligned to a cache line.</summary>
internal sealed unsafe class CpuStorage(CpuBackend owner, float* memory, int length, int sizeClass) : Storage(length)
{
    public CpuBackend Owner { get; } = owner;

    public float* Memory { get; } = memory;

    public int SizeClass { get; } = sizeClass;

    public bool Live { get; set; } = true;
}
