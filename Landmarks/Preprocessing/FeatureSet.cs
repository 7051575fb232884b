namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Clips of equal length, ready for scaling.</summary>
public sealed class FeatureSet
{
    /// <summary>Frames a clip.</summary>
    public required int Time { get; init; }

    /// <summary>Landmarks a frame.</summary>
    public required int Points { get; init; }

    /// <summary>Coordinates a landmark.</summary>
    public required int Dimensions { get; init; }

    /// <summary>[clip, time, point, coordinate], in inter-ocular distances (unless not aligned), y down.</summary>
    public required float[] Values { get; init; }

    /// <summary>[clip].</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>[clip].</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>[clip].</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>Clips left out, each with its reason.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>Clips.</summary>
    public int Clips => Names.Count;
}
