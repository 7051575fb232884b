using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Exchange;

/// <summary>A layer of one's own that has an ONNX form.</summary>
public interface IOnnxLayer
{
    /// <summary>Adds the nodes of the layer.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The layer's input: a batch axis, then the axes of <paramref name="clip"/>.</param>
    /// <param name="clip">The shape of one clip's input; its time may be any in the graph.</param>
    /// <returns>The name of the output.</returns>
    string ToOnnx(OnnxGraph graph, string input, Shape clip);
}

/// <summary>
/// Models as ONNX graphs of operator set 20, for other runtimes. The batch may have any size, and so may time where no dense layer
/// sees all steps at once. Dropout is left out: a file judges, it does not train.
/// </summary>
public static class OnnxExport
{
    /// <summary>The names of a plain model's input and output.</summary>
    public const string InputName = "clips", OutputName = "outputs";

    private const string About = "A model of EmotionXai.Engine.";

    /// <summary>Writes a model: <c>clips</c>, [batch, time, features], to <c>outputs</c>, [batch, outputs]. Written whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="metadata">What programs may want to know; null for nothing.</param>
    /// <exception cref="NotSupportedException">A layer has no ONNX form.</exception>
    public static void Write(Model model, string path, IReadOnlyDictionary<string, string>? metadata = null) => Graph(model).Write(path, About, metadata);

    /// <summary>The same as bytes.</summary>
    /// <exception cref="NotSupportedException">A layer has no ONNX form.</exception>
    public static byte[] ToBytes(Model model) => Graph(model).ToBytes(About);

    private static OnnxGraph Graph(Model model)
    {
        OnnxGraph graph = new();
        string clips = graph.Input(InputName, "[batch, time, feature]: what the model was trained on.", OnnxAxis.Free("batch"), TimeIsFree(model) ? OnnxAxis.Free("time") : model.Time, model.Features);
        graph.Output(Append(graph, model, clips), OutputName, "[batch, output].", OnnxAxis.Free("batch"), model.Outputs);
        return graph;
    }

    /// <summary>Whether the model's weights leave the number of steps open: no dense layer sees several steps at once, and no scaling tells them apart.</summary>
    public static bool TimeIsFree(Model model) => TimeIsFree(model.Layers, new Shape(model.Time, model.Features));

    private static bool TimeIsFree(IReadOnlyList<Layer> layers, Shape shape)
    {
        foreach (Layer layer in layers)
        {
            if (shape.Rank == 2 && layer is Dense or Flatten or RandomNetwork { Pooling: null } or Scaling { Gain.Value.Shape.Rank: 2 }) return false;
            if (layer is Ensemble ensemble && !TimeIsFree(ensemble.All[0], shape)) return false;
            if (layer is Branches branches && !branches.All.All(b => TimeIsFree(b, shape))) return false;
            shape = layer.OutputShape(shape);
        }

        return true;
    }

    /// <summary>Adds the nodes of a model to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="model">The model.</param>
    /// <param name="input">[batch, time, features].</param>
    /// <returns>The name of its outputs, [batch, outputs].</returns>
    /// <exception cref="NotSupportedException">A layer has no ONNX form.</exception>
    public static string Append(OnnxGraph graph, Model model, string input) => Append(graph, model.Layers, input, new Shape(model.Time, model.Features));

