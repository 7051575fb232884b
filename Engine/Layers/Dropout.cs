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
