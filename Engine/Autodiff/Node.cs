namespace EmotionXai.Engine.Autodiff;

/// <summary>
/// One recorded step of a tape: computes its outputs from its inputs, and on the way back adds its part to the gradients of
/// its inputs. It holds its tensors, so a tape can be run again on new contents without recording anything.
/// </summary>
internal abstract class Node
{
    /// <summary>Computes the output tensors.</summary>
    public abstract void Forward();

    /// <summary>Reads the gradient of the output and contributes to those of the inputs that track one.</summary>
    public abstract void Backward();
}
