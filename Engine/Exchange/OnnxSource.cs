using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EmotionXai.Engine.Serialization;

namespace EmotionXai.Engine.Exchange;

/// <summary>
/// What an ONNX file holds, as far as networks need it. Nothing in it is to be trusted: counts are bounded, extents are held against
/// the numbers that are there, and what this engine does not read is refused by name.
/// </summary>
internal sealed class OnnxSource
{
    private const int MostNodes = 10_000, MostParts = 64, MostRank = 8, LongestShown = 60, LeastOpset = 9, MostOpset = 25;

    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);
    private readonly List<OnnxValue> _inputs = [], _outputs = [];

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Constants => _constants;

    /// <summary>Those that are no constants.</summary>
    public IEnumerable<OnnxValue> Inputs => _inputs.Where(i => !_constants.ContainsKey(i.Name));

    public IReadOnlyList<OnnxValue> Outputs => _outputs;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX file, or holds what is not read here.</exception>
    public static OnnxSource Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such ONNX file.", path);
        byte[] bytes = InputFile.ReadAll(path, Array.MaxLength);
        OnnxSource source = new();
        try
        {
            source.ReadModel(bytes);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{path}: no whole ONNX file: {e.Message}. Export or copy it again.", e);
        }
        catch (NotSupportedException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }

        return source;
    }

    /// <summary>A name from a file as a message may show it.</summary>
    public static string Shown(string name)
    {
        string plain = string.Concat(name.Take(LongestShown).Select(c => c is >= ' ' and <= '~' ? c : '?'));
        return name.Length > LongestShown ? plain + "..." : plain;
    }

    private void ReadModel(ReadOnlySpan<byte> bytes)
    {
        ProtoReader model = new(bytes);
        bool graph = false;
        long opset = 0;
        while (model.Next())
        {
            switch (model.Field)
            {
                case OnnxFormat.Model.Graph when !graph:
                    ReadGraph(model.Bytes());
                    graph = true;
                    break;
                case OnnxFormat.Model.Graph:
                    throw new FormatException("it holds two graphs");
                case OnnxFormat.Model.OpsetImport:
                    opset = Math.Max(opset, OpsetOf(model.Bytes()));
                    break;
                case OnnxFormat.Model.Functions:
                    throw new NotSupportedException("it defines functions of its own, which are not read here; export it with operators alone.");
                default:
                    model.Skip();
                    break;
            }
        }

        if (!graph) throw new FormatException("it holds no graph");
        if (opset is < LeastOpset or > MostOpset) throw new NotSupportedException($"it is of operator set {opset}, and {LeastOpset} to {MostOpset} are read here; export it for one of those.");
    }

    // Operators of other domains are refused where a node takes one.
    private static long OpsetOf(ReadOnlySpan<byte> bytes)
    {
        ProtoReader opset = new(bytes);
        string domain = "";
        long version = 0;
        while (opset.Next())
        {
            if (opset.Field == OnnxFormat.Opsets.Domain) domain = opset.Text();
            else if (opset.Field == OnnxFormat.Opsets.Version) version = opset.Number();
            else opset.Skip();
        }

        return domain is "" or "ai.onnx" ? version : 0;
    }

    private void ReadGraph(ReadOnlySpan<byte> bytes)
    {
        ProtoReader graph = new(bytes);
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case OnnxFormat.Graph.Node:
                    _nodes.Add(Node(graph.Bytes()));
                    break;
                case OnnxFormat.Graph.Initializer:
                    OnnxTensor tensor = Tensor(graph.Bytes());
                    if (!_constants.TryAdd(tensor.Name, tensor)) throw new FormatException($"it holds two constants '{Shown(tensor.Name)}'");
                    break;
                case OnnxFormat.Graph.SparseInitializer:
                    throw new NotSupportedException("it holds sparse constants, which are not read here; export it with dense ones.");
                case OnnxFormat.Graph.Input:
                    _inputs.Add(Value(graph.Bytes()));
                    break;
                case OnnxFormat.Graph.Output:
                    _outputs.Add(Value(graph.Bytes()));
                    break;
                default:
                    graph.Skip();
                    break;
            }

            if (_nodes.Count + _constants.Count + _inputs.Count + _outputs.Count > MostNodes) throw new NotSupportedException($"it has more than {MostNodes} nodes and constants; a network of layers has fewer.");
        }
    }

    private static OnnxNode Node(ReadOnlySpan<byte> bytes)
    {
        ProtoReader node = new(bytes);
        string name = "", op = "", domain = "";
        List<string> inputs = [], outputs = [];
        Dictionary<string, object> attributes = new(StringComparer.Ordinal);
        while (node.Next())
        {
            switch (node.Field)
            {
                case OnnxFormat.Node.Input:
                    inputs.Add(node.Text());
                    break;
                case OnnxFormat.Node.Output:
                    outputs.Add(node.Text());
                    break;
                case OnnxFormat.Node.Name:
                    name = node.Text();
                    break;
                case OnnxFormat.Node.Operator:
                    op = node.Text();
                    break;
                case OnnxFormat.Node.Domain:
                    domain = node.Text();
                    break;
                case OnnxFormat.Node.Attribute:
                    (string key, object value) = Attribute(node.Bytes());
                    attributes[key] = value;
                    break;
                default:
                    node.Skip();
                    break;
            }

            if (inputs.Count > MostParts || outputs.Count > MostParts || attributes.Count > MostParts) throw new NotSupportedException($"a node has more than {MostParts} inputs, outputs or settings.");
        }

        return domain is "" or "ai.onnx" ? new OnnxNode(name, op, inputs, outputs, attributes)
            : throw new NotSupportedException($"the operator {Shown(op)} is of the domain '{Shown(domain)}', and only ONNX's own are read here.");
    }

    private static (string Name, object Value) Attribute(ReadOnlySpan<byte> bytes)
    {
        ProtoReader attribute = new(bytes);
        string name = "";
        object? value = null;
        long type = 0;
        List<long> numbers = [];
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case OnnxFormat.Attribute.Type:
                    type = attribute.Number();
                    break;
                case OnnxFormat.Attribute.Name:
                    name = attribute.Text();
                    break;
                case OnnxFormat.Attribute.Float:
                    value = attribute.Float();
                    break;
                case OnnxFormat.Attribute.Int:
                    value = attribute.Number();
                    break;
                case OnnxFormat.Attribute.Text:
                    value = attribute.Text();
                    break;
                case OnnxFormat.Attribute.Tensor:
                    value = Tensor(attribute.Bytes());
                    break;
                case OnnxFormat.Attribute.Ints:
                    attribute.Numbers(numbers);
                    break;
                case OnnxFormat.Attribute.Floats or OnnxFormat.Attribute.Texts or OnnxFormat.Attribute.Graph:
                    // Those of activations, of loops and branches: whoever needs to know finds that there is something.
                    attribute.Skip();
                    value = OnnxUnread.It;
                    break;
                default:
                    attribute.Skip();
                    break;
            }
        }

        // Some writers leave out what is zero or empty.
        return (name, value ?? type switch
        {
            OnnxFormat.AttributeType.Int => 0L,
            OnnxFormat.AttributeType.Float => 0f,
            OnnxFormat.AttributeType.Text => "",
            _ => numbers.ToArray(),
        });
    }

    private static OnnxTensor Tensor(ReadOnlySpan<byte> bytes)
    {
        ProtoReader tensor = new(bytes);
        string name = "";
        long type = 0;
        List<long> extents = [], numbers = [];
        ReadOnlySpan<byte> raw = [];
        bool external = false;
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case OnnxFormat.Tensor.Extents:
                    tensor.Numbers(extents);
                    break;
                case OnnxFormat.Tensor.Type:
                    type = tensor.Number();
                    break;
                case OnnxFormat.Tensor.Name:
                    name = tensor.Text();
                    break;
                case OnnxFormat.Tensor.Raw:
                    raw = tensor.Bytes();
                    break;
                case OnnxFormat.Tensor.Floats:
                    raw = Packed(raw, tensor.Fixed(sizeof(float)));
                    break;
                case OnnxFormat.Tensor.Doubles:
                    raw = Packed(raw, tensor.Fixed(sizeof(double)));
                    break;
                case OnnxFormat.Tensor.Longs or OnnxFormat.Tensor.Ints:
                    tensor.Numbers(numbers);
                    break;
                case OnnxFormat.Tensor.External:
                    external = true;
                    tensor.Skip();
                    break;
                case OnnxFormat.Tensor.Location:
                    external |= tensor.Number() != 0;
                    break;
                case OnnxFormat.Tensor.Segment:
                    throw new NotSupportedException($"constant '{Shown(name)}' is in segments, which are not read here.");
                default:
                    tensor.Skip();
                    break;
            }
        }

        if (external) throw new NotSupportedException($"constant '{Shown(name)}' lies in another file (external data); export it as one file.");
        return new OnnxTensor(name, Extents(name, extents), Values(name, type, raw, numbers, Count(extents)));
    }

    private static Array Values(string name, long type, ReadOnlySpan<byte> raw, List<long> numbers, long count)
    {
        int size = type switch
        {
            OnnxFormat.Float or OnnxFormat.Int32 => 4,
            OnnxFormat.Double or OnnxFormat.Int64 => 8,
            _ => 0,
        };
        if (size == 0) throw new NotSupportedException($"constant '{Shown(name)}' is of type {type}, and float, double and integers (1, 11, 6, 7) are read here.");
        bool listed = numbers.Count > 0;
        if ((listed ? numbers.Count : raw.Length / (double)size) != count) throw new FormatException($"the numbers of constant '{Shown(name)}' do not fill its shape");
        if (listed && type is OnnxFormat.Float or OnnxFormat.Double) throw new FormatException($"the numbers of constant '{Shown(name)}' are not of its type");
        return type switch
        {
            OnnxFormat.Float => MemoryMarshal.Cast<byte, float>(raw).ToArray(),
            OnnxFormat.Double => MemoryMarshal.Cast<byte, double>(raw).ToArray(),
            _ when listed => numbers.ToArray(),
            OnnxFormat.Int64 => MemoryMarshal.Cast<byte, long>(raw).ToArray(),
            _ => Longs(raw),
        };
    }

    private static long[] Longs(ReadOnlySpan<byte> raw)
    {
        long[] values = new long[raw.Length / sizeof(int)];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadInt32LittleEndian(raw[(i * sizeof(int))..]);
        return values;
    }

    // Floats are packed in one field by whoever writes ONNX; to join many again and again would be dear.
    private static ReadOnlySpan<byte> Packed(ReadOnlySpan<byte> before, ReadOnlySpan<byte> field) =>
        before.IsEmpty ? field : throw new NotSupportedException("the numbers of a constant are written one by one; export it with packed ones.");

    private static long Count(List<long> extents)
    {
        long count = 1;
        foreach (long extent in extents)
        {
            if (extent is < 0 or > int.MaxValue) return -1;
            count *= extent;
            if (count > int.MaxValue) return -1;
        }

        return count;
    }

    private static int[] Extents(string name, List<long> extents) =>
        extents.Count > MostRank || Count(extents) < 0 ? throw new FormatException($"constant '{Shown(name)}' has extents that no array has") : [.. extents.Select(e => (int)e)];

    private static OnnxValue Value(ReadOnlySpan<byte> bytes)
    {
        ProtoReader value = new(bytes);
        string name = "";
        List<long> axes = [];
        while (value.Next())
        {
            if (value.Field == OnnxFormat.Value.Name) name = value.Text();
            else if (value.Field == OnnxFormat.Value.Type) Type(value.Bytes(), axes);
            else value.Skip();
        }

        return new OnnxValue(name, axes);
    }

    private static void Type(ReadOnlySpan<byte> bytes, List<long> axes)
    {
        ProtoReader type = new(bytes);
        while (type.Next())
        {
            if (type.Field != OnnxFormat.Value.TensorOfType) throw new NotSupportedException("an input or output is no tensor.");
            ProtoReader tensor = new(type.Bytes());
            while (tensor.Next())
            {
                if (tensor.Field == OnnxFormat.Value.ShapeOfTensor) Shape(tensor.Bytes(), axes);
                else tensor.Skip();
            }
        }
    }

    private static void Shape(ReadOnlySpan<byte> bytes, List<long> axes)
    {
        ProtoReader shape = new(bytes);
        while (shape.Next())
        {
            if (shape.Field != OnnxFormat.Value.AxisOfShape)
            {
                shape.Skip();
                continue;
            }

            ProtoReader axis = new(shape.Bytes());
            long extent = -1;
            while (axis.Next())
            {
                if (axis.Field == OnnxFormat.Value.ExtentOfAxis) extent = axis.Number();
                else axis.Skip();
            }

            axes.Add(extent);
            if (axes.Count > MostRank) throw new NotSupportedException($"an input or output has more than {MostRank} axes.");
        }
    }
}
