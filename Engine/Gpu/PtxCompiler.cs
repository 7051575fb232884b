using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace EmotionXai.Engine.Gpu;

/// <summary>Compiles kernels to PTX, the assembly that NVIDIA's driver takes, on a machine that has no GPU.</summary>
internal sealed class PtxCompiler : IDisposable
{
    private readonly Context _context;
    private readonly PTXBackend _backend;

    /// <summary>A compiler for an architecture, such as 9.0 for sm_90.</summary>
    public PtxCompiler(int major, int minor)
    {
        Target = $"sm_{major}{minor}";

        // As GpuDevices makes it for a device; without libdevice, which no kernel calls. 7.8 is the oldest PTX that knows sm_90.
        _context = Context.Create(builder => Instructions.Register(builder.Cuda().Optimize(OptimizationLevel.O2)));
        _backend = new PTXBackend(_context, new CudaArchitecture(major, minor), CudaInstructionSet.ISA_80, null!);
    }

    /// <summary>The architectures that everything is checked for: A100's and H100's.</summary>
    public static IReadOnlyList<(int Major, int Minor)> Architectures { get; } = [(8, 0), (9, 0)];

    public string Target { get; }

    public string Compile(KernelSource kernel)
    {
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Entry);
        return ((PTXCompiledKernel)_backend.Compile(entry, new KernelSpecialization(kernel.MostThreads, null))).PTXAssembly;
    }

    public void Dispose()
    {
        _backend.Dispose();
        _context.Dispose();
    }
}
