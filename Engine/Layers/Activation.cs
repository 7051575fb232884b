using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
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

internal static class DenseOp
{
    /// <summary>activation(x W + b), in one op where the derivative can be told from the activation alone or nobody asks for it.</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">[batch, inputs].</param>
    /// <param name="weight">[inputs, outputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="activation">What follows the product.</param>
    public static Tensor Dense(this Tape tape, Tensor x, Tensor weight, Tensor bias, Activation activation)
    {
        bool tracks = x.TracksGradient || weight.TracksGradient || bias.TracksGradient;
        return activation switch
        {
            Activation.Relu => tape.MatrixMultiply(x, weight, bias, default(ReluOp.Forward), default(ReluOp.Backward)),
            Activation.LeakyRelu => tape.MatrixMultiply(x, weight, bias, new LeakyReluOp.Forward(LeakyReluOp.Slope), new LeakyReluOp.Backward(LeakyReluOp.Slope)),
            Activation.Tanh => tape.MatrixMultiply(x, weight, bias, default(TanhOp.Forward), default(TanhOp.Backward)),
            Activation.Sigmoid => tape.MatrixMultiply(x, weight, bias, default(SigmoidOp.Forward), default(SigmoidOp.Backward)),
            Activation.Gelu when !tracks => tape.MatrixMultiply(x, weight, bias, default(GeluOp.Forward), default(GeluOp.Backward)),
            Activation.Softplus when !tracks => tape.MatrixMultiply(x, weight, bias, default(SoftplusOp.Forward), default(SoftplusOp.Backward)),
            _ => tape.Activate(tape.MatrixMultiply(x, weight, bias), activation),
        };
    }
}

/// <summary>The derivative of an activation that is chosen when it runs, so that one kernel serves all.</summary>
internal readonly struct ActivationSlope(Activation activation) : ISlope
{
    // A kernel's parameters are numbers.
    private readonly int _activation = (int)activation;

    public TReal At<TReal>(TReal x)
        where TReal : struct, IReal<TReal>
    {
        TReal one = TReal.Constant(1);
        if (_activation == (int)Activation.Relu) return default(ReluOp.Backward).Apply(x, x, one);
        if (_activation == (int)Activation.LeakyRelu) return new LeakyReluOp.Backward(LeakyReluOp.Slope).Apply(x, x, one);
        if (_activation == (int)Activation.Gelu) return default(GeluOp.Backward).Apply(x, x, one);
        if (_activation == (int)Activation.Tanh) return default(TanhOp.Backward).Apply(x, default(TanhOp.Forward).Apply(x), one);
        if (_activation == (int)Activation.Sigmoid) return default(SigmoidOp.Backward).Apply(x, default(SigmoidOp.Forward).Apply(x), one);
        return _activation == (int)Activation.Softplus ? default(SoftplusOp.Backward).Apply(x, x, one) : one;
    }
}
