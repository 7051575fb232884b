using System.Diagnostics.CodeAnalysis;
using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace EmotionXai.Engine.Gpu;

/// <summary>Finds devices and opens them, each once in a process.</summary>
public static class GpuDevices
{
    // Four threads: two warps of two, enough for barriers, shuffles and two-dimensional tiles to matter.
    private const int EmulatedWarp = 2;
    private const int EmulatedWarps = 2;

    // Of what a card has free, so much stays for the kernels themselves.
    private const long Reserve = 64 << 20;

    private static readonly Lock s_opening = new();
    private static Context? s_context;
    private static GpuDevice? s_gpu, s_emulated;

    /// <summary>A line for every GPU found, the best first: name, memory, what it can do.</summary>
    public static IReadOnlyList<string> Describe() => [.. Ranked().Select(Describe)];

    /// <summary>What an emulated device is.</summary>
    public static string DescribeEmulated() => $"the GPU kernels on {EmulatedWarp * EmulatedWarps} CPU threads, for tests; slow";

    /// <summary>Why the best GPU keeps no launches though it should; null where it does, or none was opened.</summary>
    internal static string? GraphsRefused => s_gpu?.GraphsRefused;

    /// <summary>What a machine without a GPU lacks.</summary>
    public static string Missing => "no CUDA device (is NVIDIA's driver installed, libcuda.so?) and no OpenCL GPU was found";

    internal static GpuDevice Gpu(ProductMath math)
    {
        GpuDevice device = Gpu();
        if (math == ProductMath.Float32 || HasTensorCores(device)) return device;
        throw new EngineException($"--math {math.ToString().ToLowerInvariant()}: {device.Accelerator.Name} has no tensor cores for it (NVIDIA from sm_80 on has); take --math float32.");
    }

    private static GpuDevice Gpu()
    {
        lock (s_opening)
        {
            if (s_gpu is not null) return s_gpu;
            Device best = Ranked().FirstOrDefault() ?? throw new EngineException(
                $"--device gpu: {Missing}; choose --device cpu, or --device emulated to try the GPU kernels slowly.");
            try
            {
                Accelerator accelerator = best.CreateAccelerator(Found());
                return s_gpu = accelerator is not CudaAccelerator cuda
                    ? new GpuDevice(accelerator, best.MemorySize)
                    : new GpuDevice(cuda, best.MemorySize) { FreeBytes = () => FreeOf(cuda), MoreSharedBytes = CudaDriver.SharedBytes(cuda), AllowShared = CudaDriver.AllowShared, Graphs = new CudaGraphs() };
            }
            catch (Exception e) when (e is AcceleratorException or NotSupportedException)
            {
                throw new EngineException($"--device gpu: {best.Name} cannot be opened: {e.Message}", e);
            }
        }
    }

    internal static GpuDevice Emulated()
    {
        lock (s_opening)
        {
            return s_emulated ??= Emulated(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, EmulatedWarp, EmulatedWarps);
        }
    }

    /// <summary>An emulated device of its own, with so much memory, warps of so many threads and groups of so many warps.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "Kept for the life of the process.")]
    internal static GpuDevice Emulated(long memory, int warp, int warps, DryCard? dry = null)
    {
        Context context = Context.Create(builder => builder.CPU(new CPUDevice(warp, warps, 1)).Optimize(OptimizationLevel.O2));
        return new GpuDevice(context.CreateCPUAccelerator(0, CPUAcceleratorMode.Parallel), memory, dry);
    }

    /// <summary>A card that is not there: launches are counted, none is run.</summary>
    internal static GpuDevice Dry(DryCard card, long memory, bool keeps)
    {
        GpuDevice device = Emulated(memory, EmulatedWarp, EmulatedWarps, card);
        if (keeps) device.Graphs = new DryGraphs();
        return device;
    }

    // The driver tells it of the context that is the thread's.
    private static long FreeOf(CudaAccelerator cuda)
    {
        cuda.Bind();
        return cuda.GetFreeMemory() - Reserve;
    }

    /// <summary>Whether the best GPU has tensor cores for TF32 and BF16.</summary>
    internal static bool HasTensorCores() => HasTensorCores(Gpu());

    private static bool HasTensorCores(GpuDevice device) => device.Accelerator is CudaAccelerator cuda && TensorCores(cuda.Architecture);

    // CUDA before OpenCL, then the most multiprocessors, then the most memory.
    private static IEnumerable<Device> Ranked() => Found().Devices
        .Where(d => d is CudaDevice || (d is CLDevice cl && cl.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU)))
        .OrderByDescending(d => d is CudaDevice).ThenByDescending(d => d.NumMultiprocessors).ThenByDescending(d => d.MemorySize);

    private static Context Found() => s_context ??= Context.Create(builder => Instructions.Register(builder.Cuda().OpenCL().Optimize(OptimizationLevel.O2)));

    private static string Describe(Device device)
    {
        string what = device is CudaDevice cuda ? $"CUDA {cuda.Architecture}, tf32 and bf16 {(TensorCores(cuda.Architecture) ? "yes" : "no")}" : "OpenCL, float32 only";
        return $"{device.Name}: {device.MemorySize >> 20} MiB, {device.NumMultiprocessors} multiprocessors, {what}";
    }

    /// <summary>Whether a device multiplies TF32 and BF16 on tensor cores: from Ampere on.</summary>
    private static bool TensorCores(CudaArchitecture? architecture) => architecture is { Major: >= 8 };
}
