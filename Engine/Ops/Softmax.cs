using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Softmax, its logarithm, and the logarithm of a sum of exponentials, over an axis. Composites: their derivatives are those of their parts.</summary>
public static class SoftmaxOp
{
    /// <summary>y_i = e^x_i / sum over j of e^x_j. The largest is subtracted first, so nothing overflows. NaN spreads over its axis, as does +infinity.</summary>
    /// <exception cref="ArgumentException">There is no such axis, or it is empty.</exception>
    public static Tensor Softmax(this Tape tape, Tensor x, int axis = -1)
    {
        Tensor exponentials = tape.Exp(tape.Subtract(x, tape.Largest(x, axis)));
        return tape.Divide(exponentials, tape.Kept(tape.Sum(exponentials, axis), x.Shape, axis));
    }

    /// <summary>y = ln of the sum over j of e^x_j, without the axis; dx_i = softmax(x)_i dy. NaN propagates.</summary>
    /// <inheritdoc cref="Softmax"/>
    public static Tensor LogSumExp(this Tape tape, Tensor x, int axis = -1)
    {
        Tensor largest = tape.Largest(x, axis);
        Tensor sum = tape.Sum(tape.Exp(tape.Subtract(x, largest)), axis);
        return tape.Add(tape.Log(sum), tape.Reshape(largest, sum.Shape));
    }

    /// <summary>y_i = x_i - ln of the sum over j of e^x_j: finite where the softmax itself underflows.</summary>
    /// <inheritdoc cref="Softmax"/>
    public static Tensor LogSoftmax(this Tape tape, Tensor x, int axis = -1) =>
        tape.Subtract(x, tape.Kept(tape.LogSumExp(x, axis), x.Shape, axis));

    // A constant shift: the result does not depend on it, so neither does the derivative.
    private static Tensor Largest(this Tape tape, Tensor x, int axis) => tape.Kept(tape.Max(tape.Detach(x), axis), x.Shape, axis);

    // A reduced tensor with its axis back, of extent one.
    private static Tensor Kept(this Tape tape, Tensor reduced, Shape shape, int axis) => tape.Reshape(reduced, shape.With(axis, 1));
}
