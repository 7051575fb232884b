using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Binary cross-entropy of logits.</summary>
public static class BinaryCrossEntropyOp
{
    /// <summary>
    /// loss = mean of w (max(x, 0) - x y + ln(1 + e^-|x|)), w = 1 + (positiveWeight - 1) y; dx = w (sigmoid(x) - y) / n.
    /// Finite for every finite logit. NaN propagates.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="logits">n elements.</param>
    /// <param name="targets">n elements, in [0, 1].</param>
    /// <param name="positiveWeight">The weight of the positive class.</param>
    /// <exception cref="ArgumentException">The numbers of elements differ, are 0, or the weight is not positive.</exception>
    public static Tensor BinaryCrossEntropy(this Tape tape, Tensor logits, Tensor targets, double positiveWeight = 1)
    {
        if (logits.Shape.Length != targets.Shape.Length || logits.Shape.Length == 0)
            ShapeError.ShapeMismatch(nameof(BinaryCrossEntropy), "there is one target for each logit, and at least one", logits.Shape, targets.Shape);
        if (!(positiveWeight > 0)) Throw.OutOfRange(nameof(BinaryCrossEntropy), nameof(positiveWeight), positiveWeight, "above 0");
        Tensor loss = tape.Output(new Shape(1), logits.TracksGradient);
        tape.Record(new LossNode(tape, logits, targets, loss, positiveWeight));
        return loss;
    }

    private sealed class LossNode(Tape tape, Tensor logits, Tensor targets, Tensor loss, double positiveWeight) : SteadyNode
    {
        // Forward computes the derivative along with the loss: both need the same exponentials.
        private readonly Slice _derivative = tape.Scratch(logits.Shape.Length);

        public override void Forward() =>
            tape.Backend.BinaryCrossEntropy(logits.Data, targets.Data, positiveWeight, loss.Data, _derivative);

        public override void Backward()
        {
            if (!logits.TracksGradient || tape.IncomingGradient(loss) is not { } dloss) return;
            (Slice dx, bool accumulate) = tape.Contribute(logits);
            tape.Backend.Map(default(Product), _derivative, dloss, dx, accumulate);
        }
    }
}
