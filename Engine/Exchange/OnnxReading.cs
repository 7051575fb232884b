using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Exchange;

/// <summary>
/// Turns nodes into layers, one after the other, and keeps what the axes of the value between them mean: N batch, T time,
/// F features, D directions. Turning and reshaping nodes change that alone.
/// </summary>
internal sealed class OnnxReading(OnnxPath graph, OnnxLayers layers, int time, int features, bool flat)
{
    private const float Slope = 0.01f, Epsilon = 1e-5f;

    private string _axes = flat ? "NF" : "NTF";
    private int _time = flat ? 1 : time, _width = flat ? time * features : features, _directions = 1;

    // Whether the layers' value still has the axis of time that the graph's has lost: a dense layer takes both, others want a vector.
    private bool _isWide = flat;

    /// <summary>All layers, if they end in one vector a clip.</summary>
    public IReadOnlyList<Layer> Finish() => _axes == "NF" ? layers.Finish() : throw new NotSupportedException($"its output is not [batch, outputs], but [{Meaning}].");

    private string Meaning => string.Join(", ", _axes.Select(a => a switch { 'N' => "batch", 'T' => "time", 'F' => "features", _ => "direction" }));

    /// <summary>Takes a step.</summary>
    /// <exception cref="NotSupportedException">This engine has no such layer.</exception>
    public void Take(OnnxStep step)
    {
        (OnnxNode node, int data, int output) = (step.Node, step.Input, step.Output);
        if (step.Branches.Count > 0)
        {
            Join(step);
            return;
        }

        bool first = data == 0 && output == 0;
        switch (node.Operator)
        {
            case "Identity" or "Dropout" or "Cast" when first:
                break;
            case "Transpose" when first:
                Transpose(node);
                break;
            case "Squeeze" or "Flatten" or "Reshape" when first:
                Reshape(node);
                break;
            case "Gemm" when first:
                Gemm(node);
                break;
            case "MatMul" when first:
                Multiply(node);
                break;
            case "Conv" when first:
                Convolve(node);
                break;
            case "LSTM" or "GRU" or "RNN" when data == 0:
                Recur(node, output);
                break;
            case "LayerNormalization" when first:
                Normalise(node);
                break;
            case "Gather" when first:
                Gather(node);
                break;
            case "ReduceMean" or "ReduceMax" when first:
                Pool(node);
                break;
            case "Add" or "Sub" or "Mul" or "Div":
                Scale(node, data);
                break;
            default:
                if (!first || ActivationOf(node) is not { } activation) throw Refuse(node, "is no layer of this engine");
                layers.Activate(activation);
                break;
        }
    }

    private static Activation? ActivationOf(OnnxNode node) => node.Operator switch
    {
        "Relu" => Activation.Relu,
        "LeakyRelu" => node.Float("alpha", Slope) == Slope ? Activation.LeakyRelu : throw Refuse(node, $"has the slope {node.Float("alpha", Slope)}, and here it is {Slope}"),
        "Gelu" => node.Text("approximate", "none") == "tanh" ? Activation.Gelu : throw Refuse(node, "is the Gelu of erf, and here it is that of tanh (approximate = \"tanh\")"),
        "Tanh" => Activation.Tanh,
        "Sigmoid" => Activation.Sigmoid,
        "Softplus" => Activation.Softplus,
        _ => null,
    };

    // Every branch goes on from here by itself; what they end in has the same axes.
    private void Join(OnnxStep step)
    {
        OnnxNode node = step.Node;
        if (_directions != 1 || _axes.Contains('D', StringComparison.Ordinal)) throw Refuse(node, "joins branches that part before the directions of a layer are put side by side");
        if (_axes == "NF") Vector();
        List<OnnxReading> branches = [];
        List<IReadOnlyList<Layer>> all = [];
        foreach (IReadOnlyList<OnnxStep> way in step.Branches)
        {
            OnnxLayers own = layers.Branch();
            OnnxReading branch = new(graph, own, _time, _width, flat: false) { _axes = _axes };
            foreach (OnnxStep each in way) branch.Take(each);
            if (branch._axes == "NF") branch.Vector();
            branches.Add(branch);
            all.Add(own.Finish());
        }

        OnnxReading one = branches[0];
        bool sum = node.Operator == "Add";
        if (branches.Any(b => b._axes != one._axes || b._time != one._time || b._directions != 1 || (sum && b._width != one._width)))
            throw Refuse(node, $"joins {string.Join(" and ", branches.Select(b => $"[{b.Meaning}] of {b._time} x {b._width}"))}");
        if (!sum && (one._axes[^1] != 'F' || At(node.Number("axis", 0), one._axes.Length) != one._axes.Length - 1)) throw Refuse(node, $"sets [{one.Meaning}] side by side along another axis than the last, features");
        layers.Join(sum ? BranchJoin.Sum : BranchJoin.Concatenation, all);
        (_axes, _time, _width) = (one._axes, one._time, sum ? one._width : checked(branches.Sum(b => b._width)));
    }

