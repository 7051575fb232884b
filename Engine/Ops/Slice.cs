using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>A span along an axis.</summary>
public static class SliceOp
{
    /// <summary>The elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1 along an axis: a span of time, of features, of clips.</summary>
    /// <exception cref="ArgumentException">There is no such axis, or the span leaves it.</exception>
    public static Tensor Slice(this Tape tape, Tensor x, int axis, int start, int count)
    {
        AxisSplit split = x.Shape.Split(axis, nameof(Slice));
        if (start < 0 || count < 0 || start > split.Extent - count)
            ShapeError.BadShape(nameof(Slice), $"elements {start} to {start + count} lie on axis {axis}", x.Shape);
        Tensor y = tape.Output(x.Shape.With(axis, count), x.TracksGradient);
        int from = split.Extent * split.Inner, to = count * split.Inner;
        tape.Record(new CopyNode(tape, x, start * split.Inner, y, 0, new BlockCopy(split.Outer, 1, to, from, 0, to, 0)));
        return y;
    }
}
