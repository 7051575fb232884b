using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>Labels merged under one name, and labels left out, as written on the command line.</summary>
public sealed class LabelChanges
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _without = new(StringComparer.Ordinal);

    /// <summary>Reads <c>--label NAME=a,b</c> and <c>--without a,b</c>. Labels are in lower case.</summary>
    /// <exception cref="ArgumentException">A label is asked for twice, or a name is missing.</exception>
    public static LabelChanges Parse(IReadOnlyList<string>? merged, IReadOnlyList<string>? without)
    {
        LabelChanges changes = new();
        foreach (string text in merged ?? [])
        {
            string[] sides = text.Split('=', StringSplitOptions.TrimEntries);
            string[] labels = sides.Length == 2 ? Words(sides[1]) : [];
            if (labels.Length == 0 || sides[0].Length == 0) throw new ArgumentException($"--label {text}: give NAME=a,b, such as --label happy=happiness,happy-ud.");
            foreach (string label in labels)
                if (!changes._names.TryAdd(label, sides[0].ToLowerInvariant())) throw new ArgumentException($"--label {text}: '{label}' is merged twice; name it once.");
        }

        foreach (string label in (without ?? []).SelectMany(Words)) changes._without.Add(label);
        return changes;
    }

    /// <summary>The set with the changes made; the truth of merged labels is that of all of them.</summary>
    /// <exception cref="ArgumentException">The data have no such label, or none is left.</exception>
    public LandmarkSet Apply(LandmarkSet set)
    {
        if (_names.Count + _without.Count == 0) return set;
        foreach ((string option, string label) in _names.Keys.Select(l => ("--label", l)).Concat(_without.Select(l => ("--without", l))))
            if (!set.Labels.Contains(label) && !_names.ContainsValue(label)) throw new ArgumentException($"{option} {label}: the data have no such label; they have {string.Join(", ", set.Labels)}.");
        LandmarkClip[] clips = [.. set.Clips.Where(c => !IsOut(c.Label)).Select(c => c.Labelled(NameOf(c.Label)))];
        if (clips.Length == 0) throw new ArgumentException($"--without {string.Join(',', _without)}: no clip is left.");
        return new LandmarkSet(set.Source, set.Topology, clips)
        {
            Extractor = set.Extractor,
            Warnings = set.Warnings,
            Truth = set.Truth?.Where(t => !IsOut(t.Key)).GroupBy(t => NameOf(t.Key), StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Select(t => t.Value).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x || y)])),
        };
    }

    private bool IsOut(string label) => _without.Contains(label) || _without.Contains(NameOf(label));

    private string NameOf(string label) => _names.GetValueOrDefault(label, label);

    private static string[] Words(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(w => w.ToLowerInvariant())];
}
