using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Another shape of the same elements.</summary>
public static class ReshapeOp
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

    private sealed class ViewNode(Tape tape, Tensor x, Tensor y) : SteadyNode
    {
        public override void Forward()
        {
        }

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            tape.Backend.Map(default(Identity), dy, dx, accumulate);
        }
    }
}
