using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace EmotionXai.Bench.Ptx;

/// <summary>
/// A device whose memory is the host's and whose kernels are run as PTX, by this interpreter: a backend on it launches what it would
/// launch on a card. Groups have up to 256 threads, warps 32. Every launch is checked.
/// </summary>
internal sealed class PtxDevice : IKernelRunner, IDisposable
{
    private readonly Context _context;
    private readonly CPUAccelerator _accelerator;
    private readonly Dictionary<Type, PtxProgram> _programs = [];
    private readonly Dictionary<Type, Traffic> _traffic = [];
    private readonly Dictionary<Type, Launch> _launches = [];
    private readonly Func<string, string, string>? _change;
    private readonly bool _profile, _fused;

    /// <param name="multiprocessors">How many there are: launches depend on it.</param>
    /// <param name="profile">Whether to count sectors and wavefronts.</param>
    /// <param name="fused">Whether products and sums are fused, as assemblers do it; else they are rounded as they are written.</param>
    /// <param name="change">Changes the text of a kernel, by its name, before it is run: for proofs that faults are found.</param>
    /// <param name="moreShared">Bytes of shared memory that a group may have where its kernel asks for them.</param>
    public PtxDevice(int multiprocessors = 1, bool profile = false, bool fused = false, Func<string, string, string>? change = null, int moreShared = 0)
    {
        _context = Context.Create(builder => builder.CPU(new CPUDevice(32, 8, multiprocessors)).Optimize(OptimizationLevel.O2));
        _accelerator = _context.CreateCPUAccelerator(0, CPUAcceleratorMode.Parallel);
        (_change, _profile, _fused) = (change, profile, fused);
        Device = new GpuDevice(_accelerator, 1L << 30) { Runner = this, MoreSharedBytes = moreShared };
    }

    public GpuDevice Device { get; }

    public Findings Findings { get; } = new();

    /// <summary>The kernels that have been launched.</summary>
    public IReadOnlyDictionary<Type, PtxProgram> Programs => _programs;

    /// <summary>What their accesses cost, where that is counted.</summary>
    public IReadOnlyDictionary<Type, Traffic> Traffic => _traffic;

    /// <summary>The last launch of each kernel.</summary>
    public IReadOnlyDictionary<Type, Launch> Launches => _launches;

    public GpuBackend Backend(ProductMath math = ProductMath.Float32) => GpuBackend.On(Device, math);

    public void Run<TKernel>(AcceleratorStream stream, KernelConfig config, TKernel kernel)
        where TKernel : struct, IKernel
    {
        stream.Synchronize();
        if (!_programs.TryGetValue(typeof(TKernel), out PtxProgram? program))
        {
            KernelSource source = KernelTexts.Source(typeof(TKernel)) ?? KernelSource.Of<TKernel>(typeof(TKernel).Name);
            string text = KernelTexts.Of(source);
            _programs.Add(typeof(TKernel), program = new PtxProgram(source.Name, _change?.Invoke(source.Name, text) ?? text, _fused));
            if (_profile) _traffic.Add(typeof(TKernel), new Traffic(program.Steps.Length));
        }

        if (config.GroupDim.Size > TKernel.MostThreads) throw new InvalidOperationException($"{program.Name} is launched with {config.GroupDim.Size} threads, it is compiled for {TKernel.MostThreads}.");
        GlobalMemory memory = new();
        byte[] parameters = ParameterBlock.Of(kernel, program, memory);
        Extents grid = new(config.GridDim.X, config.GridDim.Y, config.GridDim.Z), block = new(config.GroupDim.X, config.GroupDim.Y, config.GroupDim.Z);
        int shared = config.SharedMemoryConfig.NumElements * config.SharedMemoryConfig.ElementSize;
        _launches[typeof(TKernel)] = new Launch(grid, (int)block.Count, program.Text.SharedBytes + shared);
        using GroupRun run = new(program, Findings, memory, parameters, grid, block, shared, _traffic.GetValueOrDefault(typeof(TKernel)));
        run.Run();
    }

    [SuppressMessage("Design", "CA1822", Justification = "An interface's.")]
    public void Renew(ArrayView<float> memory)
    {
        unsafe
        {
            if (memory.Length > 0) new Span<uint>(Unsafe.AsPointer(ref memory[0]), (int)memory.Length).Fill(GlobalMemory.Unwritten);
        }
    }

    public void Dispose()
    {
        _accelerator.Dispose();
        _context.Dispose();
    }
}

/// <summary>How a kernel was launched.</summary>
internal sealed record Launch(Extents Grid, int Threads, int SharedBytes);
