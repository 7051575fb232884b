using EmotionXai.Engine.Backends.Gpu.Kernels;
using EmotionXai.Engine.Tensors;
using ILGPU;

namespace EmotionXai.Engine.Backends.Gpu;

public sealed partial class GpuBackend
{
    // Up to so many columns, a warp an element is sooner done than tiles that are mostly empty.
    private const int FewColumns = 4;

    // Depths shorter than this are not worth a part of their own.
    private const int LeastDepth = 256;

    /// <inheritdoc/>
    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c)
    {
        const string Op = nameof(Multiply);
        (int m, int n, int k) = (product.M, product.N, product.K);
        if (m < 0 || n < 0 || k < 0) throw new ArgumentException($"{Op}: extents are 0 or more, not {m} x {n} x {k}.");
        ArrayView<float> left = Open(Op, nameof(a), a, m * k), right = Open(Op, nameof(b), b, k * n), to = Open(Op, nameof(c), c, m * n);
        ArrayView<float> row = bias is { } given ? Open(Op, nameof(bias), given, n) : to;
        if (m == 0 || n == 0) return;
        Epilogue epilogue = new(row, Flag(bias is not null), Flag(product.Accumulate));
        if (n <= FewColumns && !product.TransposeA)
        {
            Stride((int)Math.Min(int.MaxValue, (long)c.Length * _device.Accelerator.WarpSize), new SkinnyKernel(left, right, to, epilogue, n, k, Flag(product.TransposeB)));
            return;
        }

        bool aligned = a.Offset % 4 == 0 && b.Offset % 4 == 0 && (product.TransposeA ? m : k) % 4 == 0 && (product.TransposeB ? k : n) % 4 == 0;
        Tiles job = new(left, right, to, epilogue, product, aligned);
        if (_device.IsEmulated) Multiply<EmulatedTile>(job);
        else if ((long)Quotient(m, 128) * Quotient(n, 128) >= _device.BusyTiles / 2) Multiply<LargeTile>(job);
        else Multiply<MediumTile>(job);
    }

    private void Multiply<TTile>(in Tiles job)
        where TTile : struct, ITile
    {
        if (job.Aligned) Multiply<TTile, Yes>(job);
        else Multiply<TTile, No>(job);
    }

    private void Multiply<TTile, TAligned>(in Tiles job)
        where TTile : struct, ITile
        where TAligned : struct, IChoice
    {
        if (job.Product.TransposeA && job.Product.TransposeB) Multiply<TTile, Yes, Yes, TAligned>(job);
        else if (job.Product.TransposeA) Multiply<TTile, Yes, No, TAligned>(job);
        else if (job.Product.TransposeB) Multiply<TTile, No, Yes, TAligned>(job);
        else Multiply<TTile, No, No, TAligned>(job);
    }

    private void Multiply<TTile, TTransposeA, TTransposeB, TAligned>(in Tiles job)
        where TTile : struct, ITile
        where TTransposeA : struct, IChoice
        where TTransposeB : struct, IChoice
        where TAligned : struct, IChoice
    {
        (int m, int n, int k) = (job.Product.M, job.Product.N, job.Product.K);
        int side = 8 * TTile.Across, rows = Quotient(m, side), columns = Quotient(n, side);

        // Few tiles with much depth: parts of the depth side by side, each a whole number of tiles deep.
        int splits = (int)Math.Clamp(_device.BusyTiles / ((long)rows * columns), 1, Math.Max(1, k / LeastDepth));
        int chunk = Quotient(Quotient(k, splits), TTile.Depth) * TTile.Depth;
        splits = Math.Max(1, k == 0 ? 1 : Quotient(k, chunk));
        Storage? parts = splits > 1 ? Allocate(checked(splits * m * n)) : null;
        ArrayView<float> to = parts is null ? job.C : Open(nameof(Multiply), nameof(parts), new Slice(parts, 0, parts.Length));
        KernelConfig config = new(new Index3D(rows, columns, splits), new Index3D(TTile.Across * TTile.Across, 1, 1));
        Launch(config, new MultiplyKernel<TTile, TTransposeA, TTransposeB, TAligned>(
            job.A, job.B, to, parts is null ? job.Epilogue : new Epilogue(to, 0, 0), m, n, k, chunk));
        if (parts is null) return;
        Stride(m * n, new FinishKernel(to, job.C, job.Epilogue, splits, n));
        Free(parts);
    }

    /// <summary>A product on its way to the kernel that fits it.</summary>
    private readonly struct Tiles(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, Epilogue epilogue, in MatrixProduct product, bool aligned)
    {
        public readonly ArrayView<float> A = a, B = b, C = c;
        public readonly Epilogue Epilogue = epilogue;
        public readonly MatrixProduct Product = product;
        public readonly bool Aligned = aligned;
    }
}
