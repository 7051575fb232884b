using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>Layer normalisation over the last axis, with a learned gain (from 1) and bias (from 0).</summary>
public sealed class LayerNorm : Layer
{
    /// <summary>A normalisation of <paramref name="features"/> features.</summary>
    public LayerNorm(Initializer initializer, string name, int features)
    {
        Gain = Add(initializer.Constant(name + ".gain", new Shape(features), 1));
        Bias = Add(initializer.Constant(name + ".bias", new Shape(features), 0));
    }

    /// <summary>[features].</summary>
    public Parameter Gain { get; }

    /// <summary>[features].</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => tape.LayerNorm(stem, tape.Use(Gain), tape.Use(Bias));

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;
}
