using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Landmarks.Models;

/// <summary>
/// The parts of a random network among layers that were read: hidden layers, each of which the read-out sees, and direct links beside
/// them. Whether weights were drawn or trained, such a network is the same function.
/// </summary>
internal sealed class RandomParts
{
    private readonly List<Layer> _hidden = [];
    private Pooling? _pooling;
    private Dense? _readout, _direct;

    private RandomParts()
    {
    }

    /// <summary>What builds such a network.</summary>
    public ClassifierOptions Options => new()
    {
        Kind = _hidden[0] is Recurrent { Cell: var cell } ? cell switch { RecurrentCell.Elman => ModelKind.RandomRnn, RecurrentCell.Gru => ModelKind.RandomGru, _ => ModelKind.RandomLstm } : ModelKind.RandomDense,
        Hidden = [.. _hidden.Select(h => h is Recurrent r ? r.Hidden : ((Dense)h).Bias.Value.Shape.Length)],
        Activation = _hidden[0] is Dense dense ? dense.Activation : ClassifierOptions.DefaultActivation(ModelKind.RandomLstm),
        Pooling = _pooling ?? Pooling.Mean,
        Dropout = 0,
        Random = new() { Direct = _direct is null ? 0 : 1 },
    };

    /// <summary>The parts; null where the layers are no such network, or one that others of this program's networks are as well.</summary>
    public static RandomParts? Of(IReadOnlyList<Layer> layers)
    {
        RandomParts parts = new();
        bool logistic = layers[^1] is Activated { Activation: Activation.Sigmoid };
        return parts.Take([.. logistic ? layers.Take(layers.Count - 1) : layers]) ? parts : null;
    }

    /// <summary>The network with the weights that were read.</summary>
    public Classifier Build(IBackend backend, int time, int features)
    {
        Classifier classifier = Options.Build(backend, time, features, seed: 0);
        RandomNetwork network = classifier.Random!;
        foreach ((Parameter to, Parameter from) in network.HiddenLayers.SelectMany(h => h.Parameters).Zip(_hidden.SelectMany(h => h.Parameters))) to.Value.CopyFrom(from.Value.ToArray());
        network.Readout.Value.CopyFrom(_readout!.Weight.Value.ToArray());
        network.Direct?.Value.CopyFrom(_direct!.Weight.Value.ToArray());
        network.Bias.Value.CopyFrom([_readout.Bias.Value.ToArray()[0] + (_direct?.Bias.Value.ToArray()[0] ?? 0)]);
        return classifier;
    }

    private static bool IsReadout(Layer layer) => layer is Dense { Activation: Activation.Identity } dense && dense.Bias.Value.Shape.Length == 1;

    private bool Take(IReadOnlyList<Layer> layers)
    {
        if (layers is not [Branches { Join: BranchJoin.Sum, All: [var first, var second] }]) return Units(layers) && _hidden.Count > 1;
        return Both(first, second) || Both(second, first);
    }

    private bool Both(IReadOnlyList<Layer> units, IReadOnlyList<Layer> direct)
    {
        _hidden.Clear();
        (_pooling, _readout, _direct) = (null, null, null);
        if (direct.Count == 0 || !IsReadout(direct[^1]) || !Units(units)) return false;
        _direct = (Dense)direct[^1];
        return _hidden[0] is Recurrent ? direct is [PoolOverTime { Pooling: Pooling.Mean }, _] : direct.Count == 1;
    }

    // Hidden layers one behind the other, each seen by the read-out: (h1, (h2, (h3, ...))) by branches within branches.
    private bool Units(IReadOnlyList<Layer> layers)
    {
        if (layers.Count < 2 || !IsReadout(layers[^1])) return false;
        _readout = (Dense)layers[^1];
        return Hidden([.. layers.Take(layers.Count - 1)]);
    }

    private bool Hidden(IReadOnlyList<Layer> layers)
    {
        if (layers.Count == 0 || layers[0] is not (Dense or Recurrent { Directions: 1 }) || (_hidden.Count > 0 && !Alike(_hidden[0], layers[0]))) return false;
        _hidden.Add(layers[0]);
        return layers.Skip(1).ToArray() switch
        {
            [Branches { Join: BranchJoin.Concatenation, All: [var here, var further] }] => Pooled(here) && Hidden(further),
            var end => Pooled(end),
        };
    }

    private bool Pooled(IReadOnlyList<Layer> layers)
    {
        if (_hidden[0] is Dense) return layers.Count == 0;
        if (layers is not [PoolOverTime pool] || (_pooling ?? pool.Pooling) != pool.Pooling) return false;
        _pooling = pool.Pooling;
        return true;
    }

    private static bool Alike(Layer a, Layer b) => (a, b) switch
    {
        (Dense x, Dense y) => x.Activation == y.Activation,
        (Recurrent x, Recurrent y) => x.Cell == y.Cell,
        _ => false,
    };
}
