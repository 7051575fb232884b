using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>The end of a gradient's way.</summary>
public static class DetachOp
{
    /// <summary>The same elements, taken as constants: no gradient passes. Copies nothing.</summary>
    public static Tensor Detach(this Tape tape, Tensor x) => tape.Constant(x);
}
