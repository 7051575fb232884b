using System.Numerics;
using System.Runtime.InteropServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Native blocks by powers of two, kept for reuse until the pool is disposed. Several threads may rent at once. A block that is
/// lent when the pool is disposed stays until it is returned, or until nobody knows the pool any more: whoever still works on
/// it at that moment does no harm.
/// </summary>
internal sealed unsafe class MemoryPool : IDisposable
{
    private const int SmallestClass = 6;
    private const nuint CacheLine = 64;

    private readonly Lock _gate = new();
    private readonly Stack<nint>[] _free = [.. Enumerable.Range(0, 32).Select(_ => new Stack<nint>())];
    private readonly HashSet<nint> _all = [];
    private bool _disposed;

    ~MemoryPool() => FreeAll(_all);

    /// <summary>The class of blocks that hold so many floats.</summary>
    public static int ClassOf(int length) =>
        Math.Max(SmallestClass, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, length - 1)));

    public float* Rent(int sizeClass)
    {
        lock (_gate)
        {
            if (_free[sizeClass].TryPop(out nint block)) return (float*)block;
        }

        float* fresh = (float*)NativeMemory.AlignedAlloc(((nuint)1 << sizeClass) * sizeof(float), CacheLine);
        lock (_gate) _all.Add((nint)fresh);
        return fresh;
    }

    public void Return(float* block, int sizeClass)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _free[sizeClass].Push((nint)block);
                return;
            }

            _all.Remove((nint)block);
        }

        NativeMemory.AlignedFree(block);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (Stack<nint> stack in _free)
            {
                foreach (nint block in stack) _all.Remove(block);
                FreeAll(stack);
                stack.Clear();
            }

            // Without lent blocks there is nothing left to wait for.
            if (_all.Count == 0) GC.SuppressFinalize(this);
        }
    }

    private static void FreeAll(IEnumerable<nint> blocks)
    {
        foreach (nint block in blocks) NativeMemory.AlignedFree((void*)block);
    }
}
