using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Losses beside the binary cross-entropy; each the mean over a batch, a tensor of one number.</summary>
public static class LossOps
{
    /// <summary>
    /// - mean over rows of sum over classes of t ln softmax(x); dx = (softmax(x) - t) / rows where a row's targets sum to one.
    /// NaN propagates.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="targets">The same shape: one at the class, or probabilities.</param>
    /// <exception cref="ArgumentException">The shapes differ, or there is no row or no class.</exception>
    public static Tensor SoftmaxCrossEntropy(this Tape tape, Tensor logits, Tensor targets)
    {
        if (logits.Shape != targets.Shape || logits.Shape.Rank != 2 || logits.Shape.Length == 0)
            ShapeError.ShapeMismatch(nameof(SoftmaxCrossEntropy), "logits and targets are [rows, classes], one row and one class at least", logits.Shape, targets.Shape);
        Tensor byRow = tape.Sum(tape.Multiply(targets, tape.LogSoftmax(logits)), -1);
        return tape.Reshape(tape.Negate(tape.Mean(byRow, 0)), new Shape(1));
    }

    /// <summary>The mean of (y - t)^2 over all numbers. NaN propagates.</summary>
    /// <exception cref="ArgumentException">The numbers of elements differ, or are 0.</exception>
    public static Tensor SquaredError(this Tape tape, Tensor outputs, Tensor targets) =>
        tape.MeanOf(nameof(SquaredError), outputs, targets, (o, t) => tape.Square(tape.Subtract(o, t)));

    /// <summary>The mean of Huber's loss (1964) of e = y - t: e^2 / 2 within delta of zero, delta (|e| - delta / 2) beyond. Outliers pull with a bounded force.</summary>
    /// <exception cref="ArgumentException">The numbers of elements differ or are 0, or delta is not positive.</exception>
    public static Tensor HuberError(this Tape tape, Tensor outputs, Tensor targets, double delta = 1)
    {
        if (!(delta > 0)) Throw.OutOfRange(nameof(HuberError), nameof(delta), delta, "above 0");
        return tape.MeanOf(nameof(HuberError), outputs, targets, (o, t) => tape.Unary(tape.Subtract(o, t), new Huber(delta), new HuberSlope(delta)));
    }

    private static Tensor MeanOf(this Tape tape, string op, Tensor outputs, Tensor targets, Func<Tensor, Tensor, Tensor> each)
    {
        if (outputs.Shape.Length != targets.Shape.Length || outputs.Shape.Length == 0)
            ShapeError.ShapeMismatch(op, "there is one target for each output, and at least one", outputs.Shape, targets.Shape);
        Shape flat = new(outputs.Shape.Length);
        return tape.Reshape(tape.Mean(each(tape.Reshape(outputs, flat), tape.Reshape(targets, flat)), 0), new Shape(1));
    }

    internal readonly struct Huber(FormulaNumber delta) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal e)
            where TReal : struct, IReal<TReal>
        {
            TReal size = TReal.Abs(e), bound = TReal.Constant(delta), half = TReal.Constant(0.5);
            return TReal.IfGreater(size, bound, bound * (size - (half * bound)), half * e * e);
        }
    }

    internal readonly struct HuberSlope(FormulaNumber delta) : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal e, TReal loss, TReal dy)
            where TReal : struct, IReal<TReal>
        {
            TReal bound = TReal.Constant(delta);
            return dy * TReal.IfGreater(e, bound, bound, TReal.IfGreater(-bound, e, -bound, e));
        }
    }
}
