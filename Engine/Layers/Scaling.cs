using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>y = x * gain + shift with numbers that stay as they are: a standardisation before a network, a calibration behind it.</summary>
public sealed class Scaling : Layer
{
    /// <summary>A scaling.</summary>
    /// <param name="initializer">Says where it lives.</param>
    /// <param name="name">Before the parameters' names.</param>
    /// <param name="shape">What gain and shift are of: one clip's input, or its last axes; earlier ones are repeated over.</param>
    /// <param name="gain">[shape].</param>
    /// <param name="shift">[shape].</param>
    public Scaling(Initializer initializer, string name, Shape shape, ReadOnlySpan<float> gain, ReadOnlySpan<float> shift)
    {
        Gain = Add(new Parameter(initializer.Backend, name + ".gain", shape));
        Shift = Add(new Parameter(initializer.Backend, name + ".shift", shape));
        Gain.Value.CopyFrom(gain);
        Shift.Value.CopyFrom(shift);
        Gain.Frozen = Shift.Frozen = true;
    }

    /// <summary>The factors.</summary>
    public Parameter Gain { get; }

    /// <summary>What is added.</summary>
    public Parameter Shift { get; }

    /// <inheritdoc/>
    public override Tensor Stem(Tape tape, Tensor input) => tape.Add(tape.Multiply(input, tape.Use(Gain)), tape.Use(Shift));

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => stem;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    internal override bool StemIsKnown => true;
}

/// <summary>An activation by itself, where no dense layer precedes it.</summary>
public sealed class Activated(Activation activation) : Layer
{
    /// <summary>Which.</summary>
    public Activation Activation { get; } = activation;

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => tape.Activate(stem, Activation);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;
}
