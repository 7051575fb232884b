using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>
/// What training makes small: records the mean loss of a batch on a tape. One of one's own is a function of outputs and
/// targets, <c>(tape, outputs, targets) =&gt; ...</c>, made of any ops.
/// </summary>
/// <param name="tape">The tape that records it.</param>
/// <param name="outputs">[batch, outputs].</param>
/// <param name="targets">[batch, numbers a clip's target has].</param>
/// <returns>One number.</returns>
public delegate Tensor Loss(Tape tape, Tensor outputs, Tensor targets);

/// <summary>The losses there are.</summary>
public static class Losses
{
    /// <summary>Softmax cross-entropy: one class of several. Targets as <see cref="ClipData.OfClasses"/> makes them.</summary>
    public static Loss SoftmaxCrossEntropy { get; } = (tape, outputs, targets) => tape.SoftmaxCrossEntropy(outputs, targets);

    /// <summary>The mean squared error of a regression.</summary>
    public static Loss SquaredError { get; } = (tape, outputs, targets) => tape.SquaredError(outputs, targets);

    /// <summary>Binary cross-entropy of each output: several classes that may hold at once, or one.</summary>
    /// <param name="positiveWeight">The weight of a positive target.</param>
    public static Loss BinaryCrossEntropy(double positiveWeight = 1) => (tape, outputs, targets) => tape.BinaryCrossEntropy(outputs, targets, positiveWeight);

    /// <summary>Huber's loss of a regression: squared near zero, linear beyond <paramref name="delta"/>.</summary>
    public static Loss HuberError(double delta = 1) => (tape, outputs, targets) => tape.HuberError(outputs, targets, delta);
}
