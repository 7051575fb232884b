using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Ops that only move elements. Each is a set of block copies, and its derivative the same copies backwards.</summary>
public static class RearrangeOp
{
    /// <summary>The same elements, row-major, under another shape. Copies nothing; the gradient passes through.</summary>
    /// <exception cref="ArgumentException">The shapes have different numbers of elements.</exception>
    public static Tensor Reshape(this Tape tape, Tensor x, Shape shape)
    {
        if (shape.Length != x.Shape.Length) ShapeError.ShapeMismatch(nameof(Reshape), "both hold the same number of elements", x.Shape, shape);
        Tensor y = tape.View(x, shape);
        if (x.TracksGradient) tape.Record(new ViewNode(tape, x, y));
        return y;
    }

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

    private sealed class ViewNode(Tape tape, Tensor x, Tensor y) : Node
    {
        public override void Forward()
        {
        }

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (tape.Arrived(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            tape.Backend.Map(default(Identity), dy, dx, accumulate);
        }
    }

    private sealed class CopyNode(Tape tape, Tensor x, int xOffset, Tensor y, int yOffset, BlockCopy layout) : Node
    {
        private readonly bool _covers = layout.Count0 * layout.Count1 * layout.Block == x.Shape.Length;

        public override void Forward() => tape.Backend.Copy(layout, After(x.Data, xOffset), After(y.Data, yOffset), accumulate: false);

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (!x.TracksGradient || tape.Arrived(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);

            // Where the copy left elements of x out, their gradient is zero.
            if (!accumulate && !_covers) tape.Backend.Fill(dx, 0);
            BlockCopy back = new(
                layout.Count0, layout.Count1, layout.Block, layout.TargetStride0, layout.TargetStride1, layout.SourceStride0, layout.SourceStride1);
            tape.Backend.Copy(back, After(dy, yOffset), After(dx, xOffset), accumulate || !_covers);
        }

        // An empty batch has no element at the offset either.
        private static Slice After(Slice all, int offset) =>
            all.Length == 0 ? all : all.Part(offset, all.Length - offset);
    }
}
