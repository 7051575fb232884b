using System.Runtime.CompilerServices;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// The matrix product. C is cut into tiles of up to eight rows by two vectors, kept in registers while k runs. B is read in
/// panels two vectors wide, straight from memory where rows are short, else from a packed copy; A is broadcast from where it
/// lies, or from a packed copy where it is read often and its steps are far apart. Every element of C is one chain of fused multiply-adds over ascending k, so neither the tiling
/// nor the number of threads changes a bit. (<see cref="CpuBackend"/> asks for some products in two halves of k.)
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    // 512 rows of a panel of 32 columns are 64 KiB. A first-level cache would hold half of it, but the second level delivers
    // the 16 bytes a cycle that a tile needs, and C is then walked over half as often: measured 10 to 20 % faster at 1024.
    private const int BlockK = 512;

    // 256 rows of a packed A by BlockK are 512 KiB: they stay in a second-level cache of 1 MiB while the panels pass by; twice as many did not.
    private const int BlockM = 256;

    // With fewer panels A is read too seldom to pay for its copy; for one with rows as they are read, many more have to be.
    private const int FewPanels = 4;
    private const int ManyPanels = 16;

    // Steps of A further apart than this touch a new page nearly every time.
    private const int LongestDirectStep = 512;

    // Rows of B longer than this touch a new page at nearly every step; a packed copy pays.
    private const int LongestDirectRow = 512;

    // With so few rows of A a panel is read too seldom to pay for its copy, with a few more it is where its rows are short.
    private const int FewRows = 16;
    private const int SomeRows = 64;

    private static int PanelWidth => 2 * V.Count;

    // A whole panel of zeros, what a tile starts from when C is replaced; the bytes after it take a packed panel.
    private static int WorkspaceLength => PanelWidth * (1 + BlockK);

    private const int TileRows = 8;
    private const int RowsOfSixteenRegisters = 6;

    public void Multiply<TFinish>(in MatrixProduct product, float* a, float* b, float* panels, float* bias, TFinish finish, float* c, in Patch patch)
        where TFinish : struct, IUnary
    {
        (int m, int n, int k) = (product.M, product.N, product.K);
        if (patch.Rows == 0 || patch.Columns == 0) return;
        nint aRow = product.TransposeA ? 1 : k, aStep = product.TransposeA ? m : 1;
        float* aFirst = a + (patch.FirstRow * aRow), cFirst = c + ((nint)patch.FirstRow * n);
        if (product.Accumulate && bias != null) AddBias(cFirst, bias, n, patch);
        if (k == 0)
        {
            if (!product.Accumulate) SetBias(cFirst, bias, n, patch);
            Finish(finish, cFirst + patch.FirstColumn, n, patch.Rows, patch.Columns);
            return;
        }

        if (IsColumn(product, patch))
        {
            MultiplyColumn(patch.Rows, k, aFirst, b, bias == null ? 0 : *bias, cFirst);
            Finish(finish, cFirst, patch.Rows, 1, patch.Rows);
            return;
        }

        if (UsesTransposed(product, bias, patch))
        {
            MultiplyTransposed(patch.Rows, patch.Columns, k, aFirst, b + ((nint)patch.FirstColumn * k), cFirst + patch.FirstColumn, n);
            Finish(finish, cFirst + patch.FirstColumn, n, patch.Rows, patch.Columns);
            return;
        }

        bool direct = !product.TransposeB && ReadsDirectly(patch.Rows, n);
        RightOperand right = direct || panels == null ? new(b, k, n, product.TransposeB, PanelWidth, direct) : RightOperand.Packed(panels, k, n, PanelWidth);
        Start start = product.Accumulate ? Start.Held : new Start(bias);
        int often = aStep > LongestDirectStep ? FewPanels : ManyPanels;
        bool packs = patch.Rows > FewRows && patch.Columns >= often * PanelWidth && Math.Max(aRow, aStep) > LongestDirectStep;
        int sizeClass = MemoryPool.ClassOf(WorkspaceLength + (packs ? BlockM * BlockK : 0));
        float* workspace = _pool.Rent(sizeClass);
        int first = patch.FirstColumn, end = patch.FirstColumn + patch.Columns;
        if (direct && patch.Rows < 4)
        {
            for (; first <= end - (8 * V.Count); first += 8 * V.Count)
                WideColumns(patch.Rows, k, aFirst, aRow, aStep, right, first, start, cFirst, n, workspace);
            Finish(finish, cFirst + patch.FirstColumn, n, patch.Rows, first - patch.FirstColumn);
        }

        Product(patch.Rows, first, end, k, aFirst, aRow, aStep, right, start, finish, cFirst, n, workspace, packs ? workspace + WorkspaceLength : null);
        _pool.Return(workspace, sizeClass);
    }

    public bool Packs(in MatrixProduct product) => !ReadsDirectly(product.M, product.N);

    public float* RentPanels(int k, int n) => _pool.Rent(MemoryPool.ClassOf(RightOperand.PackedLength(k, n, PanelWidth)));

    public void Pack(float* b, int k, int n, bool transposed, float* panels, int first, int count) =>
        new RightOperand(b, k, n, transposed, PanelWidth, false).Pack(panels, first, count);

    public void ReturnPanels(float* panels, int k, int n) => _pool.Return(panels, MemoryPool.ClassOf(RightOperand.PackedLength(k, n, PanelWidth)));

    private static bool ReadsDirectly(int rows, int n) => rows <= FewRows || (n <= LongestDirectRow && rows <= SomeRows);

    /// <summary>Columns first to end of C = start + A B for C with rows <paramref name="cRow"/> apart; first is that of a panel, and so is end unless it is B's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Product<TFinish>(
        int m, int first, int end, int k, float* a, nint aRow, nint aStep, in RightOperand b, Start start, TFinish finish, float* c, nint cRow, float* workspace, float* packed)
        where TFinish : struct, IUnary
    {
        int width = PanelWidth, blockM = packed == null ? m : BlockM;

        // Blocks of the same depth: a short last one would have C walked over for few multiply-adds.
        int blocks = ParallelRange.Blocks(k, BlockK), blockK = ParallelRange.Blocks(k, blocks);
        float* spill = stackalloc float[TileRows * 2 * V.Count];
        new Span<float>(workspace, width).Clear();
        for (int k0 = 0; k0 < k; k0 += blockK)
        {
            int depth = Math.Min(blockK, k - k0);
            for (int i0 = 0; i0 < m; i0 += blockM)
            {
                int rows = Math.Min(blockM, m - i0);
                LeftOperand left = new(a + (i0 * aRow) + (k0 * aStep), aRow, aStep, TileRows * aRow);
                if (packed != null) left = left.Pack(rows, depth, packed);
                for (int j = first; j < end; j += width)
                {
                    int columns = Math.Min(width, end - j);
                    float* panel = b.Panel(k0, depth, j, workspace + width, out nint step);
                    float* to = c + (i0 * cRow) + j;
                    bool continues = k0 > 0 || start.IsHeld;
                    float* s = continues ? to : start.Bias == null ? workspace : start.Bias + j;
                    nint sRow = continues ? cRow : 0;
                    if (k0 + depth == k) Panel(finish, rows, columns, depth, left, panel, step, b.Ahead, s, sRow, to, cRow, spill);
                    else Panel(default(Identity), rows, columns, depth, left, panel, step, b.Ahead, s, sRow, to, cRow, spill);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Panel<TFinish>(
        TFinish finish, int m, int columns, int k, in LeftOperand a, float* b, nint bStep, nint ahead, float* s, nint sRow, float* c, nint cRow, float* spill)
        where TFinish : struct, IUnary
    {
        if (columns == PanelWidth) Rows(finish, m, k, a, b, bStep, ahead, s, sRow, c, cRow);
        else RowsThroughSpill(finish, m, k, a, b, bStep, s, sRow, c, cRow, columns, spill);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TFinish>(TFinish finish, int m, int k, in LeftOperand a, float* b, nint bStep, nint ahead, float* s, nint sRow, float* c, nint cRow)
        where TFinish : struct, IUnary
    {
        int height = V.Count == Real32x16.Count ? TileRows : a.IsPacked ? TileRows / 2 : RowsOfSixteenRegisters;

        // Tiles of the same height, 7, 7 and 6 rows instead of 8, 8 and 4: a low one waits for B from the second-level cache.
        if (!a.IsPacked) height = ParallelRange.Blocks(m, ParallelRange.Blocks(m, height));
        for (int i = 0; i < m; i += height)
        {
            int next = m - i - height;
            if (next > 0) PrefetchTile(c + ((i + height) * cRow), cRow, Math.Min(next, height));
            int rows = Math.Min(m - i, height);
            Tile(rows, k, a.Row(i), a.RowStep, a.Step, b, bStep, i == 0 ? ahead : 0, s + (i * sRow), sRow, c + (i * cRow), cRow);
            if (typeof(TFinish) != typeof(Identity)) FinishTile(finish, c + (i * cRow), cRow, rows);
        }
    }

    // Rows of a large C lie far apart, where no prefetcher of the machine follows: the next tile is asked for while one is worked on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrefetchTile(float* c, nint cRow, int rows)
    {
        for (int r = 0; r < rows; r++) Prefetch.Lines(c + (r * cRow), PanelWidth);
    }

    // The last columns, fewer than a panel: tiles are worked out beside C and the columns that exist are copied.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowsThroughSpill<TFinish>(
        TFinish finish, int m, int k, in LeftOperand a, float* b, nint bStep, float* s, nint sRow, float* c, nint cRow, int columns, float* spill)
        where TFinish : struct, IUnary
    {
        int width = PanelWidth;
        for (int i = 0; i < m; i += TileRows)
        {
            int height = Math.Min(TileRows, m - i);
            new Span<float>(spill, height * width).Clear();
            for (int r = 0; r < height; r++) new Span<float>(s + ((i + r) * sRow), columns).CopyTo(new Span<float>(spill + (r * width), columns));
            Rows(finish, height, k, a.From(i), b, bStep, 0, spill, width, spill, width);
            for (int r = 0; r < height; r++) new Span<float>(spill + (r * width), columns).CopyTo(new Span<float>(c + ((i + r) * cRow), columns));
        }
    }

    // Fewer rows than a tile has: eight vectors of each at once.
    private static void WideColumns(int m, int k, float* a, nint aRow, nint aStep, in RightOperand b, int column, Start start, float* c, nint cRow, float* zeros)
    {
        new Span<float>(zeros, 8 * V.Count).Clear();
        float* from = b.Columns(column, out nint bStep, out nint panel);
        for (int i = 0; i < m; i++)
        {
            float* to = c + (i * cRow) + column;
            float* s = start.IsHeld ? to : start.Bias == null ? zeros : start.Bias + column;
            WideTile1(k, a + (i * aRow), aStep, from, bStep, panel, s, to);
        }
    }

    // Two vectors a row, which the nearest cache has just taken from the tile's registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FinishTile<TFinish>(TFinish finish, float* c, nint cRow, int rows)
        where TFinish : struct, IUnary
    {
        for (int row = 0; row < rows; row++, c += cRow) Store(c, finish.Apply(V.Load(c)), finish.Apply(V.Load(c + V.Count)));
    }

    // Of a part of C that no tile has written.
    private static void Finish<TFinish>(TFinish finish, float* c, nint cRow, int rows, int columns)
        where TFinish : struct, IUnary
    {
        if (typeof(TFinish) == typeof(Identity)) return;
        for (int row = 0; row < rows; row++, c += cRow) Map<TFinish, Replaces>(finish, new Operand(c, columns), c, 0, columns);
    }

    private static void AddBias(float* c, float* bias, int n, in Patch patch)
    {
        for (int row = 0; row < patch.Rows; row++, c += n)
            for (int j = patch.FirstColumn; j < patch.FirstColumn + patch.Columns; j++) c[j] += bias[j];
    }

    private static void SetBias(float* c, float* bias, int n, in Patch patch)
    {
        for (int row = 0; row < patch.Rows; row++, c += n)
        {
            Span<float> to = new(c + patch.FirstColumn, patch.Columns);
            if (bias == null) to.Clear();
            else new Span<float>(bias + patch.FirstColumn, patch.Columns).CopyTo(to);
        }
    }

    /// <summary>What the sums start from: what C holds, a bias on every row, or (without one) zero.</summary>
    private readonly struct Start(float* bias)
    {
        public readonly float* Bias = bias;

        private Start(bool held)
            : this(null) => IsHeld = held;

        public static Start Held => new(true);

        public readonly bool IsHeld;
    }
}
