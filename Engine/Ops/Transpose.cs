using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Swaps two axes.</summary>
public static class TransposeOp
{
    /// <summary>Swaps the first two axes: y[j, i, ...] = x[i, j, ...].</summary>
    /// <exception cref="ArgumentException">The rank is below 2.</exception>
    public static Tensor Transpose(this Tape tape, Tensor x)
    {
        if (x.Shape.Rank < 2) ShapeError.BadShape(nameof(Transpose), "there are two axes to swap", x.Shape);
        int rows = x.Shape[0], columns = x.Shape[1];
        int block = rows * columns == 0 ? 0 : x.Shape.Length / (rows * columns);
        Span<int> extents = stackalloc int[x.Shape.Rank];
        x.Shape.CopyTo(extents);
        (extents[0], extents[1]) = (columns, rows);
        Tensor y = tape.Output(new Shape(extents), x.TracksGradient);
        tape.Record(new CopyNode(tape, x, 0, y, 0, new BlockCopy(rows, columns, block, columns * block, block, block, rows * block)));
        return y;
    }
}
