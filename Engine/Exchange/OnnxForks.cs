namespace EmotionXai.Engine.Exchange;

/// <summary>
/// Where branches of a graph part: the last value that every way from the input to each of some values goes through. Every value
/// knows the last such value before it (its immediate dominator; Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm",
/// 2001); a file's nodes stand in the order in which they run, so one pass finds all.
/// </summary>
internal sealed class OnnxForks
{
    private readonly Dictionary<string, (string? Before, int Depth)> _known = new(StringComparer.Ordinal);

    /// <summary>Looks through a graph.</summary>
    /// <param name="nodes">In the order in which they run.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="open">Which of a node's inputs depend on it.</param>
    public OnnxForks(IEnumerable<OnnxNode> nodes, string input, Func<OnnxNode, int[]> open)
    {
        _known[input] = (null, 0);
        foreach (OnnxNode node in nodes)
        {
            string[] ends = [.. open(node).Select(i => node.Inputs[i])];
            if (ends.Length == 0 || !ends.All(_known.ContainsKey)) continue;
            string before = Common(ends);
            foreach (string output in node.Outputs) _known.TryAdd(output, (before, _known[before].Depth + 1));
        }
    }

    /// <summary>The last value that all ways to some values go through; one of them, where it lies before the others.</summary>
    /// <exception cref="NotSupportedException">One does not come from the input, or only from a node further down in the file.</exception>
    public string Common(IReadOnlyList<string> values)
    {
        if (values.FirstOrDefault(v => !_known.ContainsKey(v)) is string unknown) throw new NotSupportedException($"'{OnnxSource.Shown(unknown)}' does not come from the input by nodes that stand before it.");
        string common = values[0];
        foreach (string value in values.Skip(1))
        {
            string other = value;
            while (common != other)
            {
                if (_known[common].Depth >= _known[other].Depth) common = _known[common].Before!;
                else other = _known[other].Before!;
            }
        }

        return common;
    }

    /// <summary>The first value behind a fork on the way to another; null for the fork itself.</summary>
    public string? After(string fork, string value)
    {
        string? after = null;
        for (string at = value; at != fork; at = _known[at].Before!) after = at;
        return after;
    }
}
