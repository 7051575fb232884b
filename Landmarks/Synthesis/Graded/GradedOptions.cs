using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis.Graded;

/// <summary>What makes a graded case hard.</summary>
public enum GradedKind
{
    /// <summary>Three action units, every landmark about as noisy as any other: the easy case.</summary>
    Plain,

    /// <summary>Noise by landmark over a factor of sixteen, on evidence as on the rest: the landmarks that move most say least.</summary>
    Noise,

    /// <summary>One action unit moves many landmarks far and alike, two others move few a little, and say as much each.</summary>
    Redundant,

    /// <summary>Motion that says nothing covers the evidence; landmarks that show it alone let it be taken off.</summary>
    Suppressor,

    /// <summary>Two action units go the same way in one class and opposite ways in the other; either by itself says nothing.</summary>
    Conjunction,

    /// <summary>The same two events in either class, in either order: what happens says nothing, when says all.</summary>
    Order,

    /// <summary>Every training person gives the label away by a few landmarks of its own, which in other people say nothing.</summary>
    PrivateCue,

    /// <summary>As <see cref="Noise"/>, with labels drawn by lot: nothing to find.</summary>
    Nothing,
}

/// <summary>What <see cref="GradedFaces"/> makes.</summary>
public sealed record GradedOptions
{
    /// <summary>What makes the case hard.</summary>
    public GradedKind Kind { get; init; } = GradedKind.Noise;

    /// <summary>The landmarks.</summary>
    public LandmarkTopology Topology { get; init; } = LandmarkTopology.Ibug68;

    /// <summary>People to learn from; at least 3.</summary>
    public int People { get; init; } = 12;

    /// <summary>Clips of either class of each of them; at least one.</summary>
    public int Clips { get; init; } = 3;

    /// <summary>People to judge by; none is seen in training.</summary>
    public int NewPeople { get; init; } = 60;

    /// <summary>Clips of either class of each of them.</summary>
    public int NewClips { get; init; } = 2;

    /// <summary>Scales what tells the classes apart, and nothing else; 0 leaves nothing to find.</summary>
    public double Intensity { get; init; } = 1;

    /// <summary>Standard deviation of where the head looks, in degrees to the side and up or down, one draw a clip; a third of it in the plane. It says nothing of the class.</summary>
    public double Turn { get; init; }

    /// <summary>Whether points have depth, as noisy as twice x and y: no action unit moves it, so it tells of the head alone.</summary>
    public bool Depth { get; init; }

    /// <summary>Frames a clip; one is a picture of the last moment.</summary>
    public int Frames { get; init; } = 24;

    /// <summary>The same seed gives the same bits.</summary>
    public ulong Seed { get; init; } = 1;
}
