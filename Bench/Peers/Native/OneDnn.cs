using System.Runtime.InteropServices;
using EmotionXai.Engine.Backends;

namespace EmotionXai.Bench.Peers.Native;

/// <summary>oneDNN 2, where the system has it (Debian: libdnnl2). Numbers of enumerations are those of its dnnl_types.h.</summary>
internal static unsafe partial class OneDnn
{
    private const string Library = "libdnnl.so.2", Threads = "libgomp.so.1";

    /// <summary>Its name and version; null where it is missing.</summary>
    public static string? Open(int threads)
    {
        if (!NativeLibrary.TryLoad(Library, out _) || !NativeLibrary.TryLoad(Threads, out _)) return null;
        SetThreads(threads);
        Version* version = GetVersion();
        return $"oneDNN {version->Major}.{version->Minor}.{version->Patch}";
    }

    public static void Multiply(in MatrixProduct p, float* a, float* b, float* c) => Check(
        Gemm((byte)(p.TransposeA ? 'T' : 'N'), (byte)(p.TransposeB ? 'T' : 'N'), p.M, p.N, p.K, 1, a, p.TransposeA ? p.M : p.K, b, p.TransposeB ? p.K : p.N, 0, c, p.N));

    public static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException($"oneDNN answers with status {status}.");
    }

    [LibraryImport(Threads, EntryPoint = "omp_set_num_threads")]
    private static partial void SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "dnnl_version")]
    private static partial Version* GetVersion();

    [LibraryImport(Library, EntryPoint = "dnnl_sgemm")]
    private static partial int Gemm(byte transA, byte transB, long m, long n, long k, float alpha, float* a, long lda, float* b, long ldb, float beta, float* c, long ldc);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Version
    {
        public readonly int Major, Minor, Patch;
    }
}
