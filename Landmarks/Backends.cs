using EmotionXai.Engine;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Gpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Backends.Reference;

namespace EmotionXai.Landmarks;

/// <summary>The backends, by their names on the command line.</summary>
public static class Backends
{
    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cpu", "reference", "gpu", "emulated"];

    /// <summary>The device whose weights float32 does not hold.</summary>
    internal const string Exact = "reference";

    /// <summary>A backend.</summary>
    /// <param name="name">One of <see cref="Names"/>; <c>gpu:tf32</c> and its like name what a GPU's products are rounded to.</param>
    /// <param name="threads">Threads that share its products; results do not depend on them.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IBackend Create(string name, int threads = 1) => name switch
    {
        "cpu" => new CpuBackend(threads),
        "reference" => new ReferenceBackend(),
        "gpu" => new GpuBackend(),
        "gpu:tf32" => new GpuBackend(ProductMath.Tf32),
        "gpu:bf16" => new GpuBackend(ProductMath.Bf16),
        "emulated" => GpuBackend.Emulated(),
        "emulated:tf32" => GpuBackend.Emulated(ProductMath.Tf32),
        "emulated:bf16" => GpuBackend.Emulated(ProductMath.Bf16),
        _ => throw new ArgumentException($"--device {name}: there is no such device; choose {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>The width of the vectors that a device computes with, where results depend on it; else an empty text.</summary>
    internal static string VectorsOf(string name)
    {
        if (name != "cpu") return "";
        using CpuBackend cpu = new(1);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cpu.Width * 32}-bit");
    }

    /// <summary>Looks whether a device is there, so that a run fails at its start.</summary>
    /// <exception cref="EngineException">There is no GPU, or it cannot be opened.</exception>
    public static void Require(string name)
    {
        if (name.StartsWith("gpu", StringComparison.Ordinal)) GpuDevices.Open(name == "gpu" ? ProductMath.Float32 : Enum.Parse<ProductMath>(name[4..], ignoreCase: true));
    }

    /// <summary>A device with what its products are rounded to, as <see cref="Create(string, int)"/> takes it.</summary>
    /// <exception cref="ArgumentException">The device rounds nothing.</exception>
    public static string WithMath(string name, ProductMath math) => math == ProductMath.Float32 ? name
        : name is "gpu" or "emulated" ? $"{name}:{math.ToString().ToLowerInvariant()}"
        : throw new ArgumentException($"--math {math.ToString().ToLowerInvariant()}: --device {name} computes in its own precision; take --device gpu, or leave --math out.");

    /// <summary>The same, watched by a profile where one is given.</summary>
    /// <inheritdoc cref="Create(string, int)"/>
    public static IBackend Create(string name, int threads, Profile? profile)
    {
        IBackend backend = Create(name, threads);

        // A profile times calls: each must be done when it returns.
        if (profile is not null && backend is GpuBackend gpu) gpu.WaitsAfterEveryCall = true;
        return profile?.Watch(backend, threads) ?? backend;
    }
}
