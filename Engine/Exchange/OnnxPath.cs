namespace EmotionXai.Engine.Exchange;

/// <summary>
/// The way through a graph from its input to an output, one node after the other. Networks of this engine are layers in a row, so
/// of the inputs of a node all but one are constants, or what is zero whatever the input (states that start from it).
/// </summary>
internal sealed class OnnxPath
{
    private const int MostDepth = 32;

    private readonly OnnxSource _source;
    private readonly Dictionary<string, (OnnxNode Node, int Output)> _makers = new(StringComparer.Ordinal);

    public OnnxPath(OnnxSource source)
    {
        _source = source;
        foreach (OnnxNode node in source.Nodes)
            for (int i = 0; i < node.Outputs.Count; i++)
                if (node.Outputs[i].Length > 0 && !_makers.TryAdd(node.Outputs[i], (node, i))) throw new FormatException($"two nodes give '{OnnxSource.Shown(node.Outputs[i])}'");
    }

    /// <summary>The nodes from an input to an output, in order; for each, which of its inputs and outputs lie on the way.</summary>
    /// <exception cref="NotSupportedException">The way forks, or does not lead to the input.</exception>
    public IReadOnlyList<(OnnxNode Node, int Input, int Output)> Between(string input, string output)
    {
        List<(OnnxNode Node, int Input, int Output)> way = [];
        for (string value = input == output ? input : output; value != input;)
        {
            if (!_makers.TryGetValue(value, out (OnnxNode Node, int Output) maker)) throw new NotSupportedException($"'{OnnxSource.Shown(value)}' does not come from the input '{OnnxSource.Shown(input)}'.");
            if (way.Count > _source.Nodes.Count) throw new FormatException("its nodes go round in a circle");
            int[] open = [.. Enumerable.Range(0, maker.Node.Inputs.Count).Where(i => maker.Node.Inputs[i].Length > 0 && Constant(maker.Node.Inputs[i]) is null && !IsZero(maker.Node.Inputs[i]) && !IsShape(maker.Node, i))];
            if (open.Length != 1)
                throw new NotSupportedException($"{maker.Node.Title} {(open.Length == 0 ? "takes nothing that comes from the input" : "joins two branches")}, and networks here are layers in a row.");
            way.Add((maker.Node, open[0], maker.Output));
            value = maker.Node.Inputs[open[0]];
        }

        way.Reverse();
        return way;
    }

    /// <summary>The constant of a name, through nodes that only pass one on; null where it is none.</summary>
    public OnnxTensor? Constant(string name, int depth = 0)
    {
        if (_source.Constants.TryGetValue(name, out OnnxTensor? constant)) return constant;
        if (depth > MostDepth || !_makers.TryGetValue(name, out (OnnxNode Node, int) maker)) return null;
        return maker.Node.Operator switch
        {
            "Constant" => maker.Node.Attributes.GetValueOrDefault("value") as OnnxTensor,
            "Identity" or "Cast" => Constant(maker.Node.Input(0), depth + 1),
            _ => null,
        };
    }

    /// <summary>Whether a value is zero whatever the input.</summary>
    public bool IsZero(string name, int depth = 0)
    {
        if (Constant(name) is { } constant) return constant.Floats is { } values && values.All(v => v == 0);
        if (depth > MostDepth || !_makers.TryGetValue(name, out (OnnxNode Node, int) maker)) return false;
        OnnxNode node = maker.Node;
        return node.Operator switch
        {
            "ConstantOfShape" => !node.Attributes.TryGetValue("value", out object? value) || (value is OnnxTensor { Floats: { } filled } && filled.All(v => v == 0)),
            "Mul" => IsZero(node.Input(0), depth + 1) || IsZero(node.Input(1), depth + 1),
            "Expand" or "Identity" or "Cast" or "ReduceSum" or "Slice" or "Reshape" or "Unsqueeze" or "Squeeze" or "Transpose" => IsZero(node.Input(0), depth + 1),
            _ => false,
        };
    }

    /// <summary>Whole numbers of a shape; null for one that is known only when the graph runs, such as the batch's size.</summary>
    public long?[]? ShapeOf(string name, int depth = 0)
    {
        if (Constant(name)?.Values is long[] values) return [.. values.Select(v => (long?)v)];
        if (depth > MostDepth || !_makers.TryGetValue(name, out (OnnxNode Node, int) maker)) return null;
        OnnxNode node = maker.Node;
        switch (node.Operator)
        {
            case "Concat":
                List<long?> all = [];
                foreach (string part in node.Inputs)
                {
                    if (ShapeOf(part, depth + 1) is not { } some) return null;
                    all.AddRange(some);
                    if (all.Count > MostDepth) return null;
                }

                return [.. all];
            case "Unsqueeze" or "Squeeze" or "Identity" or "Cast" or "Reshape":
                return ShapeOf(node.Input(0), depth + 1);
            case "Gather" when _makers.TryGetValue(node.Input(0), out (OnnxNode Node, int) shape) && shape.Node.Operator == "Shape":
                return [null];
            default:
                return null;
        }
    }

    // The target shape of a Reshape comes from the input's own shape, and is no second branch.
    private static bool IsShape(OnnxNode node, int input) => input == 1 && node.Operator is "Reshape" or "Expand";
}
