using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>A binary classifier of clips [time, features]: layers in a row that end in one logit.</summary>
public sealed class Classifier : IDisposable
{
    private readonly Layer[] _layers;

    /// <summary>A classifier built by <see cref="ClassifierOptions.Build"/>, or from layers of one's own.</summary>
    /// <param name="backend">Where the parameters live.</param>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="layers">The layers; the last one's output is a single number.</param>
    /// <exception cref="ArgumentException">The layers end in more than one number, or there is none.</exception>
    public Classifier(IBackend backend, int time, int features, params IReadOnlyList<Layer> layers)
    {
        if (layers.Count == 0) throw new ArgumentException("A classifier has at least one layer.", nameof(layers));
        (Backend, Time, Features, _layers) = (backend, time, features, [.. layers]);
        Shape shape = new(time, features);
        foreach (Layer layer in _layers)
        {
            MultiplyAdds += layer.MultiplyAdds(shape);
            shape = layer.OutputShape(shape);
        }

        if (shape.Length != 1) throw new ArgumentException($"The last layer gives {shape}, but a binary classifier ends in one logit.", nameof(layers));
        Parameters = [.. _layers.SelectMany(l => l.Parameters)];
    }

    /// <summary>Where the parameters live.</summary>
    public IBackend Backend { get; }

    /// <summary>Steps of a clip.</summary>
    public int Time { get; }

    /// <summary>Features a step.</summary>
    public int Features { get; }

    /// <summary>All parameters, in a fixed order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Numbers that training sets.</summary>
    public long ParameterCount => Parameters.Where(p => !p.Frozen).Sum(p => (long)p.Value.Shape.Length);

    /// <summary>Numbers that a stored model holds: frozen ones too.</summary>
    public long StoredCount => Parameters.Sum(p => (long)p.Value.Shape.Length);

    /// <summary>The network, where its hidden layers are random and only its read-out is fitted; else null.</summary>
    public RandomNetwork? Random => _layers is [RandomNetwork network] ? network : null;

    /// <summary>Multiply-adds of the products for one clip.</summary>
    public long MultiplyAdds { get; }

    /// <summary>The part that is affine in the clips.</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="clips">[batch, time, features].</param>
    public Tensor Stem(Tape tape, Tensor clips)
    {
        if (clips.Shape.Rank != 3 || clips.Shape[1] != Time || clips.Shape[2] != Features)
            Throw.BadShape(nameof(Classifier), $"clips are [batch, {Time}, {Features}]", clips.Shape);
        return _layers[0].Stem(tape, clips);
    }

    /// <summary>All the rest: from the stem's output to the logits, [batch, 1].</summary>
    public Tensor Body(Tape tape, Tensor stem)
    {
        Tensor x = _layers[0].Body(tape, stem);
        for (int i = 1; i < _layers.Length; i++) x = _layers[i].Apply(tape, x);
        return x;
    }

    /// <summary>The logits of clips, [batch, 1].</summary>
    public Tensor Logits(Tape tape, Tensor clips) => Body(tape, Stem(tape, clips));

    /// <summary>Gives the parameters' memory back.</summary>
    public void Dispose()
    {
        foreach (Layer layer in _layers) layer.Dispose();
    }
}
