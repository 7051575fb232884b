using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Serialization;

namespace EmotionXai.Engine.Exchange;

/// <summary>
/// Weights as PyTorch keeps them: a <c>state_dict</c> in a safetensors file, with PyTorch's names, [outputs, inputs], and two biases of
/// recurrent layers. A layer here called <c>lstm</c> is PyTorch's module <c>lstm</c>; other names are given.
/// </summary>
/// <remarks>
/// Dense is Linear; Recurrent is RNN (tanh), GRU or LSTM, batch first; Convolution is Conv1d on transposed clips; LayerNorm is LayerNorm.
/// The second layer of a stacked module <c>lstm</c> is <c>lstm[1]</c>. The hidden layers and read-outs of a random network
/// are Linear and recurrent modules. Layers of one's own, scaling among them, have no weights there.
/// </remarks>
public static class TorchWeights
{
    /// <summary>Writes the weights, whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="modules">PyTorch's module of a layer, by the layer's name here; null where all are called alike.</param>
    /// <exception cref="NotSupportedException">A layer with parameters is none of PyTorch's.</exception>
    /// <exception cref="ArgumentException">A name in <paramref name="modules"/> is no layer's.</exception>
    public static void Save(Model model, string path, IReadOnlyDictionary<string, string>? modules = null)
    {
        List<NamedTensor> tensors = [];
        foreach ((Layer layer, string module) in Modules(model, modules)) tensors.AddRange(TorchLayers.Out(layer, module));
        SafeTensors.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>Reads weights into a model of the same layers. A file that does not fit changes nothing.</summary>
    /// <param name="model">The model; its layers' extents have to be those of the file.</param>
    /// <param name="path">The file.</param>
    /// <param name="modules">PyTorch's module of a layer, by the layer's name here; null where all are called alike.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no safetensors file of float32, or its names or shapes are not this model's.</exception>
    /// <exception cref="NotSupportedException">A layer with parameters is none of PyTorch's.</exception>
    /// <exception cref="ArgumentException">A name in <paramref name="modules"/> is no layer's.</exception>
    public static void Load(Model model, string path, IReadOnlyDictionary<string, string>? modules = null)
    {
        (Layer Layer, string Module)[] layers = [.. Modules(model, modules)];
        TorchFile file = new(path);
        List<Action> set = [.. layers.Select(l => TorchLayers.In(l.Layer, l.Module, file))];
        if (file.Left is { } extra) throw new InvalidDataException($"{path}: it holds '{OnnxSource.Shown(extra)}', which no layer of this model takes; its modules are {string.Join(", ", layers.Select(l => l.Module))}.");
        foreach (Action action in set) action();
    }

    /// <summary>The name of a layer: what stands before the last dot of its first parameter's.</summary>
    internal static string NameOf(Parameter parameter) => parameter.Name[..Math.Max(0, parameter.Name.LastIndexOf('.'))];

    private static IEnumerable<(Layer Layer, string Module)> Modules(Model model, IReadOnlyDictionary<string, string>? modules)
    {
        (Layer Layer, string Name)[] layers = [.. model.Layers.SelectMany(Parts).Where(l => l.Parameters.Count > 0).Select(l => (l, NameOf(l.Parameters[0])))];
        if (modules?.Keys.FirstOrDefault(k => layers.All(l => l.Name != k)) is { } unknown)
            throw new ArgumentException($"There is no layer '{unknown}'; the layers with weights are {string.Join(", ", layers.Select(l => l.Name))}.", nameof(modules));
        return layers.Select(l => (l.Layer, modules?.GetValueOrDefault(l.Name) ?? l.Name));
    }

    private static IEnumerable<Layer> Parts(Layer layer) => layer switch
    {
        RandomNetwork random => [.. random.HiddenLayers, new RandomReadout(random)],
        Branches branches => branches.All.SelectMany(b => b).SelectMany(Parts),
        _ => [layer],
    };

    /// <summary>A random network's read-outs, which are no layers of their own.</summary>
    internal sealed class RandomReadout : Layer
    {
        public RandomReadout(RandomNetwork network)
        {
            Network = network;
            Add(network.Readout);
        }

        public RandomNetwork Network { get; }

        public override Tensors.Tensor Body(Tape tape, Tensors.Tensor stem) => throw new NotSupportedException("It only holds weights.");

        public override Tensors.Shape OutputShape(Tensors.Shape input) => new(1);
    }
}
