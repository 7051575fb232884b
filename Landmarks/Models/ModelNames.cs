using EmotionXai.Engine.Layers;

namespace EmotionXai.Landmarks;

/// <summary>The networks, by their names on the command line.</summary>
public static class ModelNames
{
    private static readonly (string Name, ModelKind Kind)[] s_all =
    [
        ("dense", ModelKind.Dense), ("rnn", ModelKind.Rnn), ("gru", ModelKind.Gru), ("lstm", ModelKind.Lstm), ("bilstm", ModelKind.BiLstm),
        ("random-dense", ModelKind.RandomDense), ("random-rnn", ModelKind.RandomRnn), ("random-gru", ModelKind.RandomGru), ("random-lstm", ModelKind.RandomLstm),
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_all.Select(m => m.Name)];

    /// <summary>The network of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ModelKind Find(string name)
    {
        foreach ((string known, ModelKind kind) in s_all)
            if (known == name) return kind;
        throw new ArgumentException($"--network {name}: there is no such network; choose {string.Join(", ", All)}.", nameof(name));
    }

    /// <summary>The name of a network.</summary>
    public static string NameOf(ModelKind kind) => s_all.First(m => m.Kind == kind).Name;
}
