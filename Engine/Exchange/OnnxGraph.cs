using System.Globalization;
using System.Runtime.InteropServices;
using EmotionXai.Engine.Serialization;

namespace EmotionXai.Engine.Exchange;

/// <summary>
/// An ONNX graph in the making, of operator set 20: inputs, constants and nodes are added in the order in which they are computed,
/// and each gives the name under which later nodes take it. Nothing is checked but names: ONNX's own checker and runtimes do.
/// </summary>
public sealed class OnnxGraph
{
    /// <summary>The operator set that nodes are taken from: 20, of November 2023, the first with Gelu.</summary>
    public const int Opset = OnnxFormat.Opset;

    private readonly List<byte[]> _nodes = [], _constants = [], _inputs = [], _outputs = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Adds an input of float32.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="about">What it holds, for whoever reads the file.</param>
    /// <param name="axes">Outermost first.</param>
    public string Input(string name, string about, params IReadOnlyList<OnnxAxis> axes)
    {
        _inputs.Add(Described(Take(name), about, axes));
        return name;
    }

    /// <summary>Makes a value an output of the graph.</summary>
    /// <param name="value">The value; it is given out under this name.</param>
    /// <param name="name">Its name outside.</param>
    /// <param name="about">What it holds, for whoever reads the file.</param>
    /// <param name="axes">Outermost first.</param>
    public void Output(string value, string name, string about, params IReadOnlyList<OnnxAxis> axes)
    {
        AddNode("Identity", [value], [Take(name)], []);
        _outputs.Add(Described(name, about, axes));
    }

    /// <summary>Adds a constant, of float32, float64 or int64 as its values are.</summary>
    /// <param name="name">Its name; a number follows where it is taken.</param>
    /// <param name="extents">Outermost first; empty for a scalar.</param>
    /// <param name="values">Row-major: an array of float, double or long.</param>
    public string Constant(string name, IReadOnlyList<int> extents, Array values)
    {
        int type = OnnxFormat.TypeOf(values);
        string free = Free(name);
        _constants.Add(ProtoWriter.Of(tensor =>
        {
            foreach (int extent in extents) tensor.Number(OnnxFormat.Tensor.Extents, extent);
            tensor.Number(OnnxFormat.Tensor.Type, type);
            tensor.Text(OnnxFormat.Tensor.Name, free);
            tensor.Bytes(OnnxFormat.Tensor.Raw, values switch
            {
                float[] f => MemoryMarshal.AsBytes(f.AsSpan()),
                double[] d => MemoryMarshal.AsBytes(d.AsSpan()),
                _ => MemoryMarshal.AsBytes(((long[])values).AsSpan()),
            });
        }).ToArray());
        return free;
    }

    /// <summary>Adds whole numbers in a row: shapes and axes.</summary>
    public string Integers(string name, params long[] values) => Constant(name, [values.Length], values);

