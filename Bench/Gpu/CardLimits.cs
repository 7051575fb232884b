using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace EmotionXai.Bench.Gpu;

/// <summary>What a card can do at most, from its clocks and the multiply-adds that a multiprocessor of its architecture does a cycle (NVIDIA's architecture papers); 0 where that is not known.</summary>
internal sealed record CardLimits(double Single, double Tf32, double Bf16, double Bandwidth)
{
    public static CardLimits Of(Accelerator accelerator)
    {
        if (accelerator is not CudaAccelerator cuda) return new CardLimits(0, 0, 0, 0);
        (int single, int tf32) = cuda.Architecture is { } a ? (a.Major, a.Minor) switch
        {
            (8, 0) => (64, 512),
            (8, 6) or (8, 9) => (128, 128),
            (9, 0) => (128, 1024),
            _ => (0, 0),
        }
        : (0, 0);
        double cycles = 2.0 * cuda.NumMultiprocessors * cuda.ClockRate * 1000;

        // The bus carries two transfers a cycle of its clock.
        return new CardLimits(cycles * single, cycles * tf32, 2 * cycles * tf32, 2.0 * cuda.MemoryClockRate * 1000 * cuda.MemoryBusWidth / 8);
    }
}
