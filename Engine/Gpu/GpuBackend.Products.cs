using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;

namespace EmotionXai.Engine.Gpu;

public sealed partial class GpuBackend
{
    // Up to so many columns, a warp an element is sooner done than tiles that are mostly empty.
    private const int FewColumns = 4;

    // Depths shorter than this are not worth a part of their own.
    private const int LeastDepth = 256;

    /// <inheritdoc/>
    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(Multiply);
        (int m, int n, int k) = (product.M, product.N, product.K);
        if (m < 0 || n < 0 || k < 0) throw new ArgumentException($"{Op}: extents are 0 or more, not {m} x {n} x {k}.");
        ArrayView<float> left = Open(Op, nameof(a), a, (long)m * k), right = Open(Op, nameof(b), b, (long)k * n), to = Open(Op, nameof(c), c, (long)m * n);
        ArrayView<float> row = bias is { } given ? Open(Op, nameof(bias), given, n) : to;
        Overlap.Multiply(a, b, bias, c);
        if (m == 0 || n == 0) return;
        Epilogue epilogue = new(row, Flag(bias is not null), Flag(product.Accumulate));
        if (n <= FewColumns && !product.TransposeA)
        {
            Stride((int)System.Math.Min(int.MaxValue, (long)c.Length * _device.Accelerator.WarpSize), new SkinnyKernel(left, right, to, epilogue, n, k, Flag(product.TransposeB)));
            return;
        }

        bool aligned = a.Offset % 4 == 0 && b.Offset % 4 == 0 && (product.TransposeA ? m : k) % 4 == 0 && (product.TransposeB ? k : n) % 4 == 0;
        Tiles job = new(left, right, to, epilogue, product, aligned);
        if (Math == ProductMath.Tf32) Multiply<Tf32>(job);
        else if (Math == ProductMath.Bf16) Multiply<Bf16>(job);
        else if (_device.HasFewThreads) Tile<Tiled<EmulatedTile, Whole>>(job);
        else if ((long)Quotient(m, 128) * Quotient(n, 128) >= _device.BusyTiles / 2) Tile<Tiled<LargeTile, Whole>>(job);
        else Tile<Tiled<MediumTile, Whole>>(job);
    }

    private void Multiply<TMath>(in Tiles job)
        where TMath : struct, ITensorMath, IRounding
    {
        if (_device.IsEmulated) Tile<Tiled<EmulatedTile, TMath>>(job);
        else Tile<TensorCores<TMath>>(job);
    }

    private void Tile<TLauncher>(in Tiles job)
        where TLauncher : struct, ILauncher
    {
        (int m, int n, int k) = (job.Product.M, job.Product.N, job.Product.K);
        int side = TLauncher.Side, rows = Quotient(m, side), columns = Quotient(n, side);

        // Few tiles with much depth: parts of the depth side by side, each a whole number of tiles deep.
        int splits = (int)System.Math.Clamp(_device.BusyTiles / ((long)rows * columns), 1, System.Math.Max(1, k / LeastDepth));
        int chunk = Quotient(Quotient(k, splits), TLauncher.Depth) * TLauncher.Depth;
        splits = System.Math.Max(1, k == 0 ? 1 : Quotient(k, chunk));
        Storage? parts = splits > 1 ? Allocate(checked(splits * m * n)) : null;
        ArrayView<float> to = parts is null ? job.C : Open(nameof(Multiply), nameof(parts), new Slice(parts, 0, parts.Length));
        KernelConfig config = new(new Index3D(rows, columns, splits), new Index3D(TLauncher.Threads, 1, 1));
        Choose<TLauncher>(config, job with { C = to, Epilogue = parts is null ? job.Epilogue : new Epilogue(to, 0, 0) }, chunk);
        if (parts is null) return;
        Stride(m * n, new FinishKernel(to, job.C, job.Epilogue, splits, n));
        Free(parts);
    }

    private void Choose<TLauncher>(KernelConfig config, in Tiles job, int chunk)
        where TLauncher : struct, ILauncher
    {
        if (job.Aligned) Choose<TLauncher, Yes>(config, job, chunk);
        else Choose<TLauncher, No>(config, job, chunk);
    }

    private void Choose<TLauncher, TAligned>(KernelConfig config, in Tiles job, int chunk)
        where TLauncher : struct, ILauncher
        where TAligned : struct, IChoice
    {
        if (job.Product.TransposeA && job.Product.TransposeB) TLauncher.Launch<Yes, Yes, TAligned>(this, config, job, chunk);
        else if (job.Product.TransposeA) TLauncher.Launch<Yes, No, TAligned>(this, config, job, chunk);
        else if (job.Product.TransposeB) TLauncher.Launch<No, Yes, TAligned>(this, config, job, chunk);
        else TLauncher.Launch<No, No, TAligned>(this, config, job, chunk);
    }

    /// <summary>One of the kernels for products, all of whose variants are launched alike.</summary>
    private interface ILauncher
    {
        /// <summary>Rows, and columns, of a group's tile of C.</summary>
        static abstract int Side { get; }

        /// <summary>Steps of k of a tile.</summary>
        static abstract int Depth { get; }

        /// <summary>Threads of a group.</summary>
        static abstract int Threads { get; }

        static abstract void Launch<TTransposeA, TTransposeB, TAligned>(GpuBackend backend, KernelConfig config, in Tiles job, int chunk)
            where TTransposeA : struct, IChoice
            where TTransposeB : struct, IChoice
            where TAligned : struct, IChoice;
    }

    private readonly struct Tiled<TTile, TMath> : ILauncher
        where TTile : struct, ITile
        where TMath : struct, IRounding
    {
        public static int Side => 8 * TTile.Across;

        public static int Depth => TTile.Depth;

        public static int Threads => TTile.Across * TTile.Across;

        public static void Launch<TTransposeA, TTransposeB, TAligned>(GpuBackend backend, KernelConfig config, in Tiles job, int chunk)
            where TTransposeA : struct, IChoice
            where TTransposeB : struct, IChoice
            where TAligned : struct, IChoice =>
            backend.Launch(config, new MultiplyKernel<TTile, TMath, TTransposeA, TTransposeB, TAligned>(
                job.A, job.B, job.C, job.Epilogue, job.Product.M, job.Product.N, job.Product.K, chunk));
    }

    private readonly struct TensorCores<TMath> : ILauncher
        where TMath : struct, ITensorMath
    {
        public static int Side => TensorKernel<TMath, No, No, No>.Side;

        public static int Depth => TensorKernel<TMath, No, No, No>.Depth;

        public static int Threads => 256;

        public static void Launch<TTransposeA, TTransposeB, TAligned>(GpuBackend backend, KernelConfig config, in Tiles job, int chunk)
            where TTransposeA : struct, IChoice
            where TTransposeB : struct, IChoice
            where TAligned : struct, IChoice =>
            backend.Launch(config, new TensorKernel<TMath, TTransposeA, TTransposeB, TAligned>(
                job.A, job.B, job.C, job.Epilogue, job.Product.M, job.Product.N, job.Product.K, chunk));
    }

    /// <summary>A product on its way to the kernel that fits it.</summary>
    private readonly record struct Tiles(ArrayView<float> A, ArrayView<float> B, ArrayView<float> C, Epilogue Epilogue, MatrixProduct Product, bool Aligned);
}
