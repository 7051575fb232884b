using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Video;

/// <summary>How clips become landmarks.</summary>
public sealed record ExtractionOptions
{
    /// <summary>What the points are: the mesh's 468, or the 68 of them nearest to iBUG's.</summary>
    public LandmarkTopology Topology { get => field ?? LandmarkTopology.MediaPipe468; init; }

    /// <summary>Whether every face is kept, or only the main one: that which fills most of the clip.</summary>
    public bool AllFaces { get; init; }

    /// <summary>A clip whose share of frames with a face is below this is left out and reported.</summary>
    public double MinSure { get; init; } = 0.5;

    /// <summary>Whether the jitter of the points is smoothed over time. Off for measurements.</summary>
    public bool Smooth { get; init; }

    /// <summary>Clips worked on at once, and whether decoding runs ahead. Changes no result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where finished clips are kept for the next run; null keeps none.</summary>
    public string? Cache { get; init; } = CacheFolder.Of("landmarks");

    /// <summary>Faces followed at once.</summary>
    internal int MostFaces => AllFaces ? 64 : 4;
}
