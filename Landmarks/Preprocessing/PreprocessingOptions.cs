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
}

/// <summary>How clips become features. Every step is an option; a clip of one frame has no displacement and is aligned by <see cref="Alignment.PerFrame"/>.</summary>
public sealed record PreprocessingOptions
{
    /// <summary>Frames less sure than this are dropped and filled by interpolation in time.</summary>
    public double MinConfidence { get; init; } = 0.5;

    /// <summary>A clip whose share of sure frames is below this is left out and reported.</summary>
    public double MinSure { get; init; } = 0.5;

    /// <summary>How faces are made comparable.</summary>
    public Alignment Alignment { get; init; } = Alignment.FirstFrame;

    /// <summary>Whether features are displacements from the first frame, which takes the shape of the face out, or positions.</summary>
    public bool Displacement { get; init; } = true;

    /// <summary>Frames every clip is resampled to. More keep faster motion and cost more.</summary>
    public int Frames { get; init; } = 16;

    /// <summary>Whether z is used where the data have it. It is an estimate of the tracker's, noisier than x and y.</summary>
    public bool Use3D { get; init; }
}
