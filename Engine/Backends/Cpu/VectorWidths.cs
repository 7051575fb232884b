using System.Runtime.Intrinsics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>The widths there are, widest first, and which of them runs here.</summary>
internal static class VectorWidths
{
    /// <summary>The environment variable that forces a width: 512, 256, 128 or 1.</summary>
    public const string Variable = "EMOTIONXAI_SIMD";

    private static readonly (int Lanes, Func<bool> Supported, Func<MemoryPool, ICpuKernels> Create)[] s_all =
    [
        (16, () => Vector512.IsHardwareAccelerated, pool => new CpuKernels<Real32x16>(pool)),
        (8, () => Vector256.IsHardwareAccelerated, pool => new CpuKernels<Real32x8>(pool)),
        (4, () => Vector128.IsHardwareAccelerated, pool => new CpuKernels<Real32x4>(pool)),
        (1, () => true, pool => new CpuKernels<Real32>(pool)),
    ];

    /// <summary>Lanes of the widths that run here, widest first.</summary>
    public static IEnumerable<int> Supported => s_all.Where(w => w.Supported()).Select(w => w.Lanes);

    /// <summary>Lanes of the width to take: the forced one, else the widest.</summary>
    /// <exception cref="ArgumentException">The forced one is none, or does not run here.</exception>
    public static int Choose()
    {
        string? forced = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(forced)) return Supported.First();
        int lanes = forced switch { "512" => 16, "256" => 8, "128" => 4, "1" => 1, _ => 0 };
        return lanes != 0 && Supported.Contains(lanes)
            ? lanes
            : throw new ArgumentException($"{Variable}={forced}: this machine runs {string.Join(", ", Supported.Select(l => l == 1 ? 1 : 32 * l))}; set one of them, or none for the widest.");
    }

    public static ICpuKernels Create(int lanes, MemoryPool pool) => s_all.First(w => w.Lanes == lanes).Create(pool);
}
