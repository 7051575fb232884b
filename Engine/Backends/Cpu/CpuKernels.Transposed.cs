using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// C = A B^T for few rows of A and many of B, the way back through a wide layer. Packing B's panels would transpose every weight
/// for a handful of multiply-adds; here C^T = B A^T is worked out instead, with B read once as it lies and only A and C transposed.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    // With more rows than two vectors hold, panels of B are used often enough to pay for transposing them.
    private static int MostTransposedRows => 2 * V.Count;

    private static bool UsesTransposed(in MatrixProduct product, float* bias, in Patch patch) =>
        product is { TransposeB: true, TransposeA: false, Accumulate: false, K: > 0 } && bias == null && patch.Rows <= MostTransposedRows && patch.Columns >= TileRows;

    private void MultiplyTransposed(int m, int n, int k, float* a, float* b, float* c, nint cRow)
    {
        int width = (m + V.Count - 1) / V.Count * V.Count;
        int sizeClass = MemoryPool.ClassOf(checked(width * (k + TileRows)));
        float* transposed = _pool.Rent(sizeClass), tile = transposed + ((nint)width * k);
        if (m < width) new Span<float>(transposed, width * k).Clear();
        Packings.Count();
        Transpose.Blocks(a, m, k, k, transposed, width);
        for (int j = 0; j < n; j += TileRows)
        {
            // The last rows of B are taken together with some before them: what is written twice is the same twice.
            int first = Math.Min(j, n - TileRows);
            float* rows = b + ((nint)first * k);
            if (first + (2 * TileRows) <= n) Prefetch.Lines(rows + ((nint)TileRows * k), TileRows * k);
            for (int i = 0; i < width; i += V.Count) TallTile8(k, rows, k, transposed + i, width, tile + i);
            Transpose.Blocks(tile, TileRows, m, width, c + first, cRow);
        }

        _pool.Return(transposed, sizeClass);
    }

    // Eight rows by one vector: eight chains, enough to hide the four cycles of a multiply-add on two ports.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TallTile8(int k, float* a, nint aRow, float* b, nint bStep, float* c)
    {
        V x0 = V.Splat(0), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0, x6 = x0, x7 = x0;
        for (int i = 0; i < k; i++)
        {
            V right = V.Load(b);
            V.AddProduct(ref x0, V.Splat(*a), right);
            V.AddProduct(ref x1, V.Splat(a[aRow]), right);
            V.AddProduct(ref x2, V.Splat(a[2 * aRow]), right);
            V.AddProduct(ref x3, V.Splat(a[3 * aRow]), right);
            V.AddProduct(ref x4, V.Splat(a[4 * aRow]), right);
            V.AddProduct(ref x5, V.Splat(a[5 * aRow]), right);
            V.AddProduct(ref x6, V.Splat(a[6 * aRow]), right);
            V.AddProduct(ref x7, V.Splat(a[7 * aRow]), right);
            a++;
            b += bStep;
        }

        V.Store(c, x0);
        V.Store(c + bStep, x1);
        V.Store(c + (2 * bStep), x2);
        V.Store(c + (3 * bStep), x3);
        V.Store(c + (4 * bStep), x4);
        V.Store(c + (5 * bStep), x5);
        V.Store(c + (6 * bStep), x6);
        V.Store(c + (7 * bStep), x7);
    }
}
