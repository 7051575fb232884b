using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>How much of what a product's loop runs is arithmetic, on whole tiles.</summary>
public sealed class KernelCountsTests
{
    [Theory]
    [InlineData(1, "product-large-nn-aligned", 128, 0.70)]
    [InlineData(4, "product-medium-nn-aligned", 64, 0.65)]
    public void Float32_products_multiply_most_of_the_time(int multiprocessors, string kernel, int side, double least)
    {
        KernelCounts counts = Count(ProductMath.Float32, multiprocessors, kernel, side, 256);

        // Each of the 32 threads of a warp has 64 sums.
        Assert.Equal(256 * side * side / 32, counts.MultiplyAdds);
        Assert.True(counts.MultiplyAddsPerInstruction >= least, $"{kernel}: {counts.MultiplyAddsPerInstruction:0.000} multiply-adds an instruction");
    }

    [Theory]
    [InlineData(ProductMath.Tf32, "product-tf32-nn-aligned", 8, 16)]
    [InlineData(ProductMath.Bf16, "product-bf16-nn-aligned", 16, 34)]
    public void Tensor_products_come_often(ProductMath math, string kernel, int step, double most)
    {
        KernelCounts counts = Count(math, 1, kernel, 128, 256);
        Assert.Equal(256 / step * (128 / 16) * (128 / 8), counts.TensorProducts);
        Assert.True(counts.InstructionsPerTensorProduct <= most, $"{kernel}: {counts.InstructionsPerTensorProduct:0.0} instructions a product");
    }

    private static KernelCounts Count(ProductMath math, int multiprocessors, string kernel, int side, int depth)
    {
        using PtxDevice device = new(multiprocessors);
        Executed.Both(device, math, (backend, arrays) =>
        {
            Slice c = arrays.New(side * side);
            backend.Multiply(new MatrixProduct(side, side, depth, false, false, Accumulate: false), arrays.Random(side * depth, 1), arrays.Random(depth * side, 2), null, c);
            return [c];
        });
        return KernelCounts.OfMainLoop(device.Programs.Values.Single(p => p.Name == kernel));
    }
}
