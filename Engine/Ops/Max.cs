using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>The maximum over an axis.</summary>
public static class MaxOp
{
    /// <summary>y[o, i] = the largest x[o, e, i] over e; its gradient goes to the first element that attains it. NaN wins.</summary>
    /// <exception cref="ArgumentException">There is no such axis, or it is empty.</exception>
    public static Tensor Max(this Tape tape, Tensor x, int axis)
    {
        AxisSplit split = x.Shape.Split(axis, nameof(Max));
        if (split.Extent == 0) ShapeError.BadShape(nameof(Max), "the axis has at least one element", x.Shape);
        Tensor y = tape.Output(x.Shape.Without(axis), x.TracksGradient);
        tape.Record(new MaxNode(tape, x, y, split));
        return y;
    }

    private sealed class MaxNode(Tape tape, Tensor x, Tensor y, AxisSplit split) : SteadyNode
    {
        private readonly Slice _index = tape.Scratch(split.Reduced);

        public override void Forward() => tape.Backend.Max(split, x.Data, y.Data, _index);

        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            if (!accumulate) tape.Backend.Fill(dx, 0);
            tape.Backend.Scatter(split, dy, _index, dx);
        }
    }
}
