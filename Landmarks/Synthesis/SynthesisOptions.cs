using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>What <see cref="FaceSynthesizer"/> makes. The defaults give 256 clips whose classes a good model parts well, not perfectly.</summary>
public sealed record SynthesisOptions
{
    /// <summary>The landmarks to move; all else is the same for every topology.</summary>
    public LandmarkTopology Topology { get; init; } = LandmarkTopology.Ibug68;

    /// <summary>People, each with a face and a vigour of their own; at least one.</summary>
    public int Subjects { get; init; } = 16;

    /// <summary>Clips a subject and emotion; at least one. More repetitions leave the earlier clips as they were.</summary>
    public int Repetitions { get; init; } = 2;

    /// <summary>Frames a clip, at least two; a clip spans the same time whatever their number.</summary>
    public int Frames { get; init; } = 24;

    /// <summary>The same seed gives the same bits.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Which of <see cref="FaceSynthesizer.Emotions"/> to show. Leaving some out leaves the clips of the others as they were.</summary>
    public IReadOnlyList<string> Emotions { get; init; } = FaceSynthesizer.Emotions;

    /// <summary>Scales every expression; at 1 the largest moves a landmark by about a quarter of the inter-ocular distance.</summary>
    public double Intensity { get; init; } = 0.6;

    /// <summary>Scales the head's translation, roll, zoom and yaw.</summary>
    public double HeadMotion { get; init; } = 1;

    /// <summary>Scales the tracker's white noise, at 1 about one pixel a coordinate.</summary>
    public double Noise { get; init; } = 1;

    /// <summary>Scales what moves alike in every class: speech, blinks, idle expressions and the landmarks the tracker loses.</summary>
    public double Distractors { get; init; } = 1;
}
