using EmotionXai.Engine.Layers;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>How faces are made comparable.</summary>
public enum Alignment
{
    /// <summary>Centred and scaled by the eyes of the clip's first sure frame: head motion stays in the data.</summary>
    FirstFrame,

    /// <summary>Centred, scaled and turned upright by the eyes of every frame: head translation, roll and zoom are taken out.</summary>
    PerFrame,

    /// <summary>As <see cref="FirstFrame"/>, then every frame is moved, turned and scaled onto the first by least squares over all points.</summary>
    Procrustes,

    /// <summary>Coordinates stay as they are.</summary>
    None,

    /// <summary>
    /// Every frame is moved, turned and scaled by least squares so that a few points that expressions hardly move
    /// (<see cref="Topologies.LandmarkTopology.Anchors"/>) stand as in the topology's neutral face: in the plane, or in space where depth is
    /// used, which takes out where the head looks.
    /// </summary>
    Rigid,
}

/// <summary>How clips become features. Every step is an option. A set whose clips all have one frame keeps positions, since there is nothing to be displaced from, and <see cref="Alignment.FirstFrame"/> then means <see cref="Alignment.PerFrame"/>.</summary>
public sealed record PreprocessingOptions
{
    /// <summary>Frames less sure than this are dropped and filled by interpolation in time.</summary>
    public double MinConfidence { get; init; } = 0.5;

    /// <summary>A clip whose share of sure frames is below this is left out and reported.</summary>
    public double MinSure { get; init; } = 0.5;

    /// <summary>How faces are made comparable.</summary>
    public Alignment Alignment { get; init; } = Alignment.FirstFrame;

    /// <summary>
    /// The features of every coordinate of every landmark, with commas between: series (<c>positions</c>, <c>displacement</c> from the
    /// first frame, <c>steadied</c> displacement after head motion was taken out by rigid points) and descriptors of each series
    /// (<c>fourier</c>, <c>log-fourier</c>, <c>spread</c>, <c>sorted</c>), which say what happens and not when. Of pictures <c>distances</c>
    /// between landmarks, alone or beside <c>positions</c>.
    /// </summary>
    public string Features { get; init; } = FeatureList.Auto;

    /// <summary>Whether series and descriptors stand side by side in every frame, as recurrent networks want them, and not one below the other.</summary>
    public bool SideBySide { get; init; }

    /// <summary>The same as a kind of network wants it: <c>auto</c> becomes the features that suit it, and those of recurrent networks stand side by side.</summary>
    public PreprocessingOptions For(ModelKind kind) => this with
    {
        Features = Features == FeatureList.Auto ? FeatureList.DefaultFor(kind) : Features,
        SideBySide = !kind.IsDense(),
    };

    /// <summary>Frames every clip is resampled to. More keep faster motion and cost more.</summary>
    public int Frames { get; init; } = 16;

    /// <summary>Whether z is used where the data have it. It is an estimate of the tracker's, noisier than x and y.</summary>
    public bool Use3D { get; init; }
}
