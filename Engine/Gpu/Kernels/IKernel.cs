using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// What a thread of a GPU does. A kernel is a struct: its fields are the parameters of a launch, <see cref="Run"/> is one
/// thread. Flags are int, since bool has no fixed layout across devices.
/// </summary>
internal interface IKernel
{
    /// <summary>The largest group it is launched with; the compiler shares the registers out accordingly.</summary>
    static virtual int MostThreads => 256;

    /// <summary>One thread.</summary>
    void Run();
}

/// <summary>The one entry point of every kernel.</summary>
internal static class KernelEntry
{
    public static void Run<TKernel>(TKernel kernel)
        where TKernel : struct, IKernel => kernel.Run();
}

/// <summary>All threads of a launch in one row, for loops that stride over a whole array: any launch covers any length.</summary>
internal static class Threads
{
    public static int First => (Grid.IdxX * Group.DimX) + Group.IdxX;

    public static int Count => Grid.DimX * Group.DimX;
}
