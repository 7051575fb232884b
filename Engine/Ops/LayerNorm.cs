using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Layer normalisation (Ba, Kiros and Hinton 2016).</summary>
public static class LayerNormOp
{
    /// <summary>
    /// y = gain * (x - mean) / sqrt(variance + epsilon) + bias, mean and variance (with divisor n) over the last axis.
    /// A composite: its derivative is that of its parts. NaN spreads over its row.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">[..., n].</param>
    /// <param name="gain">[n].</param>
    /// <param name="bias">[n].</param>
    /// <param name="epsilon">Keeps a constant row finite.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor LayerNorm(this Tape tape, Tensor x, Tensor gain, Tensor bias, double epsilon = 1e-5)
    {
        if (x.Shape.Rank < 1) ShapeError.BadShape(nameof(LayerNorm), "there is an axis to normalise over", x.Shape);
        Shape row = new(x.Shape.Columns);
        if (gain.Shape != row || bias.Shape != row)
            ShapeError.ShapeMismatch(nameof(LayerNorm), $"gain and bias are {row}", gain.Shape, bias.Shape);
        if (!(epsilon > 0)) Throw.OutOfRange(nameof(LayerNorm), nameof(epsilon), epsilon, "above 0");

        // Columns first, so that the statistics of a row are repeated over a leading axis.
        Tensor columns = tape.Transpose(tape.Reshape(x, new Shape(x.Shape.Rows, x.Shape.Columns)));
        Tensor centred = tape.Subtract(columns, tape.Mean(columns, 0));
        Tensor variance = tape.Mean(tape.Square(centred), 0);
        Tensor normal = tape.Divide(centred, tape.Sqrt(tape.Shift(variance, epsilon)));
        Tensor rows = tape.Reshape(tape.Transpose(normal), x.Shape);
        return tape.Add(tape.Multiply(rows, gain), bias);
    }
}
