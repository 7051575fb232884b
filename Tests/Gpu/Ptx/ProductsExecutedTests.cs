using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>Every kernel for matrix products, run as PTX: each transpose, aligned rows and others, edges, a split depth, bias and sums.</summary>
public sealed class ProductsExecutedTests
{
    [Theory]
    [InlineData(ProductMath.Float32, 1, "large")]
    [InlineData(ProductMath.Float32, 4, "medium")]
    [InlineData(ProductMath.Tf32, 1, "tf32")]
    [InlineData(ProductMath.Bf16, 1, "bf16")]
    public void Products_are_those_of_the_rounded_operands(ProductMath math, int multiprocessors, string name)
    {
        using PtxDevice device = new(multiprocessors, fused: true);
        foreach (int choice in Enumerable.Range(0, 8))
        {
            bool transposeA = (choice & 1) != 0, transposeB = (choice & 2) != 0, aligned = (choice & 4) != 0;

            // Two tiles of rows where they are 128 high; no extent is a whole number of tiles, and k none of depths.
            (int m, int n, int k) = aligned ? (132, 60, 36) : (131, 61, 37);
            Check(device, math, new MatrixProduct(m, n, k, transposeA, transposeB, Accumulate: false), biased: aligned, offset: 0);
            Check(device, math, new MatrixProduct(17, 12, 20, transposeA, transposeB, Accumulate: true), biased: !aligned, offset: aligned ? 4 : 1);
        }

        string[] kernels = [.. KernelCatalog.All.Select(k => k.Name).Where(k => k.StartsWith($"product-{name}", StringComparison.Ordinal))];
        Assert.NotEmpty(kernels);
        Assert.Equal([], kernels.Except(Executed.Names(device)));
    }

    // Few tiles and much depth: the parts are added by another kernel.
    [Theory]
    [InlineData(ProductMath.Float32)]
    [InlineData(ProductMath.Tf32)]
    [InlineData(ProductMath.Bf16)]
    public void A_split_depth_adds_up(ProductMath math)
    {
        using PtxDevice device = new(multiprocessors: 2);
        Check(device, math, new MatrixProduct(20, 36, 600, false, false, Accumulate: true), biased: true, offset: 0);
        Assert.Contains("product-finish", Executed.Names(device));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Products_of_few_columns_are_right(bool transposed)
    {
        using PtxDevice device = new();
        Check(device, ProductMath.Float32, new MatrixProduct(19, 3, 75, false, transposed, Accumulate: true), biased: true, offset: 1);
        Assert.Equal(["product-skinny"], Executed.Names(device));
    }

    /// <summary>
    /// A sum of k products and two more terms in float32, in any order: an error of (k + 2) u of the sum of their sizes (Higham 2002, 3.1),
    /// u = 2^-24. Operands are rounded before, on both sides.
    /// </summary>
    private static void Check(PtxDevice device, ProductMath math, MatrixProduct product, bool biased, int offset)
    {
        Func<float, float> round = math switch
        {
            ProductMath.Tf32 => Tf32.Round,
            ProductMath.Bf16 => Bf16.Round,
            _ => x => x,
        };
        (int m, int n, int k) = (product.M, product.N, product.K);
        (double[][] expected, double[][] actual) = Executed.Both(device, math, (backend, arrays) => Multiply(backend, arrays, x => x));
        using EmotionXai.Engine.Backends.Reference.ReferenceBackend reference = new();
        double[] rounded = math == ProductMath.Float32 ? expected[0] : Executed.Of(reference, (backend, arrays) => Multiply(backend, arrays, round))[0];
        double[] sizes = Executed.Of(reference, (backend, arrays) => Multiply(backend, arrays, x => MathF.Abs(round(x))))[0];
        for (int i = 0; i < rounded.Length; i++)
        {
            double bound = (k + 2) * Math.Pow(2, -24) * sizes[i];
            Assert.True(Math.Abs(actual[0][i] - rounded[i]) <= bound, $"{math} {product} at {i}: {actual[0][i]:R}, expected {rounded[i]:R}, bound {bound:E1}");
        }

        Slice[] Multiply(IBackend backend, Arrays arrays, Func<float, float> change)
        {
            bool sizes = change(-1) > 0;
            Slice a = Operand(m * k, 1), b = Operand(k * n, 2);
            Slice? bias = biased ? Term(n, 3) : null;
            Slice c = product.Accumulate ? Term(m * n, 4) : arrays.New(m * n);
            backend.Multiply(product, a, b, bias, c);
            return [c];

            Slice Operand(int length, int seed)
            {
                Slice slice = arrays.New(length + offset).Part(offset, length);
                backend.Write([.. Numbers.Singles(seed, length).Select(change)], slice);
                return slice;
            }

            Slice Term(int length, int seed) => arrays.Of([.. Numbers.Singles(seed, length).Select(x => sizes ? MathF.Abs(x) : x)]);
        }
    }
}
