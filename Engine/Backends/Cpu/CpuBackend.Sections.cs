using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// A^T B for many rows of both, as the gradient of weights is: the sum over the first half of the rows plus that over the second. A thread that has walked
/// forward and back through some clips then reads no rows but theirs, and only the weights' gradient passes from one core to another: between
/// cores without a cache in common an LSTM's training step takes a sixth less. The halves are the same for any number of threads, and so are the bits.
/// </summary>
public sealed unsafe partial class CpuBackend
{
    private const int Sections = 2;

    // Fewer rows are worked out so fast that a second C costs more than it saves, and so does a C larger than 1 MiB.
    private const int FewestRows = 512;
    private const int LargestGradient = 1 << 18;

    private static bool HasSections(in MatrixProduct product) =>
        product is { TransposeA: true, TransposeB: false, K: > FewestRows } && (long)product.M * product.N <= LargestGradient;

    private void MultiplySections(in MatrixProduct product, float* a, float* b, float* c)
    {
        int length = product.M * product.N, sizeClass = MemoryPool.ClassOf(length), threads = _workers?.Count ?? 1;
        float* second = _pool.Rent(sizeClass);
        SectionsJob job = new(_kernels, product, a, b, c, second);
        if (threads < Sections)
        {
            for (int section = 0; section < Sections; section++) job.Do(section, Sections);
        }
        else
        {
            _workers!.Run(threads / Sections * Sections, ref job);
        }

        Map(default(Identity), new Operand(second, length), c, length, accumulate: true);
        _pool.Return(second, sizeClass);
    }

    /// <summary>Parts of the first half write to C, those of the second beside it.</summary>
    private readonly struct SectionsJob(ICpuKernels kernels, in MatrixProduct product, float* a, float* b, float* c, float* second) : IJob
    {
        private readonly MatrixProduct _product = product;

        public void Do(int part, int parts)
        {
            int share = parts / Sections, section = part / share, half = _product.K / Sections;
            (int first, int count) = ParallelRange.InBlocks(_product.M, RowsATile, part % share, share);
            MatrixProduct own = section == 0 ? _product with { K = half } : _product with { K = _product.K - half, Accumulate = false };
            nint from = section == 0 ? 0 : half;
            kernels.Multiply(own, a + (from * _product.M), b + (from * _product.N), null, null, default(Identity), section == 0 ? c : second, new Patch(first, count, 0, _product.N));
        }
    }
}
