using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>What a dense layer does to its products.</summary>
public enum Activation
{
    /// <summary>Nothing: the layer is affine.</summary>
    Identity,

    /// <summary>max(x, 0). Has a kink, so path integrals through it converge slowly.</summary>
    Relu,

    /// <summary>x above 0, 0.01 x elsewhere.</summary>
    LeakyRelu,

    /// <summary>The Gaussian error linear unit, smooth.</summary>
    Gelu,

    /// <summary>The hyperbolic tangent, smooth and bounded.</summary>
    Tanh,

    /// <summary>The logistic function.</summary>
    Sigmoid,

    /// <summary>ln(1 + e^x), smooth.</summary>
    Softplus,
}

internal static class Activations
{
    public static Tensor Activate(this Tape tape, Tensor x, Activation activation) => activation switch
    {
        Activation.Identity => x,
        Activation.Relu => tape.Relu(x),
        Activation.LeakyRelu => tape.LeakyRelu(x),
        Activation.Gelu => tape.Gelu(x),
        Activation.Tanh => tape.Tanh(x),
        Activation.Sigmoid => tape.Sigmoid(x),
        Activation.Softplus => tape.Softplus(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };
}
