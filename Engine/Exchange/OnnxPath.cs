namespace EmotionXai.Engine.Exchange;

/// <summary>A node on the way, and which of its inputs and outputs lie on it; or a join, with the way of every branch to it.</summary>
internal sealed record OnnxStep(OnnxNode Node, int Input, int Output, IReadOnlyList<IReadOnlyList<OnnxStep>> Branches);

/// <summary>
/// The way through a graph from its input to an output, one node after the other. Networks of this engine are layers in a row, so
/// of the inputs of a node all but one are constants, or what is zero whatever the input (states that start from it). Where several
/// are not, branches are joined; they have left each other at one value, and share no node behind it.
/// </summary>
internal sealed class OnnxPath
{
    private const int MostDepth = 32;

    private readonly OnnxSource _source;
    private readonly Dictionary<string, (OnnxNode Node, int Output)> _makers = new(StringComparer.Ordinal);
    private readonly HashSet<OnnxNode> _taken = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, bool> _zeros = new(StringComparer.Ordinal);
    private Lazy<OnnxForks> _forks = null!;

    public OnnxPath(OnnxSource source)
    {
        _source = source;
        foreach (OnnxNode node in source.Nodes)
            for (int i = 0; i < node.Outputs.Count; i++)
                if (node.Outputs[i].Length > 0 && !_makers.TryAdd(node.Outputs[i], (node, i))) throw new FormatException($"two nodes give '{OnnxSource.Shown(node.Outputs[i])}'");
    }

    /// <summary>The steps from an input to an output, in order.</summary>
    /// <exception cref="NotSupportedException">The way does not lead to the input, or is joined otherwise than by adding and setting side by side.</exception>
    public IReadOnlyList<OnnxStep> Between(string input, string output)
    {
        _taken.Clear();
        _forks = new(() => new OnnxForks(_source.Nodes, input, Open));
        return Way(input, output, 0);
    }

    private List<OnnxStep> Way(string input, string output, int depth)
    {
        if (depth > MostDepth) throw new NotSupportedException($"its branches are nested more than {MostDepth} deep.");
        List<OnnxStep> way = [];
        for (string value = output; value != input;)
        {
            if (!_makers.TryGetValue(value, out (OnnxNode Node, int Output) maker)) throw new NotSupportedException($"'{OnnxSource.Shown(value)}' does not come from the input '{OnnxSource.Shown(input)}'.");
            OnnxNode node = maker.Node;
            if (!_taken.Add(node)) throw new NotSupportedException($"{node.Title} is used by two branches, or by itself.");
            int[] open = Open(node);
            if (open.Length == 1)
            {
                way.Add(new OnnxStep(node, open[0], maker.Output, []));
                value = node.Inputs[open[0]];
                continue;
            }

            if (open.Length == 0) throw new NotSupportedException($"{node.Title} takes nothing that comes from the input, and networks here are layers in a row.");
            if (node.Operator is not ("Add" or "Concat") || open.Length != node.Inputs.Count)
                throw new NotSupportedException($"{node.Title} joins {(open.Length == 2 ? "two" : $"{open.Length}")} branches; here they are added, or set side by side.");
            string[] ends = [.. node.Inputs];
            string fork = _forks.Value.Common(ends);
            way.Add(Join(node, ends, fork, depth));
            value = fork;
        }

        way.Reverse();
        return way;
    }

    // Neighbours that go the same way for a while are joined first: (x, f(x), g(f(x))) is (x, what f makes of x joined with what g makes of that).
    private OnnxStep Join(OnnxNode node, string[] ends, string fork, int depth)
    {
        List<IReadOnlyList<OnnxStep>> branches = [];
        for (int i = 0, next; i < ends.Length; i = next)
        {
            string? first = _forks.Value.After(fork, ends[i]);
            for (next = i + 1; next < ends.Length && first is not null && _forks.Value.After(fork, ends[next]) == first;) next++;
            if (next == i + 1)
            {
                branches.Add(Way(fork, ends[i], depth + 1));
                continue;
            }

            string[] some = ends[i..next];
            string inner = _forks.Value.Common(some);
            branches.Add([.. Way(fork, inner, depth + 1), Join(node, some, inner, depth + 1)]);
        }

        return new OnnxStep(node, -1, 0, branches);
    }

    private int[] Open(OnnxNode node) =>
        [.. Enumerable.Range(0, node.Inputs.Count).Where(i => node.Inputs[i].Length > 0 && Constant(node.Inputs[i]) is null && !IsZero(node.Inputs[i]) && !IsShape(node, i))];

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

    /// <summary>Whether a value is zero whatever the input. Every value is looked at once: products of products would take for ever otherwise.</summary>
    public bool IsZero(string name, int depth = 0)
    {
        if (!_zeros.TryGetValue(name, out bool zero)) _zeros[name] = zero = FindZero(name, depth);
        return zero;
    }

    private bool FindZero(string name, int depth)
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
