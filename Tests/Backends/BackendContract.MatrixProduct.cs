using CsCheck;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Ops;
using Xunit;

namespace EmotionXai.Tests.Backends;

public abstract partial class BackendContract
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 5, 3)]
    [InlineData(2, 3, 4)]
    [InlineData(3, 1, 7)]
    [InlineData(4, 24, 1)]
    [InlineData(5, 17, 9)]
    [InlineData(6, 16, 8)]
    [InlineData(7, 8, 16)]
    [InlineData(13, 33, 31)]
    [InlineData(17, 65, 33)]
    [InlineData(64, 70, 129)]
    [InlineData(1, 100, 257)]
    [InlineData(100, 1, 257)]
    [InlineData(131, 67, 301)]
    [InlineData(3, 5, 2049)]
    [InlineData(16, 130, 333)]
    [InlineData(32, 1000, 40)]
    [InlineData(0, 3, 2)]
    [InlineData(3, 0, 2)]
    [InlineData(3, 2, 0)]
    [InlineData(0, 0, 0)]
    public void Multiply_in_all_its_forms(int m, int n, int k)
    {
        double[] a = Values(11, m * k);
        double[] b = Values(12, k * n);
        double[] row = Values(13, n);
        double[] held = Values(14, m * n);
        for (int form = 0; form < 16; form++)
        {
            MatrixProduct product = new(m, n, k, (form & 1) != 0, (form & 2) != 0, (form & 4) != 0);
            bool biased = (form & 8) != 0;
            (Slice aa, Slice bb) = (Put(a), Put(b));
            Slice? bias = biased ? Put(row) : null;
            Slice c = product.Accumulate ? Put(held) : Output(m * n);
            Backend.Multiply(product, aa, bb, bias, c);
            double[] got = Get(c);
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                {
                    // Products and sums in any order, fused or not: |err| <= (k + 2) u (sum |a||b| + |bias| + |c|) to first order.
                    double want = (biased ? row[j] : 0) + (product.Accumulate ? held[(i * n) + j] : 0);
                    double size = (biased ? Math.Abs(row[j]) : 0) + (product.Accumulate ? Math.Abs(held[(i * n) + j]) : 0);
                    for (int l = 0; l < k; l++)
                    {
                        double term = a[product.TransposeA ? (l * m) + i : (i * k) + l] * b[product.TransposeB ? (j * k) + l : (l * n) + j];
                        want += term;
                        size += Math.Abs(term);
                    }

                    double bound = (k + 3) * U * size;
                    if (!Near(want, got[(i * n) + j], bound)) Close(want, got[(i * n) + j], bound, $"{product} bias {biased} at ({i}, {j})");
                }

            Slice again = product.Accumulate ? Put(held) : Output(m * n);
            Backend.Multiply(product, aa, bb, bias, again);
            Assert.Equal(got, Get(again));
            Release();
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 300, 40)]
    [InlineData(3, 1, 7)]
    [InlineData(13, 33, 31)]
    [InlineData(64, 70, 129)]
    [InlineData(100, 1, 257)]
    [InlineData(131, 67, 1301)]
    [InlineData(1200, 40, 30)]
    [InlineData(0, 3, 2)]
    [InlineData(3, 2, 0)]
    public void A_finished_product_has_the_bits_of_the_product_and_a_map(int m, int n, int k)
    {
        (double[] a, double[] b, double[] row) = (Values(11, m * k), Values(12, k * n), Values(13, n));
        if (a.Length > 2) a[2] = double.NaN;
        for (int form = 0; form < 8; form++)
        {
            MatrixProduct product = new(m, n, k, (form & 1) != 0, (form & 2) != 0, false);
            Slice? bias = (form & 4) != 0 ? Put(row) : null;
            (Slice left, Slice right, Slice want, Slice got) = (Put(a), Put(b), Output(m * n), Output(m * n));
            Backend.Multiply(product, left, right, bias, want);
            Backend.Map(default(ReluOp.Forward), want, want, accumulate: false);
            Backend.Multiply(product, left, right, bias, default(ReluOp.Forward), got);
            Assert.Equal(Get(want), Get(got));
            Release();
        }
    }

    [Fact]
    public void A_finished_product_does_not_accumulate()
    {
        (Slice a, Slice c) = (Put([1]), Put([1]));
        Assert.Contains("cannot accumulate", Assert.Throws<ArgumentException>(() => Backend.Multiply(new MatrixProduct(1, 1, 1, false, false, true), a, a, null, default(ReluOp.Forward), c)).Message);
        Assert.Equal([1], Get(c));
    }

    [Fact]
    public void Multiply_of_transposes_is_the_transpose() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int[0, 40], Seed).Sample(
            (m, n, k, seed) =>
            {
                // (A B)^T = B^T A^T; each side is within (k + 2) u sum |a||b|, and |a||b| <= 4.
                (Slice a, Slice b) = (Put(Values(seed, m * k)), Put(Values(seed + 1, k * n)));
                (Slice c, Slice d) = (Output(m * n), Output(n * m));
                Backend.Multiply(new MatrixProduct(m, n, k, false, false, false), a, b, null, c);
                Backend.Multiply(new MatrixProduct(n, m, k, true, true, false), b, a, null, d);
                double[] left = Get(c);
                double[] right = Get(d);
                for (int i = 0; i < m; i++)
                    for (int j = 0; j < n; j++)
                        Close(left[(i * n) + j], right[(j * m) + i], 2 * (k + 2) * U * 4 * k, $"{m} x {n} x {k} at ({i}, {j})");
                Release();
            }, threads: 1, iter: 100);

    [Fact]
    public void Multiply_spreads_what_is_not_finite_over_its_row_only()
    {
        const int m = 9, n = 35, k = 19;
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity })
            for (int row = 0; row < m; row++)
            {
                double[] a = Values(15, m * k);
                double[] b = Values(16, k * n, 0.5, 1);
                a[(row * k) + (row % k)] = bad;
                Slice c = Output(m * n);
                Backend.Multiply(new MatrixProduct(m, n, k, false, false, false), Put(a), Put(b), null, c);
                double[] got = Get(c);
                for (int i = 0; i < got.Length; i++)
                    if (!(i / n == row ? got[i].Equals(bad) : double.IsFinite(got[i]))) Assert.Fail($"{bad} in row {row}: {got[i]} at {i}");
                Release();
            }
    }

    [Fact]
    public void Multiply_refuses_other_lengths()
    {
        MatrixProduct product = new(2, 3, 4, false, false, false);
        (Slice a, Slice b, Slice c, Slice bias) = (Put(new double[8]), Put(new double[12]), Put(new double[6]), Put(new double[3]));
        Slice wrong = Put(new double[7]);
        Refuses(() => Backend.Multiply(product, wrong, b, null, c));
        Refuses(() => Backend.Multiply(product, a, wrong, null, c));
        Refuses(() => Backend.Multiply(product, a, b, wrong, c));
        Refuses(() => Backend.Multiply(product, a, b, bias, wrong));
        Refuses(() => Backend.Multiply(product with { M = -2 }, a, b, bias, c));
    }
}
