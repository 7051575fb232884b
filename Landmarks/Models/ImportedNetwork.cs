using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Landmarks.Models;

/// <summary>
/// A network that was trained elsewhere, on the scaled features of a saved model, in that model's place: emotion, landmarks,
/// preprocessing and scaling stay, network and weights are the file's, and there is no calibration.
/// </summary>
public static class ImportedNetwork
{
    /// <summary>The verb that an imported model's origin names.</summary>
    public const string Verb = "import";

    /// <summary>Reads a network.</summary>
    /// <param name="path">An ONNX file of any size of network that this program has; else weights with PyTorch's names for the model's own network.</param>
    /// <param name="like">The model whose features the network was trained on.</param>
    /// <param name="modules">For weights: PyTorch's module of a layer, by the layer's name here.</param>
    /// <param name="output">For ONNX: the output's name; null for the only one, or the first.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no network that this program has.</exception>
    public static LandmarkModel Read(string path, LandmarkModel like, IReadOnlyDictionary<string, string>? modules = null, string? output = null)
    {
        if (like.Options.Points is not null) throw new InvalidDataException($"{path}: the model for {like.Emotion} sees distances, and a network from elsewhere would be given positions; take a model that was trained with --features positions.");
        IBackend backend = like.Classifier.Backend;
        (int time, int features) = (like.Classifier.Time, like.Classifier.Features);
        if (!Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            ClassifierOptions one = like.Options with { Networks = 1 };
            Classifier own = one.Build(backend, time, features, seed: 0);
            try
            {
                TorchWeights.Load(own, path, modules);
                return In(path, like, one, own);
            }
            catch
            {
                own.Dispose();
                throw;
            }
        }

        using Model network = OnnxImport.Read(path, backend, time, output);
        if (network.Features != features) throw new InvalidDataException($"{path}: it takes {network.Features} features a step, and the model's are {features}; train it on the features of that model.");
        if (RandomParts.Of(network.Layers) is { } random) return In(path, like, random.Options, random.Build(backend, time, features));
        ClassifierOptions options = OptionsOf(network.Layers) ?? throw new InvalidDataException($"{path}: its layers ({string.Join(", ", network.Layers.Select(l => l.GetType().Name))}) are none of this program's networks; use it from a program of your own (docs/engine.md).");
        Classifier classifier = options.Build(backend, time, features, seed: 0);
        foreach ((Parameter to, Parameter from) in classifier.Parameters.Zip(network.Parameters)) to.Value.CopyFrom(from.Value.ToArray());
        return In(path, like, options, classifier);
    }

    private static LandmarkModel In(string path, LandmarkModel like, ClassifierOptions options, Classifier classifier)
    {
        if (classifier.Parameters.Any(p => p.Value.ToArray().Any(v => !float.IsFinite(v))))
        {
            classifier.Dispose();
            throw new InvalidDataException($"{path}: it holds weights that are not finite; train the network again.");
        }

        return new LandmarkModel(like.Emotion, like.Topology, like.Landmarks, like.Preprocessing, like.Scaling, options, like.Training, classifier)
        {
            Typical = like.Typical,
            Origin = new() { Verb = Verb, Version = ProgramVersion.Text, Source = Path.GetFileName(path), Extractor = like.Origin?.Extractor, Subjects = 0, TrainedOn = [] },
        };
    }

    /// <summary>The options that build these layers; null where none do.</summary>
    private static ClassifierOptions? OptionsOf(IReadOnlyList<Layer> layers)
    {
        List<Layer> rest = [.. layers];

        // A logistic function at the end makes a probability of the logit that this program explains.
        if (rest[^1] is Activated { Activation: Activation.Sigmoid }) rest.RemoveAt(rest.Count - 1);
        if (rest.Count == 0 || rest[^1] is not Dense { Activation: Activation.Identity or Activation.Sigmoid } readout || readout.Bias.Value.Shape.Length != 1) return null;
        rest.RemoveAt(rest.Count - 1);
        List<int> hidden = [];
        ModelKind kind = ModelKind.Dense;
        Pooling pooling = Pooling.Mean;
        if (rest is [Recurrent recurrent, PoolOverTime pool, ..])
        {
            if (recurrent.Directions == 2 && recurrent.Cell != RecurrentCell.Lstm) return null;
            kind = recurrent.Cell switch { RecurrentCell.Elman => ModelKind.Rnn, RecurrentCell.Gru => ModelKind.Gru, _ => recurrent.Directions == 2 ? ModelKind.BiLstm : ModelKind.Lstm };
            pooling = pool.Pooling;
            hidden.Add(recurrent.Hidden);
            rest.RemoveRange(0, 2);
            if (rest is [LayerNorm, ..]) hidden.Add(-1);
        }

        // What is left is Dense, or Dense and LayerNorm in turn.
        bool normalize = rest.Any(l => l is LayerNorm);
        if (hidden.Remove(-1)) rest.RemoveAt(0);
        else if (normalize && hidden.Count == 1) return null;
        Dense[] dense = [.. rest.OfType<Dense>()];
        Type[] wanted = [.. dense.SelectMany(_ => normalize ? new[] { typeof(Dense), typeof(LayerNorm) } : [typeof(Dense)])];
        if (!rest.Select(l => l.GetType()).SequenceEqual(wanted) || dense.Select(d => d.Activation).Distinct().Count() > 1) return null;
        hidden.AddRange(dense.Select(d => d.Bias.Value.Shape.Length));
        return hidden.Count == 0 ? null : new() { Kind = kind, Hidden = hidden, Pooling = pooling, Normalize = normalize, Dropout = 0, Activation = dense.Length > 0 ? dense[0].Activation : Activation.Gelu };
    }
}
