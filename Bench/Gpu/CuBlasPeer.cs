using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using ILGPU.Runtime.Cuda;

namespace EmotionXai.Bench.Gpu;

/// <summary>NVIDIA's own matrix product, where the machine has the library.</summary>
internal sealed class CuBlasPeer : IDisposable
{
    // CUBLAS_TF32_TENSOR_OP_MATH of cublas_api.h, which ILGPU has no name for.
    private const CuBlasMathMode Tf32 = (CuBlasMathMode)3;

    private readonly GpuBackend _backend;
    private readonly CuBlas _blas;

    private CuBlasPeer(GpuBackend backend, CuBlas blas) => (_backend, _blas) = (backend, blas);

    public static CuBlasPeer? Open(GpuBackend backend)
    {
        if (backend.Accelerator is not CudaAccelerator cuda) return null;
        try
        {
            return new CuBlasPeer(backend, new CuBlas(cuda) { Stream = (CudaStream)backend.Stream });
        }
        catch (Exception e) when (e is DllNotFoundException or NotSupportedException or CuBlasException)
        {
            Console.WriteLine($"cuBLAS: not here ({e.Message})");
            return null;
        }
    }

    /// <summary>C = A B, n x n, by rows: cuBLAS counts by columns, so it is handed the factors the other way round.</summary>
    public void Multiply(int n, Slice a, Slice b, Slice c, bool tf32)
    {
        _blas.MathMode = tf32 ? Tf32 : CuBlasMathMode.DefaultMath;
        _blas.Gemm(CuBlasOperation.NonTranspose, CuBlasOperation.NonTranspose, n, n, n, 1f, _backend.View(b), n, _backend.View(a), n, 0f, _backend.View(c), n);
    }

    public void Dispose() => _blas.Dispose();
}
