using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<Type, int> _shared = [];
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

    /// <summary>The most threads of a group.</summary>
    public int MaxThreads => dry?.Threads ?? Accelerator.MaxNumThreadsPerGroup;

    /// <summary>Bytes of shared memory that a group may have where its kernel asks for more than it gets unasked; 0 where there is no more.</summary>
    public int MoreSharedBytes { get; init; } = dry?.SharedBytes ?? 0;

    /// <summary>Asks the driver for that much for a kernel, and gives the bytes that a launch of it may ask for, 0 where it is refused; null where nobody need be asked.</summary>
    public Func<Kernel, int, int>? AllowShared { get; init; }

    /// <summary>float32 of shared memory that a launch of a kernel may ask for: what every device gives, or more where there is more and the driver allows it.</summary>
    public int SharedNumbers<TKernel>()
        where TKernel : struct, IKernel => _shared.GetOrAdd(typeof(TKernel), static (_, device) => device.SharedBytes<TKernel>(), this) / sizeof(float);

    /// <summary>float32 of shared memory that every device gives a group without being asked for more.</summary>
    public int UnaskedSharedNumbers => (int)Math.Min(48 * 1024, Accelerator.MaxSharedMemoryPerGroup) / sizeof(float);

    private int SharedBytes<TKernel>()
        where TKernel : struct, IKernel
    {
        int unasked = UnaskedSharedNumbers * sizeof(float), more = MoreSharedBytes;
        if (more <= unasked) return unasked;
        if (AllowShared is null) return more;
        Accelerator.Bind();
        return Load<TKernel>().TryGetKernel(out Kernel? kernel) ? Math.Max(unasked, AllowShared(kernel, more)) : unasked;
    }

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

    /// <summary>Where launches can be kept; null where they cannot.</summary>
    public IGraphs? Graphs { get; set; }

    /// <summary>Why launches are not kept any more, on a device that said it could; null as long as it does.</summary>
    public string? GraphsRefused { get; private set; }

    /// <summary>From now on every kernel is launched by itself.</summary>
    public void RefuseGraphs(string why) => (Graphs, GraphsRefused) = (null, GraphsRefused ?? why);

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
/// <param name="SharedBytes">The most shared memory of a group whose kernel asks for it.</param>
internal sealed record DryCard(int Multiprocessors, int Threads, int SharedBytes)
{
    /// <summary>An H100 (SXM).</summary>
    public static DryCard H100 { get; } = new(132, 1024, 227 << 10);
}
