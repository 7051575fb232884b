using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Layers;

/// <summary>The networks that <see cref="ClassifierOptions"/> builds.</summary>
public enum ModelKind
{
    /// <summary>Dense layers over all frames at once.</summary>
    Dense,

    /// <summary>An Elman network, pooled over time, under a dense head.</summary>
    Rnn,

    /// <summary>A GRU, pooled over time, under a dense head.</summary>
    Gru,

    /// <summary>An LSTM, pooled over time, under a dense head.</summary>
    Lstm,

    /// <summary>An LSTM in both directions, pooled over time, under a dense head.</summary>
    BiLstm,

    /// <summary>Random dense layers over all frames at once, under a read-out in closed form.</summary>
    RandomDense,

    /// <summary>A random Elman network (an echo state network), pooled over time, under a read-out in closed form.</summary>
    RandomRnn,

    /// <summary>A random GRU, pooled over time, under a read-out in closed form.</summary>
    RandomGru,

    /// <summary>A random LSTM, pooled over time, under a read-out in closed form.</summary>
    RandomLstm,
}

/// <summary>What kinds of networks have in common.</summary>
public static class ModelKinds
{
    /// <summary>Whether hidden layers stay random and the read-out is fitted in closed form.</summary>
    public static bool IsRandom(this ModelKind kind) => kind >= ModelKind.RandomDense;

    /// <summary>Whether dense layers see all frames at once.</summary>
    public static bool IsDense(this ModelKind kind) => kind is ModelKind.Dense or ModelKind.RandomDense;

    /// <summary>The recurrent cell; null for dense networks.</summary>
    public static RecurrentCell? Cell(this ModelKind kind) => kind switch
    {
        ModelKind.Dense or ModelKind.RandomDense => null,
        ModelKind.Rnn or ModelKind.RandomRnn => RecurrentCell.Elman,
        ModelKind.Gru or ModelKind.RandomGru => RecurrentCell.Gru,
        _ => RecurrentCell.Lstm,
    };
}

/// <summary>What a classifier is made of. Stored with it, so that the same network can be built again.</summary>
public sealed record ClassifierOptions
{
    /// <summary>Which network.</summary>
    public ModelKind Kind { get; init; } = ModelKind.Dense;

    /// <summary>Units of each hidden layer: of the dense layers, or of the recurrent layer and then the dense head's; of random networks, of each random layer. More units fit more and cost more.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 32];

    /// <summary>What hidden dense layers do. A smooth one makes path integrals converge in a few steps.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>How recurrent states become one vector.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>The probability that a hidden value is dropped in training. Clips are few, so the default is strong.</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Whether hidden layers are normalised.</summary>
    public bool Normalize { get; init; }

    /// <summary>Whether the recurrent layer of a trained network stays as it was drawn, and only the head is trained. Random networks are so in any case.</summary>
    public bool Freeze { get; init; }

    /// <summary>Networks whose logits are averaged: more are steadier and cost as many times as much. Each is trained by itself, from a seed of its own.</summary>
    public int Networks { get; init; } = 1;

    /// <summary>What it sees of points in place of their coordinates, by a fixed first layer (<see cref="PointDistances"/>); null: the features as they come.</summary>
    public PointOptions? Points { get; init; }

    /// <summary>How random and frozen layers are drawn.</summary>
    public RandomOptions Random { get; init; } = new();

    /// <summary>Hidden layers that suit a kind of network.</summary>
    public static IReadOnlyList<int> DefaultHidden(ModelKind kind) => kind switch
    {
        ModelKind.Dense => [64, 32],
        ModelKind.RandomDense => [384],
        ModelKind.RandomRnn or ModelKind.RandomGru or ModelKind.RandomLstm => [128],
        _ => [32, 16],
    };

    /// <summary>What hidden dense layers of a kind of network do best: random units tell more apart where they saturate.</summary>
    public static Activation DefaultActivation(ModelKind kind) => kind == ModelKind.RandomDense ? Activation.Tanh : Activation.Gelu;

    /// <summary>Builds the network with starting values of a seed.</summary>
    /// <param name="backend">Where it lives.</param>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="seed">The same seed gives the same values on every backend.</param>
    /// <exception cref="ArgumentException">There is no network, no hidden layer, one without units, or too few or too many points for distances.</exception>
    public Classifier Build(IBackend backend, int time, int features, ulong seed)
    {
        if (Hidden.Count == 0 || Hidden.Any(h => h < 1))
            throw new ArgumentException($"Hidden layers have at least one unit each, and there is at least one: [{string.Join(", ", Hidden)}] were asked for.");
        if (Freeze && Kind.IsDense()) throw new ArgumentException("A dense network has no recurrent layer to freeze; choose random-dense for random hidden layers.");
        if (Networks < 1) throw new ArgumentException($"A mean of {Networks} networks is none; take 1 or more.");
        if (Networks > 1) return Classifier.MeanOf([.. Enumerable.Range(0, Networks).Select(n => (this with { Networks = 1 }).Build(backend, time, features, seed + (ulong)n))]);
        Initializer initializer = new(backend, seed);
        List<Layer> layers = Points is null ? [] : [new PointDistances(backend, features, Points)];
        int seen = Points?.Width(features) ?? features, width = time * seen, first = 0;
        if (Kind.IsRandom())
        {
            layers.Add(new RandomNetwork(initializer, time, seen, Hidden, Kind.Cell(), Activation, Pooling, Random));
            return new Classifier(backend, time, features, layers);
        }

        if (Kind.Cell() is { } cell)
        {
            bool both = Kind == ModelKind.BiLstm;
            Recurrent recurrent = new(initializer, "recurrent", cell, seen, Hidden[0], both);
            if (Freeze) recurrent.Freeze(Random, initializer);
            layers.Add(recurrent);
            layers.Add(new PoolOverTime(Pooling));
            width = both ? 2 * Hidden[0] : Hidden[0];
            first = 1;
            AddBetween(layers, initializer, "recurrent", width);
        }

        for (int i = first; i < Hidden.Count; i++)
        {
            string name = $"dense{i + 1 - first}";
            layers.Add(new Dense(initializer, name, width, Hidden[i], Activation));
            width = Hidden[i];
            AddBetween(layers, initializer, name, width);
        }

        layers.Add(new Dense(initializer, "readout", width, 1, Activation.Identity));
        return new Classifier(backend, time, features, layers);
    }

    private void AddBetween(List<Layer> layers, Initializer initializer, string name, int width)
    {
        if (Normalize) layers.Add(new LayerNorm(initializer, name + ".norm", width));
        if (Dropout > 0) layers.Add(new Dropout(initializer, Dropout));
    }
}
