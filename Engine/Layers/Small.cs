using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>Dropout between layers; nothing outside training.</summary>
public sealed class Dropout : Layer
{
    private readonly double _rate;
    private readonly RandomCursor _cursor;

    /// <summary>A dropout of a part <paramref name="rate"/> of all values.</summary>
    public Dropout(Initializer initializer, double rate) => (_rate, _cursor) = (rate, Add(new RandomCursor(initializer.NextKey())));

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => tape.Dropout(stem, _rate, _cursor);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;
}

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

/// <summary>How the states of all time steps become one vector.</summary>
public enum Pooling
{
    /// <summary>The state after the last step. (Of a bidirectional layer, take the mean or the maximum: its backward half has seen one frame there.)</summary>
    Last,

    /// <summary>The mean over time.</summary>
    Mean,

    /// <summary>The maximum over time.</summary>
    Max,
}

/// <summary>[batch, time, features] to [batch, features].</summary>
public sealed class PoolOverTime(Pooling pooling) : Layer
{
    /// <summary>How.</summary>
    public Pooling Pooling { get; } = pooling;

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => Pool(tape, stem, Pooling);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new(input[1]);

    internal static Tensor Pool(Tape tape, Tensor states, Pooling pooling)
    {
        if (states.Shape.Rank != 3) ShapeError.BadShape(nameof(PoolOverTime), "the input is [batch, time, features]", states.Shape);
        return pooling switch
        {
            Pooling.Mean => tape.Mean(states, 1),
            Pooling.Max => tape.Max(states, 1),
            _ => tape.Reshape(tape.Slice(states, 1, states.Shape[1] - 1, 1), new Shape(states.Shape[0], states.Shape[2])),
        };
    }
}
