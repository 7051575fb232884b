using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Exchange;

/// <summary>Layers in the making: a product waits for its bias and its activation, which are nodes of their own in a graph.</summary>
internal sealed class OnnxLayers : IDisposable
{
    private readonly Initializer _draw;
    private readonly Dictionary<string, int> _names;
    private readonly List<Layer> _layers = [];
    private readonly List<OnnxLayers> _branches = [];
    private Product? _waiting;
    private (Shape Shape, float[] Gain)? _factors;

    public OnnxLayers(IBackend backend)
        : this(new Initializer(backend, seed: 0), [])
    {
    }

    private OnnxLayers(Initializer draw, Dictionary<string, int> names) => (_draw, _names) = (draw, names);

    /// <summary>The layers so far.</summary>
    public IReadOnlyList<Layer> Finish()
    {
        Flush();
        return _layers;
    }

    /// <summary>A dense layer, weights [inputs, outputs], or a convolution over time, weights [width * features, outputs].</summary>
    public void AddProduct(float[] weights, int inputs, int outputs, Window? window = null)
    {
        Flush();
        _waiting = new Product(weights, inputs, outputs, window);
    }

    /// <summary>A bias on what was just multiplied; false where nothing waits for one.</summary>
    public bool TryBias(ReadOnlySpan<float> bias)
    {
        if (_waiting is not { } product || bias.Length != product.Outputs) return false;
        for (int i = 0; i < bias.Length; i++) product.Bias[i] += bias[i];
        return true;
    }

    /// <summary>An activation: that of the product which waits, or one by itself.</summary>
    public void Activate(Activation activation)
    {
        if (_waiting is not null)
        {
            Flush(activation);
            return;
        }

        Flush();
        _layers.Add(new Activated(activation));
    }

    /// <summary>y = x * gain over the last axes of a clip; a shift may follow.</summary>
    public void Multiply(Shape shape, float[] gain)
    {
        Flush();
        _factors = (shape, gain);
    }

    /// <summary>y = x * sign + shift over the last axes of a clip, together with factors just before.</summary>
    public void Shift(Shape shape, float sign, float[] shift)
    {
        float[] gain = [.. Enumerable.Repeat(sign, shift.Length)];
        if (_factors is { } factors && factors.Shape == shape && sign == 1) (gain, _factors) = (factors.Gain, null);
        Flush();
        _layers.Add(new Scaling(_draw, Name("scaling"), shape, gain, shift));
    }

    /// <summary>A recurrent layer. Weights of every direction as ONNX has them: [gates * hidden, inputs], [gates * hidden, hidden], and both biases.</summary>
    public void Recur(RecurrentCell cell, int inputs, int hidden, int directions, ReadOnlySpan<float> w, ReadOnlySpan<float> r, ReadOnlySpan<float> b)
    {
        Flush();
        string name = Name(OnnxRecurrent.Operator(cell).ToLowerInvariant());
        Recurrent layer = new(_draw, name, cell, inputs, hidden, directions == 2);
        _layers.Add(layer);
        RecurrentWeights.Set(layer, WeightOrder.OnnxGates(cell), w, r, b);
    }

    /// <summary>A normalisation over the last axis.</summary>
    public void Normalise(float[] gain, float[]? bias)
    {
        Flush();
        LayerNorm norm = new(_draw, Name("norm"), gain.Length);
        _layers.Add(norm);
        norm.Gain.Value.CopyFrom(gain);
        if (bias is not null) norm.Bias.Value.CopyFrom(bias);
    }

    /// <summary>A layer without parameters.</summary>
    public void Add(Layer layer)
    {
        Flush();
        _layers.Add(layer);
    }

    /// <summary>The layers of a branch in the making; no two parameters of all branches have one name.</summary>
    public OnnxLayers Branch()
    {
        Flush();
        OnnxLayers branch = new(_draw, _names);
        _branches.Add(branch);
        return branch;
    }

    /// <summary>Joins branches that are finished.</summary>
    public void Join(BranchJoin join, IReadOnlyList<IReadOnlyList<Layer>> branches)
    {
        _layers.Add(new Branches(join, branches));
        foreach (OnnxLayers branch in _branches) branch.Release();
        _branches.Clear();
    }

