using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Adam along a product, some rows at a time: their gradient never leaves the caches of a core.</summary>
internal sealed unsafe partial class CpuKernels<V>
{
    // 128 KiB in the second-level cache: with less A and B are packed and read for few rows. To ask for weights and moments ahead of their use took
    // longer, and so did shares of columns: the processor's own prefetchers then reach into the other thread's.
    private const int SteppedAtOnce = 1 << 15;

    public void Adam(in AdamStep step, in MatrixProduct product, float* a, float* b, float* parameter, float* first, float* second, int firstRow, int rows)
    {
        (int n, int k) = (product.N, product.K);
        if (rows == 0 || n == 0) return;
        int atOnce = Math.Min(rows, Math.Max(TileRows, SteppedAtOnce / n / TileRows * TileRows));
        (nint aRow, nint aStep) = (product.TransposeA ? 1 : k, product.TransposeA ? product.M : 1);
        int sizeClass = MemoryPool.ClassOf(checked(((atOnce + TileRows) * (n + k)) + WorkspaceLength));
        float* gradient = _pool.Rent(sizeClass), packed = gradient + ((nint)atOnce * n), workspace = packed + ((nint)(atOnce + TileRows) * k), panels = RentPanels(k, n);
        Pack(b, k, n, product.TransposeB, panels, 0, n);
        RightOperand right = RightOperand.Packed(panels, k, n, PanelWidth);
        for (int row = firstRow, end = firstRow + rows; row < end; row += atOnce)
        {
            int count = Math.Min(atOnce, end - row);
            nint at = (nint)row * n;
            Product(count, 0, n, k, a + (row * aRow), aRow, aStep, right, default, default(Identity), gradient, n, workspace, packed);
            Adam(step, parameter + at, gradient, first + at, second + at, count * n);
        }

        ReturnPanels(panels, k, n);
        _pool.Return(gradient, sizeClass);
    }
}