    private void Vector()
    {
        if (_isWide) layers.Add(new Flatten());
        _isWide = false;
    }

    private void Transpose(OnnxNode node)
    {
        long[] order = node.Numbers("perm") ?? [.. Enumerable.Range(0, _axes.Length).Reverse().Select(a => (long)a)];
        if (order.Length != _axes.Length || order.Distinct().Count() != order.Length || order.Any(a => a < 0 || a >= order.Length)) throw Refuse(node, $"does not turn [{Meaning}]");
        _axes = string.Concat(order.Select(a => _axes[(int)a]));
    }

    // What is asked for is held against the axes that there are: the direction may go, and all of a clip become one vector.
    private void Reshape(OnnxNode node)
    {
        if (node.Operator == "Squeeze")
        {
            long[] axes = Axes(node, 1) ?? throw Refuse(node, "does not say which axis goes");
            if (axes.Length != 1 || At(axes[0], _axes.Length) is not { } axis || _axes[axis] != 'D' || _directions != 1) throw Refuse(node, $"drops another axis of [{Meaning}] than a single direction");
            _axes = _axes.Remove(axis, 1);
            return;
        }

        long?[] shape = node.Operator == "Flatten"
            ? node.Number("axis", 1) == 1 ? [null, -1] : throw Refuse(node, "does not flatten behind the batch")
            : graph.ShapeOf(node.Input(1)) ?? throw Refuse(node, "takes a shape that is known only when it runs");
        if (_axes == "NTDF" && shape.Length == 3 && Holds(shape[1], _time) && Holds(shape[2], _directions * _width)) (_axes, _width, _directions) = ("NTF", _directions * _width, 1);
        else if (_axes == "TNDF" && shape.Length == 3 && Holds(shape[0], _time) && Holds(shape[2], _directions * _width)) (_axes, _width, _directions) = ("TNF", _directions * _width, 1);
        else if (_axes == "NTF" && shape.Length == 2 && Holds(shape[1], (long)_time * _width)) (_axes, _width, _time, _isWide) = ("NF", checked(_time * _width), 1, true);
        else if (!(_axes == "NF" && shape.Length == 2 && Holds(shape[1], _width))) throw Refuse(node, $"makes of [{Meaning}] what is no input of a layer here");
    }

    private static bool Holds(long? asked, long extent) => asked is null or -1 or 0 || asked == extent;

    private void Gemm(OnnxNode node)
    {
        if (node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1 || node.Number("transA", 0) != 0) throw Refuse(node, "scales its product or turns its input");
        bool transposed = node.Number("transB", 0) != 0;
        (float[] weights, int[] extents) = Floats(node, 1, 2);
        (int inputs, int outputs) = transposed ? (extents[1], extents[0]) : (extents[0], extents[1]);
        Dense(node, transposed ? WeightOrder.Transpose(weights, outputs, inputs) : weights, inputs, outputs);
        if (node.Input(2).Length > 0 && !layers.TryBias(Vector(node, 2, outputs))) throw Refuse(node, "has a bias of another length");
    }

    private void Multiply(OnnxNode node)
    {
        (float[] weights, int[] extents) = Floats(node, 1, 2);
        Dense(node, weights, extents[0], extents[1]);
    }

    // Of [batch, time, features] every step is multiplied by itself: a convolution of one step.
    private void Dense(OnnxNode node, float[] weights, int inputs, int outputs)
    {
        bool steps = _axes == "NTF";
        if (_axes != "NF" && !(steps && node.Operator == "MatMul")) throw Refuse(node, $"takes [{Meaning}], and a dense layer takes [batch, features]");
        if (inputs != _width || outputs < 1) throw Refuse(node, $"has weights for {inputs} features, and {_width} come");
        layers.AddProduct(weights, inputs, outputs, steps ? new OnnxLayers.Window(1, 1, 0) : null);
        _width = outputs;
        _isWide = false;
    }

