namespace EmotionXai.Engine.Autodiff;

/// <summary>
/// One recorded step of a tape: computes its outputs from its inputs, and on the way back adds its part to the gradients of
/// its inputs. It holds its tensors, so a tape can be run again on new contents without recording anything. To write an op of
/// one's own: derive a node, record it with <see cref="Tape.Record"/>, and check its derivative with <see cref="GradientCheck"/>.
/// Elementwise ops need no node: see <see cref="Ops.Elementwise"/>.
/// </summary>
public abstract class Node
{
    /// <summary>Computes the output tensors.</summary>
    public abstract void Forward();

    /// <summary>Reads the gradient of the output and contributes to those of the inputs that track one.</summary>
    public abstract void Backward();

    /// <summary>
    /// Walks back by finite differences from a reference, the same node recorded on other inputs: what is linear in what it
    /// tracks walks back as ever, a nonlinear op needs a rule.
    /// </summary>
    /// <exception cref="NotSupportedException">The op has no rule.</exception>
    public virtual void Rescale(Node reference) =>
        throw new NotSupportedException("The network holds an op without a rescale rule (a recurrent cell or a maximum); take a dense network, or another method.");
}
