using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// A device that is open: its accelerator and the kernels compiled for it so far. Backends share it, so that a kernel is
/// compiled once in a process however many backends a run makes.
/// </summary>
/// <param name="accelerator">The accelerator.</param>
/// <param name="memory">Bytes that may be taken of it.</param>
/// <param name="dry">A card that is not there and whose launches are counted instead of run; null for a device that runs them.</param>
internal sealed class GpuDevice(Accelerator accelerator, long memory, DryCard? dry = null)
{
    private readonly Lock _loading = new();
    private volatile Delegate?[] _kernels = [];
    private DevicePool? _pool;

    public Accelerator Accelerator { get; } = accelerator;

    /// <summary>The memory of all backends on it.</summary>
    public DevicePool Pool => _pool ?? Interlocked.CompareExchange(ref _pool, new DevicePool(this), null) ?? _pool;

    /// <summary>Bytes that the driver would still give, whoever has the rest; null where only <see cref="Memory"/> bounds it.</summary>
    public Func<long>? FreeBytes { get; init; }

    /// <summary>Whether nothing runs and nothing is copied: launches and bytes are counted, and what is read is zero.</summary>
    public bool IsDry => dry is not null;

    /// <summary>Bytes that may be taken. An emulated device's are the process's, which would be killed rather than refused.</summary>
    public long Memory { get; } = memory;

    /// <summary>Whether this is ILGPU's emulation on the CPU: few threads, each of them dear.</summary>
    public bool IsEmulated => !IsDry && Runner is null && Accelerator.AcceleratorType == AcceleratorType.CPU;

    /// <summary>Whether a group has too few threads for the tiles of a GPU.</summary>
    public bool HasFewThreads => MaxThreads < 256;

    /// <summary>Threads of a group in launches that stride over arrays.</summary>
    public int GroupSize => Math.Min(256, MaxThreads);

    /// <summary>Groups that fill the device several times over; more gain nothing in launches that stride.</summary>
    public int MostGroups => IsEmulated ? 1 : 16 * Multiprocessors;

    /// <summary>Sums that must run at once before a long one is worth splitting. The emulated device splits early, so that tests meet both ways.</summary>
    public int BusySums => IsEmulated ? 256 : 512 * Multiprocessors;

    /// <summary>Tiles of a product that must run at once before its depth is worth splitting.</summary>
    public int BusyTiles => IsEmulated ? 4 : 2 * Multiprocessors;

    /// <summary>Multiprocessors, the unit that groups are shared out to.</summary>
    public int Multiprocessors => dry?.Multiprocessors ?? Accelerator.NumMultiprocessors;

    private int MaxThreads => dry?.Threads ?? Accelerator.MaxNumThreadsPerGroup;

    /// <summary>float32 of shared memory that every device gives a group without being asked for more.</summary>
    public int SharedNumbers => (int)Math.Min(48 * 1024, Accelerator.MaxSharedMemoryPerGroup) / sizeof(float);

    /// <summary>The launcher of a kernel, compiled at its first use.</summary>
    public Action<AcceleratorStream, KernelConfig, TKernel> Load<TKernel>()
        where TKernel : struct, IKernel
    {
        if (Runner is { } runner) return (stream, config, kernel) => runner.Run(stream, config, kernel);
        int index = KernelIndex<TKernel>.Value;
        Delegate?[] kernels = _kernels;
        if (index < kernels.Length && kernels[index] is { } loaded) return (Action<AcceleratorStream, KernelConfig, TKernel>)loaded;
        lock (_loading)
        {
            if (index < _kernels.Length && _kernels[index] is { } meanwhile) return (Action<AcceleratorStream, KernelConfig, TKernel>)meanwhile;
            Delegate?[] grown = new Delegate?[Math.Max(index + 1, _kernels.Length)];
            _kernels.CopyTo(grown, 0);
            KernelSpecialization groups = new(Math.Min(TKernel.MostThreads, Accelerator.MaxNumThreadsPerGroup), null);
            Action<AcceleratorStream, KernelConfig, TKernel> fresh = Accelerator.LoadKernel<TKernel>(KernelEntry.Run, groups);
            grown[index] = fresh;
            _kernels = grown;
            return fresh;
        }
    }

    /// <summary>Runs the kernels instead of the accelerator, whose memory they work in; null where it runs them itself.</summary>
    public IKernelRunner? Runner { get; init; }

    /// <summary>A number for every kernel, in the order of first use.</summary>
    private static class KernelIndex<TKernel>
    {
        public static readonly int Value = KernelIndex.Next();
    }

    private static class KernelIndex
    {
        private static int s_last = -1;

        public static int Next() => Interlocked.Increment(ref s_last);
    }
}

/// <summary>What launches depend on, of a card that is not there.</summary>
/// <param name="Multiprocessors">How many it has.</param>
/// <param name="Threads">The most threads of a group.</param>
internal sealed record DryCard(int Multiprocessors, int Threads)
{
    /// <summary>An H100 (SXM).</summary>
    public static DryCard H100 { get; } = new(132, 1024);
}
