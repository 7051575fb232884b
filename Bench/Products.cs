using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Backends;

namespace EmotionXai.Bench;

/// <summary>The matrix product, m x n x k: square ones; a clip's and a batch's projection; the gradients of a weight (A^T) and of an input (B^T).</summary>
public class ProductKernel : Kernel
{
    private MatrixProduct _product;
    private Slice _a, _b, _c;

    [Params(
        "64x64x64", "128x128x128", "256x256x256", "512x512x512", "1024x1024x1024",
        "1x64x936", "20x256x936", "640x256x936", "32x64x256", "32x256x18720", "A^T 936x256x640", "B^T 640x936x256")]
    public string Size { get; set; } = "";

    protected override void Prepare()
    {
        int[] extents = [.. Size.Split(' ')[^1].Split('x').Select(int.Parse)];
        _product = new MatrixProduct(extents[0], extents[1], extents[2], Size.StartsWith('A'), Size.StartsWith('B'), Accumulate: false);
        (_a, _b, _c) = (Operand(_product.M * _product.K), Operand(_product.K * _product.N), Empty(_product.M * _product.N));
    }

    protected override void Call() => Backend.Multiply(_product, _a, _b, null, _c);
}