    private void Convolve(OnnxNode node)
    {
        if (_axes != "NFT") throw Refuse(node, $"takes [{Meaning}], and a convolution over time takes [batch, features, time]");
        (float[] kernel, int[] extents) = Floats(node, 1, 3);
        (int outputs, int inputs, int width) = (extents[0], extents[1], extents[2]);
        long[] strides = node.Numbers("strides") ?? [1], pads = node.Numbers("pads") ?? [0, 0], spread = node.Numbers("dilations") ?? [1];
        if (node.Number("group", 1) != 1 || spread is not [1] || node.Text("auto_pad", "NOTSET") != "NOTSET") throw Refuse(node, "is grouped, dilated or padded by itself");
        if (strides is not [> 0 and < int.MaxValue] || pads is not [>= 0 and < int.MaxValue / 4, _] || pads[0] != pads[1]) throw Refuse(node, "is padded on one side more than on the other, or has no stride");
        if (inputs != _width || outputs < 1 || width < 1 || _time + (2 * pads[0]) < width) throw Refuse(node, $"has a kernel [{outputs}, {inputs}, {width}], and {_time} steps of {_width} features come");
        OnnxLayers.Window window = new(width, (int)strides[0], (int)pads[0]);
        layers.AddProduct(WeightOrder.ConvolutionIn(kernel, width, inputs), width * inputs, outputs, window);
        if (node.Input(2).Length > 0 && !layers.TryBias(Vector(node, 2, outputs))) throw Refuse(node, "has a bias of another length");
        (_width, _time) = (outputs, ((_time + (2 * window.Padding) - width) / window.Stride) + 1);
    }

    private void Recur(OnnxNode node, int output)
    {
        RecurrentCell cell = node.Operator switch { "LSTM" => RecurrentCell.Lstm, "GRU" => RecurrentCell.Gru, _ => RecurrentCell.Elman };
        bool batchFirst = node.Number("layout", 0) == 1;
        if (_axes != (batchFirst ? "NTF" : "TNF")) throw Refuse(node, $"takes [{Meaning}], and it has to be [{(batchFirst ? "batch, time" : "time, batch")}, features]");
        int directions = node.Text("direction", "forward") switch
        {
            "forward" => 1,
            "bidirectional" => 2,
            _ => throw Refuse(node, "runs backwards alone; here layers run forwards, or both ways"),
        };
        if (node.Attributes.ContainsKey("activations") || node.Attributes.ContainsKey("clip") || node.Number("input_forget", 0) != 0) throw Refuse(node, "has gates of its own (activations, clip or input_forget); here are the usual ones");
        if (cell == RecurrentCell.Gru && node.Number("linear_before_reset", 0) == 0) throw Refuse(node, "has its reset gate before the product; here it stands behind (linear_before_reset = 1), as in PyTorch and cuDNN");
        (float[] w, int[] wide) = Floats(node, 1, 3);
        (float[] r, int[] deep) = Floats(node, 2, 3);
        int gates = WeightOrder.OnnxGates(cell).Length, hidden = deep[2], columns = (int)Math.Min((long)gates * hidden, int.MaxValue);
        if (hidden < 1 || !wide.SequenceEqual([directions, columns, _width]) || !deep.SequenceEqual([directions, columns, hidden]))
            throw Refuse(node, $"has weights [{string.Join(", ", wide)}] and [{string.Join(", ", deep)}], which are not of {directions} direction(s), {gates} gates and {_width} features");
        float[] b = node.Input(3).Length > 0 ? Vector(node, 3, directions * 2 * columns) : [];
        if (node.Input(4).Length > 0) throw Refuse(node, "is given the length of every clip; here all have the same");
        if ((node.Input(5).Length > 0 && !graph.IsZero(node.Input(5))) || (node.Input(6).Length > 0 && !graph.IsZero(node.Input(6)))) throw Refuse(node, "starts from another state than zero");
        if (node.Input(7).Length > 0 && !graph.IsZero(node.Input(7))) throw Refuse(node, "has peepholes");
        layers.Recur(cell, _width, hidden, directions, w, r, b);
        (_width, _directions) = (hidden, directions);
        _axes = batchFirst ? "NTDF" : "TDNF";
        if (output == 0) return;

        // The last state of the direction that runs backwards is that of the first step.
        if (output != 1 || directions != 1) throw Refuse(node, output == 1 ? "gives the last states of both directions; take its states of all steps, and pool them" : "gives its cell state");
        layers.Add(new PoolOverTime(Pooling.Last));
        _axes = batchFirst ? "NDF" : "DNF";
    }

    private void Normalise(OnnxNode node)
    {
        int rank = _axes.Length;
        if (_axes[^1] != 'F' || _directions != 1 || At(node.Number("axis", -1), rank) != rank - 1) throw Refuse(node, $"normalises [{Meaning}] over another axis than features");
        if (node.Float("epsilon", Epsilon) != Epsilon) throw Refuse(node, $"has the epsilon {node.Float("epsilon", Epsilon)}, and here it is {Epsilon}");
        Vector();
        layers.Normalise(Vector(node, 1, _width), node.Input(2).Length > 0 ? Vector(node, 2, _width) : null);
    }

