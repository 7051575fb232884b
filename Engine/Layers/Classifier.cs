using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>A model of one output, the logit of a class against the rest: what the binary trainer and the attribution methods take.</summary>
public sealed class Classifier : Model
{
    /// <summary>A classifier built by <see cref="ClassifierOptions.Build"/>, or from layers of one's own.</summary>
    /// <param name="backend">Where the parameters live.</param>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="layers">The layers; the last one's output is a single number.</param>
    /// <exception cref="ArgumentException">The layers end in more than one number, or there is none.</exception>
    public Classifier(IBackend backend, int time, int features, params IReadOnlyList<Layer> layers)
        : base(backend, time, features, layers)
    {
        if (Outputs != 1) throw new ArgumentException($"The last layer gives {Outputs} numbers, but a binary classifier ends in one logit; take a Model, or one Output of it.", nameof(layers));
    }

    internal Classifier(Model whole, IReadOnlyList<Layer> layers)
        : base(whole.Backend, whole.Time, whole.Features, layers, owns: false)
    {
    }

    private Classifier(IBackend backend, int time, int features, IReadOnlyList<Layer> layers, bool owns)
        : base(backend, time, features, layers, owns)
    {
    }

    /// <summary>
    /// The mean of some networks' logits as one network, whose parameters are theirs under other names; they are not used or disposed of
    /// by themselves from here on. One network is itself. Of fixed first layers, which are alike, the first network's stands before all.
    /// </summary>
    /// <param name="networks">One or more of one shape, on one backend.</param>
    internal static Classifier MeanOf(IReadOnlyList<Classifier> networks)
    {
        if (networks is [var one]) return one;
        Classifier model = networks[0];
        Ensemble mean = new([.. networks.Select(n => n.Distances is null ? n.Layers : [.. n.Layers.Skip(1)])]);
        foreach (Classifier other in networks.Skip(1)) other.Distances?.Dispose();
        return new Classifier(model.Backend, model.Time, model.Features, model.Distances is { } first ? [first, mean] : [mean]);
    }

    /// <summary>The same network with nothing in its stem: what a path takes where the stem is not affine. It shares this one's parameters.</summary>
    internal Classifier WithoutStem() => new(this, [new PassOn(), .. Layers]);

    /// <summary>The same network behind another layer, which takes clips of another shape. It shares this one's parameters, and owns neither them nor the layer.</summary>
    internal Classifier Behind(Layer first, int time, int features) => new(Backend, time, features, [first, .. Layers], owns: false);

    /// <summary>The fixed layer that it begins with, where it sees distances between points; else null.</summary>
    public PointDistances? Distances => Layers[0] as PointDistances;

    /// <summary>What is behind the fixed layer that it begins with. It shares this one's parameters, and is itself where there is no such layer.</summary>
    internal Classifier Rest => Distances is { } first ? new(Backend, Time, first.Width, [.. Layers.Skip(1)], owns: false) : this;

    /// <summary>The network, where its hidden layers are random and only its read-out is fitted; else null.</summary>
    public RandomNetwork? Random => Layers is [RandomNetwork network] ? network : null;

    /// <summary>The body, where it is that of dense layers alone, or of one recurrent layer, pooled over time and read out through at most one dense layer; else null.</summary>
    internal PathBody? PathBody => Layers.Where(layer => layer is not Dropout).ToArray() switch
    {
        [Recurrent recurrent, PoolOverTime pool, Dense { Activation: Activation.Identity } readout] => new RecurrentBody(recurrent, pool.Pooling, null, readout),
        [Recurrent recurrent, PoolOverTime pool, Dense dense, Dense { Activation: Activation.Identity } readout] => new RecurrentBody(recurrent, pool.Pooling, dense, readout),
        var layers => DenseBody.Of(layers),
    };

    /// <summary>The logits of clips, [batch, 1].</summary>
    public Tensor Logits(Tape tape, Tensor clips) => Apply(tape, clips);

    private sealed class PassOn : Layer
    {
        public override Tensor Body(Tape tape, Tensor stem) => stem;

        public override Shape OutputShape(Shape input) => input;
    }
}
