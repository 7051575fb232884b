using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>
/// A layer in two parts: a stem, affine in the layer's input, and a body, all the rest. Path attribution lives on the split:
/// an affine stem maps a straight path to a straight path, so it runs once for each end of a path, not once for each step.
/// </summary>
public abstract class Layer : IDisposable
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<RandomCursor> _cursors = [];

    /// <summary>The parameters, in a fixed order.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The affine part. A layer without one passes its input on.</summary>
    public virtual Tensor Stem(Tape tape, Tensor input) => input;

    /// <summary>The rest of the layer, on the stem's output.</summary>
    public abstract Tensor Body(Tape tape, Tensor stem);

    /// <summary>The whole layer: the body on the stem's output. A layer that can do both at once does.</summary>
    public virtual Tensor Apply(Tape tape, Tensor input) => Body(tape, Stem(tape, input));

    /// <summary>The shape of one clip's output, from that of one clip's input.</summary>
    public abstract Shape OutputShape(Shape input);

    /// <summary>Multiply-adds of the products for one clip; elementwise work is not counted.</summary>
    public virtual long MultiplyAdds(Shape input) => 0;

    /// <summary>Gives the parameters' memory back.</summary>
    public void Dispose()
    {
        foreach (Parameter parameter in _parameters) parameter.Dispose();
        _parameters.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the stem is affine by construction. Of layers from elsewhere path attribution tries it.</summary>
    internal virtual bool StemIsKnown => false;

    /// <summary>Where the layer's random numbers come from.</summary>
    internal IReadOnlyList<RandomCursor> Cursors => _cursors;

    /// <summary>Adds a source of random numbers, so that a training run that was stopped goes on with those that come next.</summary>
    protected RandomCursor Add(RandomCursor cursor)
    {
        _cursors.Add(cursor);
        return cursor;
    }

    /// <summary>Adds a parameter to the layer.</summary>
    protected Parameter Add(Parameter parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }
}
