namespace EmotionXai.Engine.Exchange;

/// <summary>An axis of an ONNX graph's input or output: an extent, or a name where it may have any.</summary>
public readonly record struct OnnxAxis(int Extent, string? Name)
{
    /// <summary>An axis that may have any extent.</summary>
    public static OnnxAxis Free(string name) => new(-1, name);

    /// <summary>An axis of a fixed extent.</summary>
    public static implicit operator OnnxAxis(int extent) => new(extent, null);

    /// <inheritdoc/>
    public override string ToString() => Name ?? Extent.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A setting of an ONNX node: a whole number, a float, a text, or a list of whole numbers.</summary>
public sealed record OnnxAttribute
{
    private OnnxAttribute(string name, object value) => (Name, Value) = (name, value);

    /// <summary>A whole number.</summary>
    public OnnxAttribute(string name, long value)
        : this(name, (object)value)
    {
    }

    /// <summary>A float.</summary>
    public OnnxAttribute(string name, float value)
        : this(name, (object)value)
    {
    }

    /// <summary>A text.</summary>
    public OnnxAttribute(string name, string value)
        : this(name, (object)value)
    {
    }

    /// <summary>Whole numbers.</summary>
    public OnnxAttribute(string name, long[] value)
        : this(name, (object)value)
    {
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    internal object Value { get; }
}

/// <summary>The numbers of onnx.proto that this engine writes and reads.</summary>
internal static class OnnxFormat
{
    /// <summary>IR version 9 came with operator set 20.</summary>
    public const int Opset = 20, IrVersion = 9;

    public const int Float = 1, Int32 = 6, Int64 = 7, Double = 11;

    public static int TypeOf(Array values) => values switch
    {
        float[] => Float,
        double[] => Double,
        long[] => Int64,
        _ => throw new ArgumentException($"An ONNX constant of this engine is of float, double or long, not of {values.GetType().GetElementType()}."),
    };

    public static class Model
    {
        public const int IrVersion = 1, Producer = 2, ProducerVersion = 3, Doc = 6, Graph = 7, OpsetImport = 8, Metadata = 14, Functions = 25;
    }

    public static class Opsets
    {
        public const int Domain = 1, Version = 2;
    }

    public static class Graph
    {
        public const int Node = 1, Name = 2, Initializer = 5, Doc = 10, Input = 11, Output = 12, SparseInitializer = 15;
    }

    public static class Node
    {
        public const int Input = 1, Output = 2, Name = 3, Operator = 4, Attribute = 5, Domain = 7;
    }

    public static class Attribute
    {
        public const int Name = 1, Float = 2, Int = 3, Text = 4, Tensor = 5, Graph = 6, Floats = 7, Ints = 8, Texts = 9, Type = 20;
    }

    /// <summary>Values of the field Type of an attribute.</summary>
    public static class AttributeType
    {
        public const int Float = 1, Int = 2, Text = 3, Ints = 7;
    }

    public static class Tensor
    {
        public const int Extents = 1, Type = 2, Segment = 3, Floats = 4, Ints = 5, Longs = 7, Name = 8, Raw = 9, Doubles = 10, External = 13, Location = 14;
    }

    /// <summary>The description of an input or output, and the three messages within it.</summary>
    public static class Value
    {
        public const int Name = 1, Type = 2, Doc = 3, TensorOfType = 1, ElementOfTensor = 1, ShapeOfTensor = 2, AxisOfShape = 1, ExtentOfAxis = 1, NameOfAxis = 2;
    }

    public static class Entry
    {
        public const int Key = 1, Value = 2;
    }
}
