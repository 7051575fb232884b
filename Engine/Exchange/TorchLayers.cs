using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Serialization;

namespace EmotionXai.Engine.Exchange;

/// <summary>The tensors of a PyTorch file, each to be taken once.</summary>
internal sealed class TorchFile
{
    private readonly string _path;
    private readonly Dictionary<string, NamedTensor> _left;

    public TorchFile(string path) => (_path, _left) = (path, SafeTensors.Read(path).Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal));

    /// <summary>A tensor that nobody took.</summary>
    public string? Left => _left.Keys.FirstOrDefault();

    /// <summary>Takes a tensor of known extents.</summary>
    /// <exception cref="InvalidDataException">It is missing, or of other extents.</exception>
    public float[] Take(string name, params int[] extents) =>
        TryTake(name, extents) ?? throw new InvalidDataException($"{_path}: it lacks '{name}' of [{string.Join(", ", extents)}]; it is of other layers, or its modules have other names.");

    /// <summary>Takes a tensor of known extents; null where it is missing.</summary>
    /// <exception cref="InvalidDataException">It is of other extents.</exception>
    public float[]? TryTake(string name, params int[] extents)
    {
        if (!_left.Remove(name, out NamedTensor? tensor)) return null;
        return tensor.Extents.SequenceEqual(extents)
            ? tensor.Values
            : throw new InvalidDataException($"{_path}: '{name}' is [{string.Join(", ", tensor.Extents)}], and this model's is [{string.Join(", ", extents)}]; build the model with the file's extents.");
    }
}

/// <summary>Every kind of layer's weights, there and back.</summary>
internal static class TorchLayers
{
    public static IEnumerable<NamedTensor> Out(Layer layer, string module) => layer switch
    {
        Dense dense => [Transposed(dense.Weight, module + ".weight"), Plain(dense.Bias, module + ".bias")],
        LayerNorm norm => [Plain(norm.Gain, module + ".weight"), Plain(norm.Bias, module + ".bias")],
        Convolution convolution => [Kernel(convolution, module + ".weight"), Plain(convolution.Bias, module + ".bias")],
        Recurrent recurrent => Enumerable.Range(0, recurrent.Directions).SelectMany(d => Direction(recurrent, d, module)),
        TorchWeights.RandomReadout { Network: var network } =>
        [
            Transposed(network.Readout, module + ".weight"),
            Plain(network.Bias, module + ".bias"),
            .. network.Direct is { } direct ? [Transposed(direct, "direct.weight")] : Array.Empty<NamedTensor>(),
        ],
        _ => throw Unknown(layer),
    };

    /// <summary>Takes a layer's tensors from a file; what is returned sets them.</summary>
    public static Action In(Layer layer, string module, TorchFile file)
    {
        switch (layer)
        {
            case Dense dense:
                return Linear(dense.Weight, dense.Bias, module, file);
            case LayerNorm norm:
                int width = norm.Gain.Value.Shape[0];
                (float[] gain, float[]? shift) = (file.Take(module + ".weight", width), file.TryTake(module + ".bias", width));
                return () =>
                {
                    norm.Gain.Value.CopyFrom(gain);
                    norm.Bias.Value.CopyFrom(shift ?? new float[width]);
                };
            case Convolution convolution:
                int outputs = convolution.Kernel.Value.Shape[1], features = convolution.Kernel.Value.Shape[0] / convolution.Width;
                (float[] kernel, float[]? bias) = (file.Take(module + ".weight", outputs, features, convolution.Width), file.TryTake(module + ".bias", outputs));
                return () =>
                {
                    convolution.Kernel.Value.CopyFrom(WeightOrder.ConvolutionIn(kernel, convolution.Width, features));
                    convolution.Bias.Value.CopyFrom(bias ?? new float[outputs]);
                };
            case Recurrent recurrent:
                return Recurrent(recurrent, module, file);
            case TorchWeights.RandomReadout { Network: var network }:
                Action readout = Linear(network.Readout, network.Bias, module, file), direct = network.Direct is { } links ? Linear(links, null, "direct", file) : () => { };
                return readout + direct;
            default:
                throw Unknown(layer);
        }
    }

