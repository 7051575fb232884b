using EmotionXai.Engine.Tensors;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Clips of equal length, ready for scaling.</summary>
public sealed record FeatureSet
{
    /// <summary>Rows a clip: frames, and below them descriptors without an order in time (<see cref="Blocks"/>).</summary>
    public required int Time { get; init; }

    /// <summary>The rows by kind, in order; those of one kind are scaled together. By default all are frames.</summary>
    public IReadOnlyList<FeatureRows> Blocks { get => field ?? [new FeatureRows("all", 0, Time, InTime: true)]; init; }

    /// <summary>Landmarks a row.</summary>
    public required int Points { get; init; }

    /// <summary>Numbers a landmark has in a row: its coordinates; of several series and descriptors, where those stand side by side.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The clips, each [row, point, channel], in inter-ocular distances (unless not aligned), y down.</summary>
    public required ClipRows Values { get; init; }

    /// <summary>[clip].</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>[clip].</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>[clip].</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>Clips left out, each with its reason.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>[clip]: its place in the set that the features were taken of; empty where they were not taken of one.</summary>
    internal IReadOnlyList<int> Places { get; init; } = [];

    /// <summary>The same clips with the features of dense networks, where these stand side by side for recurrent ones: what landmarks are selected by. Null where these will do.</summary>
    public FeatureSet? Stacked => StackedLater?.Value;

    /// <summary>Makes <see cref="Stacked"/> when it is first asked for: who only predicts needs none.</summary>
    internal Lazy<FeatureSet>? StackedLater { get; init; }

    /// <summary>Clips.</summary>
    public int Clips => Names.Count;

    /// <summary>Frames a clip, whatever number of series follow them.</summary>
    public int Frames => Blocks[0].Count;

    /// <summary>[frame]: values of rows summed over the series of a moment; descriptors, which belong to no moment, are left out.</summary>
    /// <param name="byRow">[row].</param>
    public double[] OverTime(IReadOnlyList<double> byRow)
    {
        double[] frames = new double[Frames];
        foreach (FeatureRows block in Blocks.Where(b => b.InTime))
            for (int t = 0; t < block.Count; t++) frames[t] += byRow[block.First + t];
        return frames;
    }
}