    // The last step, or one output.
    private void Gather(OnnxNode node)
    {
        if (graph.Constant(node.Input(1)) is not { Values: long[] and [long at] } index || At(node.Number("axis", 0), _axes.Length) is not { } axis) throw Refuse(node, "picks by what is no single constant");
        if (_axes[axis] == 'T' && index.Extents.Length == 0 && (at == -1 || at == _time - 1)) PoolTime(Pooling.Last);
        else if (_axes == "NF" && axis == 1 && index.Extents.Length == 1 && at >= -_width && at < _width)
        {
            layers.Add(new Model.Pick((int)(at < 0 ? at + _width : at)));
            (_width, _isWide) = (1, false);
        }
        else throw Refuse(node, $"picks {at} of [{Meaning}]; here the last step, or one output, is picked");
    }

    private void Pool(OnnxNode node)
    {
        long[] axes = Axes(node, 1) ?? throw Refuse(node, "pools over all axes");
        if (axes.Length != 1 || At(axes[0], _axes.Length) is not { } axis || _axes[axis] != 'T' || node.Number("keepdims", 1) != 0) throw Refuse(node, $"pools [{Meaning}] over another axis than time, or keeps that axis");
        PoolTime(node.Operator == "ReduceMean" ? Pooling.Mean : Pooling.Max);
    }

    private void PoolTime(Pooling pooling)
    {
        if (_directions != 1) throw new NotSupportedException("it pools before the two directions of a layer are put side by side.");
        layers.Add(new PoolOverTime(pooling));
        (_axes, _time) = (_axes.Replace("T", "", StringComparison.Ordinal), 1);
    }

    // With a constant of one number, [features], or [time, features].
    private void Scale(OnnxNode node, int data)
    {
        string name = node.Input(1 - data);
        bool reversed = data == 1;
        if (graph.Constant(name) is not { Floats: { } values } constant)
        {
            // What is zero whatever the input adds nothing.
            if (node.Operator == "Add" && graph.IsZero(name)) return;
            throw Refuse(node, "joins two branches");
        }

        if (reversed && node.Operator == "Div") throw Refuse(node, "divides a constant by the network's value");
        bool whole = constant.Extents is [_, _] or [1, _, _] && constant.Extents[^2] == _time && constant.Extents[^1] == _width && _axes == "NTF" && _time > 1;
        if (!whole && values.Length != 1 && !(values.Length == _width && constant.Extents[^1] == _width)) throw Refuse(node, $"takes a constant [{string.Join(", ", constant.Extents)}], and [{Meaning}] with {_width} features comes");
        if (!whole && _axes[^1] != 'F') throw Refuse(node, $"scales [{Meaning}], whose last axis is not features");
        if (node.Operator == "Add" && !whole && layers.TryBias(values)) return;
        if (values.Length > 1 && !whole) Vector();
        Shape shape = whole ? new Shape(_time, _width) : new Shape(values.Length);
        switch (node.Operator)
        {
            case "Add":
                layers.Shift(shape, 1, values);
                break;
            case "Sub":
                layers.Shift(shape, reversed ? -1 : 1, reversed ? values : [.. values.Select(v => -v)]);
                break;
            case "Mul":
                layers.Multiply(shape, values);
                break;
            default:
                layers.Multiply(shape, [.. values.Select(v => 1 / v)]);
                break;
        }
    }

    private (float[] Values, int[] Extents) Floats(OnnxNode node, int input, int rank)
    {
        if (graph.Constant(node.Input(input)) is not { Floats: { } values } constant) throw Refuse(node, "takes weights that are no constants");
        return constant.Extents.Length == rank ? (values, constant.Extents) : throw Refuse(node, $"has weights [{string.Join(", ", constant.Extents)}] where {rank} axes have to be");
    }

    private float[] Vector(OnnxNode node, int input, int length)
    {
        if (graph.Constant(node.Input(input)) is not { Floats: { } values }) throw Refuse(node, "takes weights that are no constants");
        return values.Length == length ? values : throw Refuse(node, $"has {values.Length} numbers where {length} have to be");
    }

    // A setting in older operator sets, an input in newer ones.
    private long[]? Axes(OnnxNode node, int input) => node.Numbers("axes") ?? (node.Input(input).Length > 0 ? graph.Constant(node.Input(input))?.Values as long[] : null);

    private static int? At(long axis, int rank)
    {
        long at = axis < 0 ? axis + rank : axis;
        return at >= 0 && at < rank ? (int)at : null;
    }

    private static NotSupportedException Refuse(OnnxNode node, string why) => new($"{node.Title} {why}.");
}
