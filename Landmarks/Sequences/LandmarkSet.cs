using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Sequences;

/// <summary>Clips of one topology.</summary>
/// <param name="Source">Where they came from, for people: a path or <c>synthetic</c>.</param>
/// <param name="Topology">What the points are.</param>
/// <param name="Clips">The clips, in a fixed order.</param>
public sealed record LandmarkSet(string Source, LandmarkTopology Topology, IReadOnlyList<LandmarkClip> Clips)
{
    /// <summary>The labels, sorted by name.</summary>
    public IReadOnlyList<string> Labels { get; } = [.. Clips.Select(c => c.Label).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The subjects, sorted by name.</summary>
    public IReadOnlyList<string> Subjects { get; } = [.. Clips.Select(c => c.Subject).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What found the points: a tool and, where it is known, its version; null where nobody knows. Points of two tools are not the same points.</summary>
    public string? Extractor { get; init; }

    /// <summary>For synthetic data: by emotion, whether each landmark carries evidence for it. Null where nobody knows.</summary>
    public IReadOnlyDictionary<string, bool[]>? Truth { get; init; }

    /// <summary>What was left out or guessed while reading, a line each; for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
