using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Sum and mean over an axis.</summary>
public static class SumOp
{
    /// <summary>y[o, i] = sum over e of x[o, e, i]; dx[o, e, i] = dy[o, i]. NaN propagates.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor Sum(this Tape tape, Tensor x, int axis) => Scaled(tape, nameof(Sum), x, axis, mean: false);

    /// <summary>y[o, i] = the mean over e of x[o, e, i]; dx[o, e, i] = dy[o, i] / extent. NaN propagates; NaN where the extent is 0.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor Mean(this Tape tape, Tensor x, int axis) => Scaled(tape, nameof(Mean), x, axis, mean: true);

    private static Tensor Scaled(Tape tape, string op, Tensor x, int axis, bool mean)
    {
        AxisSplit split = x.Shape.Split(axis, op);
        Tensor y = tape.Output(x.Shape.Without(axis), x.TracksGradient);
        tape.Record(new SumNode(tape, x, y, split, mean ? 1.0 / split.Extent : 1));
        return y;
    }

    private sealed class SumNode(Tape tape, Tensor x, Tensor y, AxisSplit split, double scale) : SteadyNode
    {
        public override void Forward() => tape.Backend.Sum(split, x.Data, y.Data, scale, accumulate: false);

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy || split.Length == 0) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            BlockCopy repeated = new(split.Outer, split.Extent, split.Inner, split.Inner, 0, split.Extent * split.Inner, split.Inner) { Scale = scale };
            tape.Backend.Copy(repeated, dy, dx, accumulate);
        }
    }
}