    /// <summary>Leaves the layers to whoever has taken them.</summary>
    public void Release() => _layers.Clear();

    /// <summary>Gives the layers' memory back.</summary>
    public void Dispose()
    {
        foreach (OnnxLayers branch in _branches) branch.Dispose();
        foreach (Layer layer in _layers) layer.Dispose();
    }

    private void Flush(Activation activation = Activation.Identity)
    {
        if (_factors is { } factors)
        {
            _factors = null;
            _layers.Add(new Scaling(_draw, Name("scaling"), factors.Shape, factors.Gain, new float[factors.Gain.Length]));
        }

        if (_waiting is not { } product) return;
        _waiting = null;
        if (product.Window is { } window)
        {
            Convolution convolution = new(_draw, Name("convolution"), product.Inputs / window.Width, product.Outputs, window.Width, window.Stride, window.Padding, activation);
            _layers.Add(convolution);
            Set(convolution.Kernel, convolution.Bias, product);
        }
        else
        {
            Dense dense = new(_draw, Name("dense"), product.Inputs, product.Outputs, activation);
            _layers.Add(dense);
            Set(dense.Weight, dense.Bias, product);
        }
    }

    private static void Set(Parameter weights, Parameter bias, Product product)
    {
        weights.Value.CopyFrom(product.Weights);
        bias.Value.CopyFrom(product.Bias);
    }

    private string Name(string kind) => $"{kind}{_names[kind] = _names.GetValueOrDefault(kind) + 1}";

    /// <summary>How a convolution walks over time.</summary>
    internal readonly record struct Window(int Width, int Stride, int Padding);

    private sealed record Product(float[] Weights, int Inputs, int Outputs, Window? Window)
    {
        public float[] Bias { get; } = new float[Outputs];
    }
}

/// <summary>Puts the recurrent weights of others into a layer.</summary>
internal static class RecurrentWeights
{
    /// <summary>Sets all parameters.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="gates">Where each of our gates stands among theirs.</param>
    /// <param name="w">[direction, gates * hidden, inputs].</param>
    /// <param name="r">[direction, gates * hidden, hidden].</param>
    /// <param name="b">[direction, 2 (the input's, the state's), gates * hidden]; empty for zeros.</param>
    public static void Set(Recurrent layer, int[] gates, ReadOnlySpan<float> w, ReadOnlySpan<float> r, ReadOnlySpan<float> b)
    {
        int hidden = layer.Hidden, inputs = layer.Input.Value.Shape[0], columns = gates.Length * hidden, all = layer.Directions * columns;
        float[] input = new float[inputs * all], bias = new float[all];
        for (int d = 0; d < layer.Directions; d++)
        {
            WeightOrder.GatesIn(w.Slice(d * columns * inputs, columns * inputs), inputs, all, d * columns, hidden, gates, input);
            float[] state = new float[hidden * columns], first = new float[columns], second = new float[columns];
            WeightOrder.GatesIn(r.Slice(d * columns * hidden, columns * hidden), hidden, columns, 0, hidden, gates, state);
            if (!b.IsEmpty)
            {
                WeightOrder.GatesIn(b.Slice(d * 2 * columns, columns), 1, columns, 0, hidden, gates, first);
                WeightOrder.GatesIn(b.Slice(((d * 2) + 1) * columns, columns), 1, columns, 0, hidden, gates, second);
            }

            // Both biases are added, but for that of a GRU's candidate, which stands within the reset gate's product.
            int shared = layer.Candidate.Count > 0 ? 2 * hidden : columns;
            for (int i = 0; i < shared; i++) first[i] += second[i];
            first.CopyTo(bias, d * columns);
            layer.State[d].Value.CopyFrom(state);
            if (layer.Candidate.Count > 0) layer.Candidate[d].Value.CopyFrom(second.AsSpan(2 * hidden));
        }

        layer.Input.Value.CopyFrom(input);
        layer.Bias.Value.CopyFrom(bias);
    }
}
