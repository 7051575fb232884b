using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Tensors side by side.</summary>
public static class ConcatenateOp
{
    /// <summary>Two tensors side by side along an axis: in time, in features, in clips.</summary>
    /// <exception cref="ArgumentException">They differ in another axis.</exception>
    public static Tensor Concatenate(this Tape tape, Tensor a, Tensor b, int axis)
    {
        AxisSplit left = a.Shape.Split(axis, nameof(Concatenate)), right = b.Shape.Rank == a.Shape.Rank ? b.Shape.Split(axis) : default;
        if (b.Shape.Rank != a.Shape.Rank || a.Shape.With(axis, 0) != b.Shape.With(axis, 0))
            ShapeError.ShapeMismatch(nameof(Concatenate), $"all axes but {axis} are equal", a.Shape, b.Shape);
        Tensor y = tape.Output(a.Shape.With(axis, left.Extent + right.Extent), a.TracksGradient || b.TracksGradient);
        int first = left.Extent * left.Inner, second = right.Extent * right.Inner, both = first + second;
        tape.Record(new CopyNode(tape, a, 0, y, 0, new BlockCopy(left.Outer, 1, first, first, 0, both, 0)));
        tape.Record(new CopyNode(tape, b, 0, y, first, new BlockCopy(left.Outer, 1, second, second, 0, both, 0)));
        return y;
    }
}
