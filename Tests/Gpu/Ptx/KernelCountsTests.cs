using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Tests.Explain;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>How much of what a product's loop runs is arithmetic, on whole tiles.</summary>
public sealed class KernelCountsTests
{
    // Whole tiles, and the loop without its first tile, which is copied before it.
    [Theory]
    [InlineData(1, "product-large", 128)]
    [InlineData(4, "product-medium", 64)]
    public void Float32_products_multiply_most_of_the_time(int multiprocessors, string name, int side)
    {
        foreach ((bool transposeA, bool transposeB, bool aligned, string kernel) in Forms(name))
        {
            KernelCounts counts = Count(ProductMath.Float32, multiprocessors, kernel, side, transposeA, transposeB, aligned);

            // Each of the 32 threads of a warp has 64 sums.
            Assert.Equal(Depth * side * side / 32, counts.MultiplyAdds);
            Assert.True(counts.MultiplyAddsPerInstruction >= 0.85, $"{kernel}: {counts.MultiplyAddsPerInstruction:0.000} multiply-adds an instruction");
        }
    }

    // The last tile is multiplied behind the loop.
    [Theory]
    [InlineData(ProductMath.Tf32, "product-tf32", 8, 16)]
    [InlineData(ProductMath.Bf16, "product-bf16", 16, 32)]
    public void Tensor_products_come_often(ProductMath math, string name, int step, int tile)
    {
        foreach ((bool transposeA, bool transposeB, bool aligned, string kernel) in Forms(name))
        {
            KernelCounts counts = Count(math, 1, kernel, 128, transposeA, transposeB, aligned);
            Assert.Equal((Depth - tile) / step * (128 / 16) * (128 / 8), counts.TensorProducts);
            Assert.True(counts.InstructionsPerTensorProduct <= 6, $"{kernel}: {counts.InstructionsPerTensorProduct:0.0} instructions a product");
        }
    }

    // Two rows by two columns' 32 weights: 16 loads for 128 multiply-adds.
    [Theory]
    [InlineData(RecurrentCell.Elman)]
    [InlineData(RecurrentCell.Gru)]
    [InlineData(RecurrentCell.Lstm)]
    public void Recurrent_kernels_multiply_most_of_their_inner_loop(RecurrentCell cell)
    {
        using PtxDevice device = new();
        Recurrence shape = new(cell, 4, 2, 64, Reverse: false);
        int units = shape.Batch * shape.Time * shape.Hidden, wide = units * shape.Gates;
        bool gru = cell == RecurrentCell.Gru;
        using GpuBackend gpu = device.Backend(ProductMath.Float32);
        Executed.Of(gpu, (backend, arrays) =>
        {
            Slice weights = arrays.Random((int)shape.WeightLength, 1, -0.1, 0.1), states = arrays.New(units), saved = arrays.New(units * shape.SavedPerUnit), projected = arrays.New(wide);
            backend.RecurrentForward(shape, arrays.Random(wide, 2), weights, gru ? arrays.Random(64, 3) : null, states, saved);
            backend.RecurrentBackward(shape, weights, states, saved, arrays.Random(units, 4), projected, gru ? arrays.New(wide) : null);
            return [states, projected];
        });
        Assert.Equal([], device.Findings.All);
        foreach (string way in (string[])["forward", "backward"])
        {
            PtxProgram program = device.Programs.Values.Single(p => p.Name == $"{cell.ToString().ToLowerInvariant()}-64-{way}");
            Multiplies(program, 1);
        }
    }

    // There and back.
    [Theory]
    [InlineData(RecurrentCell.Gru)]
    [InlineData(RecurrentCell.Lstm)]
    public void Path_kernels_multiply_most_of_their_inner_loops(RecurrentCell cell)
    {
        using PtxDevice device = new();
        using GpuBackend gpu = device.Backend();
        new PathCase(cell, 64, Pooling.Mean, 1, 4, 4).InOneCall(gpu);
        Assert.Equal([], device.Findings.All);
        Multiplies(device.Programs.Values.Single(p => p.Name == $"{cell.ToString().ToLowerInvariant()}-64-paths"), 2);
    }

    private static void Multiplies(PtxProgram program, int loops)
    {
        IReadOnlyList<KernelCounts> inner = KernelCounts.OfInnerLoops(program);
        Assert.True(loops == inner.Count, string.Join("; ", inner));
        Assert.All(inner, counts => Assert.True(counts.MultiplyAddsPerInstruction >= 0.75, $"{program.Name}: {counts.MultiplyAddsPerInstruction:0.000} multiply-adds an instruction"));
    }

    private const int Depth = 128;

    private static IEnumerable<(bool TransposeA, bool TransposeB, bool Aligned, string Kernel)> Forms(string name)
    {
        foreach (bool transposeA in (bool[])[false, true])
            foreach (bool transposeB in (bool[])[false, true])
                foreach (bool aligned in (bool[])[false, true])
                    yield return (transposeA, transposeB, aligned, $"{name}-{(transposeA ? 't' : 'n')}{(transposeB ? 't' : 'n')}{(aligned ? "-aligned" : "")}");
    }

    private static KernelCounts Count(ProductMath math, int multiprocessors, string kernel, int side, bool transposeA, bool transposeB, bool aligned)
    {
        using PtxDevice device = new(multiprocessors);
        Executed.Both(device, math, (backend, arrays) =>
        {
            Slice c = arrays.New(side * side);
            Slice a = arrays.Random(side * Depth, 1, offset: aligned ? 0 : 1), b = arrays.Random(Depth * side, 2);
            backend.Multiply(new MatrixProduct(side, side, Depth, transposeA, transposeB, Accumulate: false), a, b, null, c);
            return [c];
        });
        return KernelCounts.OfMainLoop(device.Programs.Values.Single(p => p.Name == kernel));
    }
}
