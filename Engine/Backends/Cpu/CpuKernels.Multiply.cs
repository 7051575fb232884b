namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// The matrix product. C is cut into tiles of up to eight rows by two vectors, kept in registers while k runs; A is broadcast
/// from where it lies (either way round), B is read in panels two vectors wide: straight from memory where rows are short,
/// else from a packed copy. Every element of C is one chain of fused multiply-adds over ascending k, so neither the tiling
/// nor the number of threads changes a bit.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    // 256 rows of a panel of 32 columns are 32 KiB: they stay in the first-level cache while the rows of A pass by.
    private const int BlockK = 256;

    // 96 rows of A by BlockK are 96 KiB: they stay in the second-level cache while the panels pass by.
    private const int BlockM = 96;

    // Rows of B longer than this touch a new page at nearly every step; a packed copy pays.
    private const int LongestDirectRow = 512;

    private static int PanelWidth => 2 * V.Count;

    public void Multiply(in MatrixProduct product, float* a, float* b, float* bias, float* c, int firstRow, int rows)
    {
        (int m, int n, int k) = (product.M, product.N, product.K);
        if (rows == 0 || n == 0) return;
        nint aRow = product.TransposeA ? 1 : k, aStep = product.TransposeA ? m : 1;
        float* aFirst = a + (firstRow * aRow), cFirst = c + ((nint)firstRow * n);
        Start(cFirst, bias, rows, n, product.Accumulate);
        if (k == 0) return;
        Right right = Pack(b, k, n, product.TransposeB, rows, out float* packed, out int sizeClass);
        Product(rows, n, k, aFirst, aRow, aStep, right, cFirst, n);
        if (packed != null) _pool.Return(packed, sizeClass);
    }

    /// <summary>C += A B for C with rows <paramref name="cRow"/> apart.</summary>
    private static void Product(int m, int n, int k, float* a, nint aRow, nint aStep, Right b, float* c, nint cRow)
    {
        int width = PanelWidth;
        float* spill = stackalloc float[8 * 2 * V.Count];
        for (int k0 = 0; k0 < k; k0 += BlockK)
        {
            int depth = Math.Min(BlockK, k - k0);
            for (int m0 = 0; m0 < m; m0 += BlockM)
            {
                int height = Math.Min(BlockM, m - m0);
                for (int j = 0; j < n; j += width)
                {
                    bool whole = n - j >= width;
                    float* panel = whole ? b.Panels + (j / width * b.PanelStride) : b.Tail;
                    nint step = whole ? b.Step : width;
                    panel += k0 * step;
                    float* from = a + (m0 * aRow) + (k0 * aStep), to = c + (m0 * cRow) + j;
                    if (whole) Rows(height, depth, from, aRow, aStep, panel, step, to, cRow);
                    else RowsThroughSpill(height, depth, from, aRow, aStep, panel, step, to, cRow, n - j, spill);
                }
            }
        }
    }

    private static void Rows(int m, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow)
    {
        int i = 0;
        if (V.Count == 16)
            for (; i <= m - 8; i += 8) Tile8(k, a + (i * aRow), aRow, aStep, b, bStep, c + (i * cRow), cRow);
        for (; i <= m - 4; i += 4) Tile4(k, a + (i * aRow), aRow, aStep, b, bStep, c + (i * cRow), cRow);
        for (; i < m; i++) Tile1(k, a + (i * aRow), aStep, b, bStep, c + (i * cRow));
    }

    // The last columns, fewer than a panel: tiles are worked out beside C and the columns that exist are copied.
    private static void RowsThroughSpill(
        int m, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, int columns, float* spill)
    {
        int width = PanelWidth;
        for (int i = 0; i < m; i += 8)
        {
            int height = Math.Min(8, m - i);
            new Span<float>(spill, height * width).Clear();
            for (int r = 0; r < height; r++) new Span<float>(c + ((i + r) * cRow), columns).CopyTo(new Span<float>(spill + (r * width), columns));
            Rows(height, k, a + (i * aRow), aRow, aStep, b, bStep, spill, width);
            for (int r = 0; r < height; r++) new Span<float>(spill + (r * width), columns).CopyTo(new Span<float>(c + ((i + r) * cRow), columns));
        }
    }

    private static void Start(float* c, float* bias, int rows, int n, bool accumulate)
    {
        for (int row = 0; row < rows; row++, c += n)
        {
            Span<float> to = new(c, n);
            if (bias == null)
            {
                if (!accumulate) to.Clear();
            }
            else if (!accumulate) new Span<float>(bias, n).CopyTo(to);
            else
            {
                for (int j = 0; j < n; j++) to[j] += bias[j];
            }
        }
    }

    private Right Pack(float* b, int k, int n, bool transposed, int rows, out float* packed, out int sizeClass)
    {
        int width = PanelWidth, panels = (n + width - 1) / width, whole = n / width;
        bool direct = !transposed && (n <= LongestDirectRow || rows <= 16);
        int first = direct ? whole : 0, count = panels - first;
        sizeClass = 0;
        packed = null;
        if (count > 0)
        {
            long length = (long)count * k * width;
            if (length > int.MaxValue / 2) throw new ArgumentException($"A product with {k} x {n} on its right is too large to pack; split its columns.");
            sizeClass = MemoryPool.ClassOf((int)length);
            packed = _pool.Rent(sizeClass);
        }

        for (int p = first; p < panels; p++)
        {
            float* to = packed + ((nint)(p - first) * k * width);
            int j0 = p * width, columns = Math.Min(width, n - j0);
            if (columns < width) new Span<float>(to, k * width).Clear();
            if (transposed)
            {
                for (int j = 0; j < columns; j++)
                {
                    float* from = b + ((nint)(j0 + j) * k);
                    for (int i = 0; i < k; i++) to[((nint)i * width) + j] = from[i];
                }
            }
            else
            {
                for (int i = 0; i < k; i++) new Span<float>(b + ((nint)i * n) + j0, columns).CopyTo(new Span<float>(to + ((nint)i * width), columns));
            }
        }

        float* tail = packed == null ? null : packed + ((nint)(whole - first) * k * width);
        return direct ? new Right(b, width, n, tail) : new Right(packed, (nint)k * width, width, tail);
    }

    /// <summary>The right operand in panels: where the first starts, how far the next is, how far a step of k is; and the packed last one.</summary>
    private readonly struct Right(float* panels, nint panelStride, nint step, float* tail)
    {
        public readonly float* Panels = panels, Tail = tail;
        public readonly nint PanelStride = panelStride, Step = step;
    }
}
