using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Prefetches memory, where the machine's own prefetchers do not see it coming: short rows, or rows in no order.</summary>
internal static unsafe class Prefetch
{
    private const int Line = 16;

    /// <summary>Brings numbers to the second-level cache. Does nothing where the processor offers no such instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lines(float* data, int length)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < length; i += Line) Sse.Prefetch1(data + i);
    }

    /// <summary>Brings the lines of two vectors to the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Two(float* data, int distance)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(data);
        Sse.Prefetch0(data + distance);
    }
}
