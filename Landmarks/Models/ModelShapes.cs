using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Landmarks.Models;

/// <summary>The tensors of a network, told from its description alone, so that a file can be held against it before anything is built.</summary>
internal static class ModelShapes
{
    /// <summary>The name and extents of every tensor.</summary>
    public static IEnumerable<(string Name, long[] Extents)> Of(ClassifierOptions options, long time, long features)
    {
        if (options.Points is { } points)
        {
            long pairs = points.Width((int)features) - (points.Positions ? features : 0);
            foreach ((string name, long count) in new[] { ("scale", features), ("centre", features), ("mean", pairs), ("gain", pairs) }) yield return ($"{PointDistances.Name}.{name}", [count]);
            features = points.Width((int)features);
        }

        for (int n = 0; n < options.Networks; n++)
            foreach ((string name, long[] extents) in OfOne(options, time, features)) yield return (options.Networks == 1 ? name : Ensemble.NameOf(name, n), extents);
    }

    private static IEnumerable<(string Name, long[] Extents)> OfOne(ClassifierOptions options, long time, long features)
    {
        return options.Kind.IsRandom() ? Random(options, time, features) : Trained(options, time, features);
    }

    private static IEnumerable<(string Name, long[] Extents)> Trained(ClassifierOptions options, long time, long features)
    {
        long width = time * features;
        int first = 0;
        if (options.Kind.Cell() is { } cell)
        {
            int directions = options.Kind == ModelKind.BiLstm ? 2 : 1;
            foreach (var tensor in Recurrent("recurrent", cell, features, options.Hidden[0], directions)) yield return tensor;
            width = directions * (long)options.Hidden[0];
            first = 1;
            foreach (var tensor in Norm(options, "recurrent", width)) yield return tensor;
        }

        for (int i = first; i < options.Hidden.Count; i++)
        {
            string name = $"dense{i + 1 - first}";
            foreach (var tensor in Dense(name, width, options.Hidden[i])) yield return tensor;
            width = options.Hidden[i];
            foreach (var tensor in Norm(options, name, width)) yield return tensor;
        }

        foreach (var tensor in Dense("readout", width, 1)) yield return tensor;
    }

    private static IEnumerable<(string Name, long[] Extents)> Random(ClassifierOptions options, long time, long features)
    {
        RecurrentCell? cell = options.Kind.Cell();
        long inputs = cell is null ? time * features : features, width = inputs;
        for (int i = 0; i < options.Hidden.Count; i++)
        {
            string name = $"hidden{i + 1}";
            foreach (var tensor in cell is { } kind ? Recurrent(name, kind, width, options.Hidden[i], 1) : Dense(name, width, options.Hidden[i])) yield return tensor;
            width = options.Hidden[i];
        }

        if (options.Random.Direct > 0) yield return ("direct.weight", [inputs, 1]);
        yield return ("readout.weight", [options.Hidden.Sum(h => (long)h), 1]);
        yield return ("readout.bias", [1]);
    }

    private static IEnumerable<(string Name, long[] Extents)> Dense(string name, long inputs, long outputs) => [(name + ".weight", [inputs, outputs]), (name + ".bias", [outputs])];

    private static IEnumerable<(string Name, long[] Extents)> Norm(ClassifierOptions options, string name, long width) =>
        options.Normalize ? [(name + ".norm.gain", [width]), (name + ".norm.bias", [width])] : [];

    private static IEnumerable<(string Name, long[] Extents)> Recurrent(string name, RecurrentCell cell, long inputs, long hidden, int directions)
    {
        long columns = new Recurrence(cell, 0, 0, 1, false).Gates * hidden;
        yield return (name + ".input", [inputs, directions * columns]);
        yield return (name + ".bias", [directions * columns]);
        for (int d = 0; d < directions; d++) yield return ($"{name}.state{d}", [hidden, columns]);
        if (cell != RecurrentCell.Gru) yield break;
        for (int d = 0; d < directions; d++) yield return ($"{name}.candidate{d}", [hidden]);
    }
}