    /// <summary>Adds a node of one output.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">What it takes; empty where an optional one is left out.</param>
    /// <param name="attributes">Its settings.</param>
    /// <returns>The name of the output.</returns>
    public string Node(string op, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes)
    {
        string output = Free(op.ToLowerInvariant());
        AddNode(op, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node of several outputs.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">What it takes; empty where an optional one is left out.</param>
    /// <param name="wanted">Which outputs are wanted.</param>
    /// <param name="attributes">Its settings.</param>
    /// <returns>The names of the outputs; empty where one is not wanted.</returns>
    public string[] Node(string op, IReadOnlyList<string> inputs, bool[] wanted, params IReadOnlyList<OnnxAttribute> attributes)
    {
        string[] outputs = [.. wanted.Select(w => w ? Free(op.ToLowerInvariant()) : "")];
        AddNode(op, inputs, outputs, attributes);
        return outputs;
    }

    /// <summary>The model file.</summary>
    /// <param name="about">What the model is, for whoever reads the file.</param>
    /// <param name="metadata">What programs may want to know.</param>
    public byte[] ToBytes(string about, IReadOnlyDictionary<string, string>? metadata = null) => ProtoWriter.Of(model =>
    {
        model.Number(OnnxFormat.Model.IrVersion, OnnxFormat.IrVersion);
        model.Text(OnnxFormat.Model.Producer, "EmotionXai.Engine");
        model.Text(OnnxFormat.Model.ProducerVersion, typeof(OnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "");
        model.Text(OnnxFormat.Model.Doc, about);
        model.Message(OnnxFormat.Model.Graph, graph =>
        {
            foreach (byte[] node in _nodes) graph.Bytes(OnnxFormat.Graph.Node, node);
            graph.Text(OnnxFormat.Graph.Name, "model");
            foreach (byte[] constant in _constants) graph.Bytes(OnnxFormat.Graph.Initializer, constant);
            foreach (byte[] input in _inputs) graph.Bytes(OnnxFormat.Graph.Input, input);
            foreach (byte[] output in _outputs) graph.Bytes(OnnxFormat.Graph.Output, output);
        });
        model.Message(OnnxFormat.Model.OpsetImport, opset => opset.Number(OnnxFormat.Opsets.Version, OnnxFormat.Opset));
        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            model.Message(OnnxFormat.Model.Metadata, entry =>
            {
                entry.Text(OnnxFormat.Entry.Key, key);
                entry.Text(OnnxFormat.Entry.Value, value);
            });
        }
    }).ToArray();

    /// <summary>Writes the model file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="about">What the model is, for whoever reads the file.</param>
    /// <param name="metadata">What programs may want to know.</param>
    public void Write(string path, string about, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] bytes = ToBytes(about, metadata);
        WholeFile.Write(path, stream => stream.Write(bytes));
    }

    private void AddNode(string op, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<OnnxAttribute> attributes) => _nodes.Add(ProtoWriter.Of(node =>
    {
        foreach (string input in inputs) node.Item(OnnxFormat.Node.Input, input);
        foreach (string output in outputs) node.Item(OnnxFormat.Node.Output, output);
        node.Text(OnnxFormat.Node.Name, $"{op}_{_nodes.Count}");
        node.Text(OnnxFormat.Node.Operator, op);
        foreach (OnnxAttribute attribute in attributes) node.Message(OnnxFormat.Node.Attribute, a => Write(a, attribute));
    }).ToArray());

    private static void Write(ProtoWriter writer, OnnxAttribute attribute)
    {
        writer.Text(OnnxFormat.Attribute.Name, attribute.Name);
        switch (attribute.Value)
        {
            case long number:
                writer.Number(OnnxFormat.Attribute.Int, number);
                writer.Number(OnnxFormat.Attribute.Type, OnnxFormat.AttributeType.Int);
                break;
            case float number:
                writer.Float(OnnxFormat.Attribute.Float, number);
                writer.Number(OnnxFormat.Attribute.Type, OnnxFormat.AttributeType.Float);
                break;
            case string text:
                writer.Item(OnnxFormat.Attribute.Text, text);
                writer.Number(OnnxFormat.Attribute.Type, OnnxFormat.AttributeType.Text);
                break;
            default:
                foreach (long number in (long[])attribute.Value) writer.Number(OnnxFormat.Attribute.Ints, number);
                writer.Number(OnnxFormat.Attribute.Type, OnnxFormat.AttributeType.Ints);
                break;
        }
    }

    private static byte[] Described(string name, string about, IReadOnlyList<OnnxAxis> axes) => ProtoWriter.Of(value =>
    {
        value.Text(OnnxFormat.Value.Name, name);
        value.Message(OnnxFormat.Value.Type, type => type.Message(OnnxFormat.Value.TensorOfType, tensor =>
        {
            tensor.Number(OnnxFormat.Value.ElementOfTensor, OnnxFormat.Float);
            tensor.Message(OnnxFormat.Value.ShapeOfTensor, shape =>
            {
                foreach (OnnxAxis axis in axes)
                {
                    shape.Message(OnnxFormat.Value.AxisOfShape, a =>
                    {
                        if (axis.Name is string free) a.Text(OnnxFormat.Value.NameOfAxis, free);
                        else a.Number(OnnxFormat.Value.ExtentOfAxis, axis.Extent);
                    });
                }
            });
        }));
        value.Text(OnnxFormat.Value.Doc, about);
    }).ToArray();

    private string Take(string name) => _names.Add(name) ? name : throw new ArgumentException($"The graph has a value '{name}' already; give each its own name.", nameof(name));

    private string Free(string name)
    {
        string free = name;
        for (int i = 2; !_names.Add(free); i++) free = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        return free;
    }
}
