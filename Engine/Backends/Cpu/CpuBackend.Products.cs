using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Below this many multiply-adds a part (some ten microseconds), waking a worker costs more than it saves.
    private const long WorthAPart = 1 << 18;

    // A part of this many rows amortises reading all of B, which cutting by columns shares out.
    private const int ManyRows = 96;

    private const int RowsATile = 8;

    // With more rows a thread B is packed before the product, by all threads for all: else each would pack it again for every block of
    // rows. With fewer a panel is better packed just before it is used, when it is still in the nearest cache: 512 and 1024 were 5 to 10 % faster so.
    private const int FewRowsToShare = 512;

    // What an element of B costs beside the multiply-adds, in multiply-adds: for few rows of A reading it from beyond the first-level
    // cache is most of the work, and packing it is a read and a write.
    private const long ReadCost = 2, PackCost = 4;

    /// <inheritdoc/>
    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c) => MultiplyAndFinish(product, a, b, bias, default(Identity), c);

    /// <inheritdoc/>
    public void Multiply<TFinish>(in MatrixProduct product, Slice a, Slice b, Slice? bias, TFinish finish, Slice c)
        where TFinish : struct, IUnary
    {
        Throw.IfAccumulates(product);
        MultiplyAndFinish(product, a, b, bias, finish, c);
    }

    private void MultiplyAndFinish<TFinish>(in MatrixProduct product, Slice a, Slice b, Slice? bias, TFinish finish, Slice c)
        where TFinish : struct, IUnary
    {
        const string Op = nameof(Multiply);
        (int m, int n, int k) = (product.M, product.N, product.K);
        if (m < 0 || n < 0 || k < 0) throw new ArgumentException($"Multiply: extents are 0 or more, not {m} x {n} x {k}.");
        float* left = Open(Op, nameof(a), a, (long)m * k), right = Open(Op, nameof(b), b, (long)k * n);
        float* row = bias is { } given ? Open(Op, nameof(bias), given, n) : null;
        float* to = Open(Op, nameof(c), c, (long)m * n);
        Overlap.Multiply(a, b, bias, c);
        if (HasSections(product) && bias is null)
        {
            MultiplySections(product, left, right, to);
            if (typeof(TFinish) != typeof(Identity)) Map(finish, c, c, accumulate: false);
            return;
        }

        if (product is { TransposeA: true, N: 1 } && bias is null)
        {
            // A^T b is the transposed of b^T A: one row of many columns, the same chains.
            Multiply(new MatrixProduct(1, m, k, false, false, product.Accumulate), right, left, null, null, finish, to);
            return;
        }

        float* packed = !product.TransposeB && _kernels.Packs(product) ? Panels(b, k, n, right) : null;
        Multiply(product, left, right, packed, row, finish, to);
    }

    private void Multiply<TFinish>(in MatrixProduct product, float* left, float* right, float* packed, float* bias, TFinish finish, float* to)
        where TFinish : struct, IUnary
    {
        // Either way of cutting gives the same bits: it only decides who reads what.
        (int m, int n, int k) = (product.M, product.N, product.K);
        int threads = _workers?.Count ?? 1, panel = 2 * Width, panels = ParallelRange.Blocks(n, panel);
        bool byColumns = panels >= threads && m < ManyRows * threads;
        bool shares = packed == null && !byColumns && m > FewRowsToShare * threads;
        if (shares)
        {
            packed = _kernels.RentPanels(k, n);
            PackJob pack = new(_kernels, product, right, packed, panel);
            Run(PackCost * k * n, panels, ref pack);
        }

        ProductJob<TFinish> job = new(_kernels, product, left, right, packed, bias, finish, to, byColumns ? panel : 0);
        Run(product.MultiplyAdds + (ReadCost * k * n), byColumns ? panels : ParallelRange.Blocks(m, RowsATile), ref job);
        if (shares) _kernels.ReturnPanels(packed, k, n);
    }

    private void Run<TJob>(long multiplyAdds, int most, ref TJob job)
        where TJob : struct, IJob
    {
        int parts = _workers is null ? 1 : (int)Math.Clamp(Math.Min(multiplyAdds / WorthAPart, most), 1, _workers.Count);
        if (parts == 1) job.Do(0, 1);
        else _workers!.Run(parts, ref job);
    }

    /// <summary>The panels of B.</summary>
    private readonly struct PackJob(ICpuKernels kernels, in MatrixProduct product, float* b, float* panels, int width) : IJob
    {
        private readonly MatrixProduct _product = product;

        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.InBlocks(_product.N, width, part, parts);
            kernels.Pack(b, _product.K, _product.N, _product.TransposeB, panels, first, count);
        }
    }

    /// <summary>A product cut into panels of columns, or, with none given, into tiles of rows.</summary>
    private readonly struct ProductJob<TFinish>(
        ICpuKernels kernels, in MatrixProduct product, float* a, float* b, float* panels, float* bias, TFinish finish, float* c, int columnsAPanel) : IJob
        where TFinish : struct, IUnary
    {
        private readonly MatrixProduct _product = product;

        public void Do(int part, int parts)
        {
            bool byColumns = columnsAPanel > 0;
            (int m, int n) = (_product.M, _product.N);
            (int first, int count) = byColumns ? ParallelRange.InBlocks(n, columnsAPanel, part, parts) : ParallelRange.InBlocks(m, RowsATile, part, parts);
            kernels.Multiply(_product, a, b, panels, bias, finish, c, byColumns ? new Patch(0, m, first, count) : new Patch(first, count, 0, n));
        }
    }
}