    private static string Append(OnnxGraph graph, IReadOnlyList<Layer> layers, string value, Shape shape)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            Layer layer = layers[i];
            bool last = layer is Recurrent { Directions: 1 } && i + 1 < layers.Count && layers[i + 1] is PoolOverTime { Pooling: Pooling.Last };
            value = last ? OnnxRecurrent.Last(graph, (Recurrent)layer, value) : Append(graph, layer, value, shape);
            shape = layer.OutputShape(shape);
            if (last) shape = layers[++i].OutputShape(shape);
        }

        return value;
    }

    private static string Append(OnnxGraph graph, Layer layer, string x, Shape clip) => layer switch
    {
        Dense dense => Activate(graph, graph.Node("Gemm", [Flat(graph, x, clip), Constant(graph, dense.Weight), Constant(graph, dense.Bias)]), dense.Activation),
        Recurrent recurrent => OnnxRecurrent.States(graph, recurrent, x),
        PoolOverTime pool => Pool(graph, x, pool.Pooling),
        Convolution convolution => Convolve(graph, convolution, x, clip),
        LayerNorm norm => graph.Node("LayerNormalization", [x, Constant(graph, norm.Gain), Constant(graph, norm.Bias)], new OnnxAttribute("axis", -1), new OnnxAttribute("epsilon", 1e-5f)),
        RandomNetwork network => Random(graph, network, x, clip),
        PointDistances distances => OnnxDistances.Of(graph, distances, x, clip),
        Branches branches => Join(graph, branches, x, clip),
        Ensemble ensemble => graph.Node("Mean", [.. ensemble.All.Select(n => Append(graph, n, x, clip))]),
        Flatten => Flat(graph, x, clip),
        Dropout => x,
        Activated activated => Activate(graph, x, activated.Activation),
        Scaling scaling => graph.Node("Add", [graph.Node("Mul", [x, Constant(graph, scaling.Gain)]), Constant(graph, scaling.Shift)]),
        Model.Pick pick => graph.Node("Gather", [Flat(graph, x, clip), graph.Integers("output", pick.Output)], new OnnxAttribute("axis", 1)),
        IOnnxLayer own => own.ToOnnx(graph, x, clip),
        _ => throw new NotSupportedException($"The layer {layer.GetType().Name} has no ONNX form; implement {nameof(IOnnxLayer)} on it."),
    };

    /// <summary>A parameter as a constant of its shape.</summary>
    internal static string Constant(OnnxGraph graph, Parameter parameter)
    {
        int[] extents = new int[parameter.Value.Shape.Rank];
        parameter.Value.Shape.CopyTo(extents);
        return graph.Constant(parameter.Name, extents, parameter.Value.ToArray());
    }

    // [batch, ...] as [batch, features]: 0 keeps the batch's extent.
    private static string Flat(OnnxGraph graph, string x, Shape clip) =>
        clip.Rank == 1 ? x : graph.Node("Reshape", [x, graph.Integers("flat", 0, clip.Length)]);

    private static string Activate(OnnxGraph graph, string x, Activation activation) => activation switch
    {
        Activation.Identity => x,
        Activation.Relu => graph.Node("Relu", [x]),
        Activation.LeakyRelu => graph.Node("LeakyRelu", [x], new OnnxAttribute("alpha", 0.01f)),
        Activation.Gelu => graph.Node("Gelu", [x], new OnnxAttribute("approximate", "tanh")),
        Activation.Tanh => graph.Node("Tanh", [x]),
        Activation.Sigmoid => graph.Node("Sigmoid", [x]),
        Activation.Softplus => graph.Node("Softplus", [x]),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };

    private static string Pool(OnnxGraph graph, string states, Pooling pooling) => pooling switch
    {
        Pooling.Last => graph.Node("Gather", [states, graph.Constant("last", [], new long[] { -1 })], new OnnxAttribute("axis", 1)),
        _ => graph.Node(pooling == Pooling.Mean ? "ReduceMean" : "ReduceMax", [states, graph.Integers("time", 1)], new OnnxAttribute("keepdims", 0)),
    };

    // ONNX has features before time, and kernels [output, feature, step].
    private static string Convolve(OnnxGraph graph, Convolution convolution, string x, Shape clip)
    {
        OnnxAttribute turn = new("perm", [0, 2, 1]);
        string kernel = graph.Constant(
            convolution.Kernel.Name, [convolution.Kernel.Value.Shape[1], clip[1], convolution.Width], WeightOrder.ConvolutionOut(convolution.Kernel.Value.ToArray(), convolution.Width, clip[1]));
        string y = graph.Node(
            "Conv",
            [graph.Node("Transpose", [x], turn), kernel, Constant(graph, convolution.Bias)],
            new OnnxAttribute("strides", [convolution.Stride]),
            new OnnxAttribute("pads", [convolution.Padding, convolution.Padding]));
        return Activate(graph, graph.Node("Transpose", [y], turn), convolution.Activation);
    }

    private static string Join(OnnxGraph graph, Branches branches, string x, Shape clip)
    {
        string[] ends = [.. branches.All.Select(b => Append(graph, b, x, clip))];
        return branches.Join == BranchJoin.Concatenation ? graph.Node("Concat", ends, new OnnxAttribute("axis", -1)) : ends.Aggregate((a, b) => graph.Node("Add", [a, b]));
    }

    // Units of every hidden layer side by side, and beside them direct links: their mean over time, where there is one.
    private static string Random(OnnxGraph graph, RandomNetwork network, string x, Shape clip)
    {
        string states = x;
        Shape shape = clip;
        List<string> units = [];
        foreach (Layer layer in network.HiddenLayers)
        {
            states = Append(graph, layer, states, shape);
            shape = layer.OutputShape(shape);
            units.Add(network.Pooling is { } pooling ? Pool(graph, states, pooling) : states);
        }

        string all = units.Count == 1 ? units[0] : graph.Node("Concat", units, new OnnxAttribute("axis", 1));
        string logits = graph.Node("Gemm", [all, Constant(graph, network.Readout), Constant(graph, network.Bias)]);
        if (network.Direct is not { } direct) return logits;
        string seen = network.Pooling is null ? Flat(graph, x, clip) : Pool(graph, x, Pooling.Mean);
        return graph.Node("Add", [logits, graph.Node("MatMul", [seen, Constant(graph, direct)])]);
    }
}
