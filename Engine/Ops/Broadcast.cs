using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Axes of length one, repeated.</summary>
public static class BroadcastOp
{
    /// <summary>
    /// x repeated to a shape: axes are aligned at the last, an axis of extent one or one that x lacks is repeated.
    /// dx = the sum of dy over the repetitions.
    /// </summary>
    /// <exception cref="ArgumentException">Another axis than one of extent one would change.</exception>
    public static Tensor Broadcast(this Tape tape, Tensor x, Shape shape)
    {
        bool fits = x.Shape.Rank <= shape.Rank;
        for (int axis = 1; fits && axis <= x.Shape.Rank; axis++) fits = x.Shape[-axis] == 1 || x.Shape[-axis] == shape[-axis];
        if (!fits) ShapeError.ShapeMismatch(nameof(Broadcast), "only axes of extent one are repeated, and new ones in front", x.Shape, shape);
        if (x.Shape.Rank < shape.Rank)
        {
            Span<int> extents = stackalloc int[shape.Rank];
            extents.Fill(1);
            x.Shape.CopyTo(extents[(shape.Rank - x.Shape.Rank)..]);
            x = tape.Reshape(x, new Shape(extents));
        }

        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (x.Shape[axis] == shape[axis]) continue;
            Tensor y = tape.Output(x.Shape.With(axis, shape[axis]), x.TracksGradient);
            tape.Record(new RepeatNode(tape, x, y, y.Shape.Split(axis)));
            x = y;
        }

        return x;
    }

    /// <summary>The shape that two operands have in common once axes are repeated.</summary>
    internal static Shape Common(string op, Shape a, Shape b)
    {
        Shape longer = a.Rank >= b.Rank ? a : b, shorter = a.Rank >= b.Rank ? b : a;
        Span<int> extents = stackalloc int[longer.Rank];
        longer.CopyTo(extents);
        for (int axis = 1; axis <= shorter.Rank; axis++)
        {
            ref int extent = ref extents[^axis];
            if (shorter[-axis] == extent || shorter[-axis] == 1) continue;
            if (extent != 1) ShapeError.ShapeMismatch(op, "axes, aligned at the last, are equal or one", a, b);
            extent = shorter[-axis];
        }

        return new Shape(extents);
    }

    /// <summary>An operand as the elementwise primitives take it: of the common shape, or the end of it, which they repeat themselves.</summary>
    internal static Tensor Aligned(this Tape tape, Tensor x, Shape shape)
    {
        for (int axis = 1; axis <= x.Shape.Rank; axis++)
        {
            if (x.Shape[-axis] == shape[-axis]) continue;

            // Ones in front of what fits need no copy either.
            bool front = true;
            for (int rest = axis; rest <= x.Shape.Rank; rest++) front &= x.Shape[-rest] == 1;
            if (!front) return tape.Broadcast(x, shape);
            Span<int> extents = stackalloc int[axis - 1];
            for (int kept = 1; kept < axis; kept++) extents[^kept] = shape[-kept];
            return tape.Reshape(x, new Shape(extents));
        }

        return x;
    }

    private sealed class RepeatNode(Tape tape, Tensor x, Tensor y, AxisSplit split) : SteadyNode
    {
        public override void Forward()
        {
            int block = split.Extent * split.Inner;
            tape.Backend.Copy(new BlockCopy(split.Outer, split.Extent, split.Inner, split.Inner, 0, block, split.Inner), x.Data, y.Data, accumulate: false);
        }

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            tape.Backend.Sum(split, dy, dx, 1, accumulate);
        }
    }
}
