using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>All of a clip as one vector: [time, features] as [time * features].</summary>
public sealed class Flatten : Layer
{
    /// <inheritdoc/>
    public override Tensor Stem(Tape tape, Tensor input) => tape.Reshape(input, new Shape(input.Shape[0], input.Shape.Rank == 1 ? 1 : input.Shape.Without(0).Length));

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => stem;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new(input.Length);

    internal override bool StemIsKnown => true;
}
