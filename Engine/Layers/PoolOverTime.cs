using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

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
