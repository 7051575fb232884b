using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>Shapes that reach every loop of the product, on one thread. <see cref="MachineCodeTests"/> runs this class in a program of its own and reads what was compiled.</summary>
public sealed class ProductKernelTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    public void Every_loop_gives_the_bits_of_single_numbers(int width)
    {
        Assert.SkipUnless(VectorWidths.Supported.Contains(width), $"This machine has no vectors of {32 * width} bits.");
        for (int rows = 1; rows <= 8; rows++)
        {
            // A small B and one that no cache holds, whose rows are asked for ahead, both with columns left over; B transposed.
            Same(width, new MatrixProduct(rows, 40, 30, false, false, false));
            Same(width, new MatrixProduct(rows, 1064, 600, false, false, false));
            Same(width, new MatrixProduct(rows, 40, 30, false, true, false));
        }

        // An activation is applied to a tile as it leaves its registers.
        Same(width, new MatrixProduct(19, 1064, 600, false, false, false), default(ReluOp.Forward));
    }

    private static void Same(int width, in MatrixProduct product) => Same(width, product, default(Identity));

    private static void Same<TFinish>(int width, in MatrixProduct product, TFinish finish)
        where TFinish : struct, IUnary
    {
        float[] want = Product(1, product, finish), got = Product(width, product, finish);
        Assert.Equal(want.Select(BitConverter.SingleToInt32Bits), got.Select(BitConverter.SingleToInt32Bits));
    }

    private static float[] Product<TFinish>(int width, in MatrixProduct product, TFinish finish)
        where TFinish : struct, IUnary
    {
        using CpuBackend backend = new(1, width);
        using TensorScope scope = new(backend);
        Slice a = scope.From(new Shape(product.M, product.K), Numbers.Singles(1, product.M * product.K, -1, 1)).Data;
        Slice b = scope.From(new Shape(product.K, product.N), Numbers.Singles(2, product.K * product.N, -1, 1)).Data;
        Tensor c = scope.New(new Shape(product.M, product.N));
        backend.Multiply(product, a, b, null, finish, c.Data);
        float[] values = new float[product.M * product.N];
        c.CopyTo(values);
        return values;
    }
}