    private static Action Linear(Parameter weight, Parameter? bias, string module, TorchFile file)
    {
        int inputs = weight.Value.Shape[0], outputs = weight.Value.Shape[1];
        float[] w = file.Take(module + ".weight", outputs, inputs);
        float[]? b = bias is null ? null : file.TryTake(module + ".bias", outputs);
        return () =>
        {
            weight.Value.CopyFrom(WeightOrder.Transpose(w, outputs, inputs));
            bias?.Value.CopyFrom(b ?? new float[outputs]);
        };
    }

    // The weights of both directions one behind the other, and both biases, as RecurrentWeights takes them.
    private static Action Recurrent(Recurrent layer, string module, TorchFile file)
    {
        int[] gates = WeightOrder.OurGates(layer.Cell);
        int hidden = layer.Hidden, columns = gates.Length * hidden, inputs = layer.Input.Value.Shape[0];
        List<float> w = [], r = [], b = [];
        for (int d = 0; d < layer.Directions; d++)
        {
            w.AddRange(file.Take(Name(module, "weight_ih", d), columns, inputs));
            r.AddRange(file.Take(Name(module, "weight_hh", d), columns, hidden));
            b.AddRange(file.TryTake(Name(module, "bias_ih", d), columns) ?? new float[columns]);
            b.AddRange(file.TryTake(Name(module, "bias_hh", d), columns) ?? new float[columns]);
        }

        return () => RecurrentWeights.Set(layer, gates, w.ToArray(), r.ToArray(), b.ToArray());
    }

    private static IEnumerable<NamedTensor> Direction(Recurrent layer, int d, string module)
    {
        int[] gates = WeightOrder.OurGates(layer.Cell);
        int hidden = layer.Hidden, columns = gates.Length * hidden, all = layer.Directions * columns, inputs = layer.Input.Value.Shape[0];
        float[] second = new float[columns];
        if (layer.Candidate.Count > 0) layer.Candidate[d].Value.ToArray().CopyTo(second, 2 * hidden);
        return
        [
            new(Name(module, "weight_ih", d), [columns, inputs], WeightOrder.GatesOut(layer.Input.Value.ToArray(), inputs, all, d * columns, hidden, gates)),
            new(Name(module, "weight_hh", d), [columns, hidden], WeightOrder.GatesOut(layer.State[d].Value.ToArray(), hidden, columns, 0, hidden, gates)),
            new(Name(module, "bias_ih", d), [columns], layer.Bias.Value.ToArray()[(d * columns)..((d + 1) * columns)]),
            new(Name(module, "bias_hh", d), [columns], second),
        ];
    }

    // lstm: lstm.weight_ih_l0; lstm[1]: lstm.weight_ih_l1; backwards: _reverse.
    private static string Name(string module, string weight, int direction)
    {
        int open = module.EndsWith(']') ? module.LastIndexOf('[') : -1;
        (string name, string layer) = open < 0 ? (module, "0") : (module[..open], module[(open + 1)..^1]);
        return $"{name}.{weight}_l{layer}{(direction == 1 ? "_reverse" : "")}";
    }

    private static NamedTensor Plain(Parameter parameter, string name) => new(name, [parameter.Value.Shape.Length], parameter.Value.ToArray());

    private static NamedTensor Transposed(Parameter parameter, string name)
    {
        int inputs = parameter.Value.Shape[0], outputs = parameter.Value.Shape[1];
        return new(name, [outputs, inputs], WeightOrder.Transpose(parameter.Value.ToArray(), inputs, outputs));
    }

    private static NamedTensor Kernel(Convolution layer, string name)
    {
        int outputs = layer.Kernel.Value.Shape[1], features = layer.Kernel.Value.Shape[0] / layer.Width;
        return new(name, [outputs, features, layer.Width], WeightOrder.ConvolutionOut(layer.Kernel.Value.ToArray(), layer.Width, features));
    }

    private static NotSupportedException Unknown(Layer layer) => new($"The layer {layer.GetType().Name} is none of PyTorch's; its weights have no form there.");
}
