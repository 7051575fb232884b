
namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>A block of native memory, aligned to a cache line.</summary>
internal sealed unsafe class CpuStorage(CpuBackend owner, float* memory, int length, int sizeClass) : Storage(length)
{
    private int _retired;

    public CpuBackend Owner { get; } = owner;

    public float* Memory { get; } = memory;

    public int SizeClass { get; } = sizeClass;

    /// <summary>What it holds, where that will not change.</summary>
    public SealedWeights? Sealed { get; set; }

    public bool Live => Volatile.Read(ref _retired) == 0;

    /// <summary>Ends its life; false where it had ended before.</summary>
    public bool Retire() => Interlocked.Exchange(ref _retired, 1) == 0;
}
