using EmotionXai.Engine.Gpu;
using EmotionXai.Landmarks;

namespace EmotionXai.Cli;

/// <summary>The devices of the GPU package, by the names that <c>--device</c> and <c>--math</c> make.</summary>
internal static class GpuNames
{
    /// <summary>Makes them known to <see cref="Backends"/>, which does without the package.</summary>
    public static void Register()
    {
        ProductMath[] rounded = Enum.GetValues<ProductMath>();
        foreach (ProductMath math in rounded) Backends.Register(WithMath("gpu", math), () => new GpuBackend(math));
        foreach (ProductMath math in rounded) Backends.Register(WithMath("emulated", math), () => GpuBackend.Emulated(math));
    }

    /// <summary>A device with what its products are rounded to: <c>gpu:tf32</c>.</summary>
    /// <exception cref="ArgumentException">The device rounds nothing.</exception>
    public static string WithMath(string name, ProductMath math) => math == ProductMath.Float32 ? name
        : name is "gpu" or "emulated" ? $"{name}:{math.ToString().ToLowerInvariant()}"
        : throw new ArgumentException($"--math {math.ToString().ToLowerInvariant()}: --device {name} computes in its own precision; take --device gpu, or leave --math out.");
}
