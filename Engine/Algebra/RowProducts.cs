using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EmotionXai.Engine.Algebra;

/// <summary>Where a block of a row-major matrix lies: its first element and the distance between its rows.</summary>
internal readonly record struct Block(double[] Data, int Offset, int Stride);

/// <summary>
/// C += sign * A B^T in float64, all three row-major: element (i, j) is the product of two rows that lie side by side in
/// memory. Everything in this folder is made of it: Gram matrices, Cholesky factors, triangular solutions, inverses.
/// </summary>
internal static class RowProducts
{
    private const int Lanes = 8;
    private const int Tile = 4;

    // Rows of A that are worked on together stay in the first-level cache with as many numbers of each.
    private const int RowsAtOnce = 16;
    private const int Depth = 256;

    /// <summary>C[i, j] += sign * sum over k of A[i, k] B[j, k], in one fixed order.</summary>
    /// <param name="sign">1 or -1.</param>
    /// <param name="a">[m, k].</param>
    /// <param name="b">[n, k].</param>
    /// <param name="c">[m, n].</param>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Rows of B.</param>
    /// <param name="k">Numbers a row.</param>
    /// <param name="lowerOnly">Leaves tiles out that lie wholly above the diagonal, where A and B are the same rows.</param>
    public static void Add(double sign, Block a, Block b, Block c, int m, int n, int k, bool lowerOnly = false)
    {
        for (int from = 0; from < k; from += Depth)
        {
            int depth = Math.Min(Depth, k - from);
            for (int rows = 0; rows < m; rows += RowsAtOnce)
            {
                int end = Math.Min(m, rows + RowsAtOnce);
                for (int j = 0; j < n; j += Tile)
                {
                    if (lowerOnly && j >= end) break;
                    for (int i = rows; i < end; i += Tile)
                    {
                        if (lowerOnly && j >= i + Tile) continue;
                        if (i + Tile <= end && j + Tile <= n) AddTile(sign, At(a, i, from), a.Stride, At(b, j, from), b.Stride, At(c, i, j), c.Stride, depth);
                        else AddEdge(sign, a, b, c, i, Math.Min(end, i + Tile), j, Math.Min(n, j + Tile), from, depth);
                    }
                }
            }
        }
    }

    private static Span<double> At(Block block, int row, int column) => block.Data.AsSpan(block.Offset + (row * block.Stride) + column);

    private static void AddEdge(double sign, Block a, Block b, Block c, int i0, int i1, int j0, int j1, int from, int depth)
    {
        for (int i = i0; i < i1; i++)
        {
            ReadOnlySpan<double> x = At(a, i, from)[..depth];
            for (int j = j0; j < j1; j++) At(c, i, j)[0] += sign * Dot(x, At(b, j, from)[..depth]);
        }
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Vector512<double> sum = Vector512<double>.Zero;
        int k = 0;
        for (; k <= x.Length - Lanes; k += Lanes) sum = Vector512.FusedMultiplyAdd(Vector512.Create(x[k..]), Vector512.Create(y[k..]), sum);
        double total = Vector512.Sum(sum);
        for (; k < x.Length; k++) total += x[k] * y[k];
        return total;
    }

    // Four rows by four: sixteen sums in registers, eight loads for sixteen multiply-adds.
    private static void AddTile(
        double sign, ReadOnlySpan<double> a, int aStride, ReadOnlySpan<double> b, int bStride, Span<double> c, int cStride, int depth)
    {
        _ = a[(3 * aStride) + depth - 1];
        _ = b[(3 * bStride) + depth - 1];
        ref double a0 = ref MemoryMarshal.GetReference(a), b0 = ref MemoryMarshal.GetReference(b);
        Vector512<double> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<double> s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        int whole = depth - (depth % Lanes);
        for (int k = 0; k < whole; k += Lanes)
        {
            Vector512<double> y0 = Vector512.LoadUnsafe(ref b0, (nuint)k), y1 = Vector512.LoadUnsafe(ref b0, (nuint)(bStride + k));
            Vector512<double> y2 = Vector512.LoadUnsafe(ref b0, (nuint)((2 * bStride) + k)), y3 = Vector512.LoadUnsafe(ref b0, (nuint)((3 * bStride) + k));
            Vector512<double> x = Vector512.LoadUnsafe(ref a0, (nuint)k);
            s00 = Vector512.FusedMultiplyAdd(x, y0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, y1, s01);
            s02 = Vector512.FusedMultiplyAdd(x, y2, s02);
            s03 = Vector512.FusedMultiplyAdd(x, y3, s03);
            x = Vector512.LoadUnsafe(ref a0, (nuint)(aStride + k));
            s10 = Vector512.FusedMultiplyAdd(x, y0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, y1, s11);
            s12 = Vector512.FusedMultiplyAdd(x, y2, s12);
            s13 = Vector512.FusedMultiplyAdd(x, y3, s13);
            x = Vector512.LoadUnsafe(ref a0, (nuint)((2 * aStride) + k));
            s20 = Vector512.FusedMultiplyAdd(x, y0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, y1, s21);
            s22 = Vector512.FusedMultiplyAdd(x, y2, s22);
            s23 = Vector512.FusedMultiplyAdd(x, y3, s23);
            x = Vector512.LoadUnsafe(ref a0, (nuint)((3 * aStride) + k));
            s30 = Vector512.FusedMultiplyAdd(x, y0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, y1, s31);
            s32 = Vector512.FusedMultiplyAdd(x, y2, s32);
            s33 = Vector512.FusedMultiplyAdd(x, y3, s33);
        }

        AddRow(sign, s00, s01, s02, s03, c);
        AddRow(sign, s10, s11, s12, s13, c[cStride..]);
        AddRow(sign, s20, s21, s22, s23, c[(2 * cStride)..]);
        AddRow(sign, s30, s31, s32, s33, c[(3 * cStride)..]);
        if (whole == depth) return;
        for (int i = 0; i < Tile; i++)
        {
            for (int j = 0; j < Tile; j++)
                for (int k = whole; k < depth; k++) c[(i * cStride) + j] += sign * a[(i * aStride) + k] * b[(j * bStride) + k];
        }
    }

    // c[0..4] += sign * the sums of four vectors, all four at a time.
    private static void AddRow(double sign, Vector512<double> s0, Vector512<double> s1, Vector512<double> s2, Vector512<double> s3, Span<double> c)
    {
        Vector256<double> low = Pairs(s0.GetLower() + s0.GetUpper(), s1.GetLower() + s1.GetUpper());
        Vector256<double> high = Pairs(s2.GetLower() + s2.GetUpper(), s3.GetLower() + s3.GetUpper());
        Vector256<double> sums = Vector256.Create(low.GetLower() + low.GetUpper(), high.GetLower() + high.GetUpper());
        (Vector256.Create(c) + (Vector256.Create(sign) * sums)).CopyTo(c);
    }

    // [a0 + a1, b0 + b1, a2 + a3, b2 + b3].
    private static Vector256<double> Pairs(Vector256<double> a, Vector256<double> b) => Avx.IsSupported
        ? Avx.HorizontalAdd(a, b)
        : Vector256.Create(a[0] + a[1], b[0] + b[1], a[2] + a[3], b[2] + b[3]);
}
