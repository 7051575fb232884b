using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>Products that round their operands as tensor cores do, on the emulated device.</summary>
public sealed class RoundedProductTests
{
    // At 1, the last of 11 bits is 2^-10 and of 8 bits 2^-7.
    private const float Tenth = 1f / 1024, Eleventh = 1f / 2048, Twelfth = 1f / 4096;
    private const float Sixth = 1f / 64, Seventh = 1f / 128, Eighth = 1f / 256, Ninth = 1f / 512;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1 + Eleventh, 1 + Tenth)]
    [InlineData(-1 - Eleventh, -1 - Tenth)]
    [InlineData(1 + Twelfth, 1)]
    [InlineData(1 + Tenth + Twelfth, 1 + Tenth)]
    [InlineData(0, 0)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Tf32_keeps_eleven_bits_and_sends_ties_away_from_zero(float value, float expected) => Assert.Equal(expected, Tf32.Round(value));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1 + Eighth, 1)]
    [InlineData(1 + Seventh + Eighth, 1 + Sixth)]
    [InlineData(1 + Eighth + Ninth, 1 + Seventh)]
    [InlineData(-1 - Ninth, -1)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Bf16_keeps_eight_bits_and_sends_ties_to_even(float value, float expected) => Assert.Equal(expected, Bf16.Round(value));

    [Theory]
    [InlineData(ProductMath.Float32)]
    [InlineData(ProductMath.Tf32)]
    [InlineData(ProductMath.Bf16)]
    public void A_product_is_that_of_its_rounded_operands(ProductMath math)
    {
        using IBackend reference = new ReferenceBackend(), emulated = GpuBackend.Emulated(math);
        foreach ((int m, int n, int k) in ((int, int, int)[])[(19, 21, 33), (16, 32, 600)])
        {
            foreach (bool transposeA in (bool[])[false, true])
            {
                foreach (bool transposeB in (bool[])[false, true])
                {
                    MatrixProduct product = new(m, n, k, transposeA, transposeB, Accumulate: false);
                    float[] a = Numbers.Singles(m, m * k), b = Numbers.Singles(n, k * n);
                    double[] expected = Multiply(reference, product, [.. a.Select(Round)], [.. b.Select(Round)]), actual = Multiply(emulated, product, a, b);
                    for (int i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - (k * 1e-7), expected[i] + (k * 1e-7));

                    // Further from the exact product than from that of the rounded: the rounding happens.
                    if (math != ProductMath.Float32) Assert.True(Numbers.RelativeDistance(actual, Multiply(reference, product, a, b)) > 10 * Numbers.RelativeDistance(actual, expected));
                }
            }
        }

        float Round(float value) => math == ProductMath.Tf32 ? Tf32.Round(value) : math == ProductMath.Bf16 ? Bf16.Round(value) : value;
    }

    private static double[] Multiply(IBackend backend, MatrixProduct product, float[] a, float[] b)
    {
        Slice left = Put(a), right = Put(b), to = new(backend.Allocate(product.M * product.N), 0, product.M * product.N);
        backend.Multiply(product, left, right, null, to);
        double[] result = new double[to.Length];
        backend.Read(to, result);
        return result;

        Slice Put(float[] values)
        {
            Slice slice = new(backend.Allocate(values.Length), 0, values.Length);
            backend.Write(values, slice);
            return slice;
        }
    }
}
