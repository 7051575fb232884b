namespace EmotionXai.Engine.Exchange;

/// <summary>A constant of a file: its extents, and its values as float[], double[] or long[].</summary>
internal sealed record OnnxTensor(string Name, int[] Extents, Array Values)
{
    /// <summary>Its values as float32; null where they are whole numbers.</summary>
    public float[]? Floats => Values switch
    {
        float[] f => f,
        double[] d => [.. d.Select(v => (float)v)],
        _ => null,
    };
}

/// <summary>A node of a file.</summary>
internal sealed record OnnxNode(string Name, string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, object> Attributes)
{
    /// <summary>What messages call it.</summary>
    public string Title => Name.Length > 0 ? $"node '{OnnxSource.Shown(Name)}' ({OnnxSource.Shown(Operator)})" : $"a node {OnnxSource.Shown(Operator)}";

    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    public long Number(string name, long otherwise) => Attributes.TryGetValue(name, out object? value) && value is long number ? number : otherwise;

    public float Float(string name, float otherwise) => Attributes.TryGetValue(name, out object? value) && value is float number ? number : otherwise;

    public string Text(string name, string otherwise) => Attributes.TryGetValue(name, out object? value) && value is string text ? text : otherwise;

    public long[]? Numbers(string name) => Attributes.TryGetValue(name, out object? value) ? value as long[] : null;
}

/// <summary>An input or output of a file's graph; an axis is -1 where it may have any extent.</summary>
internal sealed record OnnxValue(string Name, IReadOnlyList<long> Axes);

/// <summary>Stands for a setting whose value is not read.</summary>
internal sealed class OnnxUnread
{
    private OnnxUnread()
    {
    }

    public static OnnxUnread It { get; } = new();
}
