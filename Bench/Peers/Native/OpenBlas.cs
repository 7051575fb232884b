using System.Runtime.InteropServices;
using EmotionXai.Engine.Backends;

namespace EmotionXai.Bench.Peers.Native;

/// <summary>OpenBLAS, where the system has it (Debian: libopenblas0-pthread).</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101, AsStored = 111, Transposed = 112;

    /// <summary>Its name, version and kernels; null where it is missing.</summary>
    public static string? Open(int threads)
    {
        // An environment may hold it to kernels of an older processor; here it shows what it can.
        if (OperatingSystem.IsLinux()) Forget("OPENBLAS_CORETYPE");
        if (!NativeLibrary.TryLoad(Library, out _)) return null;
        SetThreads(threads);
        return Marshal.PtrToStringUTF8(Config());
    }

    public static void Multiply(in MatrixProduct p, float* a, float* b, float* c) => Gemm(
        RowMajor, p.TransposeA ? Transposed : AsStored, p.TransposeB ? Transposed : AsStored, p.M, p.N, p.K, 1, a, p.TransposeA ? p.M : p.K, b, p.TransposeB ? p.K : p.N, 0, c, p.N);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Forget(string name);

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    private static partial void SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "openblas_get_config")]
    private static partial nint Config();

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Gemm(int order, int transA, int transB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);
}
