using System.Numerics;
using System.Runtime.InteropServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Native blocks by powers of two, kept for reuse until the pool is disposed. Several workers may rent at once.</summary>
internal sealed unsafe class MemoryPool : IDisposable
{
    private const int SmallestClass = 6;
    private const nuint CacheLine = 64;

    private readonly Stack<nint>[] _free = [.. Enumerable.Range(0, 32).Select(_ => new Stack<nint>())];
    private readonly List<nint> _all = [];

    /// <summary>The class of blocks that hold so many floats.</summary>
    public static int ClassOf(int length) =>
        Math.Max(SmallestClass, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, length - 1)));

    public float* Rent(int sizeClass)
    {
        lock (_all)
        {
            if (_free[sizeClass].TryPop(out nint block)) return (float*)block;
        }

        float* fresh = (float*)NativeMemory.AlignedAlloc(((nuint)1 << sizeClass) * sizeof(float), CacheLine);
        lock (_all) _all.Add((nint)fresh);
        return fresh;
    }

    public void Return(float* block, int sizeClass)
    {
        lock (_all) _free[sizeClass].Push((nint)block);
    }

    public void Dispose()
    {
        foreach (nint block in _all) NativeMemory.AlignedFree((void*)block);
        _all.Clear();
        foreach (Stack<nint> stack in _free) stack.Clear();
    }
}
