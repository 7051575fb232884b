using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Landmarks.Sequences;

/// <summary>One clip: a sequence of landmark frames of one face.</summary>
public sealed class LandmarkClip
{
    private readonly float[]? _coordinates;
    private readonly (SpillFile File, long At) _stored;

    /// <summary>A clip from its frames.</summary>
    /// <param name="name">The clip's name, unique in its set.</param>
    /// <param name="subject">Who is seen; folds never part one subject's clips.</param>
    /// <param name="label">The emotion shown, in lower case.</param>
    /// <param name="points">Landmarks a frame.</param>
    /// <param name="dimensions">Coordinates a landmark: 2 (x, y) or 3 (x, y, z).</param>
    /// <param name="coordinates">[time, point, coordinate], in pixels or any other one unit, y down; NaN where the tracker has none.</param>
    /// <param name="confidence">[time], in [0, 1]: how sure the tracker was of the frame.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or there is no frame.</exception>
    public LandmarkClip(string name, string subject, string label, int points, int dimensions, float[] coordinates, float[] confidence)
        : this(name, subject, label, points, dimensions, confidence)
    {
        if (coordinates.Length != Length)
        {
            throw new ArgumentException(
                $"Clip '{name}' has {coordinates.Length} coordinates for {confidence.Length} frames of {points} points of {dimensions}.",
                nameof(coordinates));
        }

        _coordinates = coordinates;
    }

    /// <summary>A clip whose coordinates stand on disk.</summary>
    internal LandmarkClip(string name, string subject, string label, int points, int dimensions, SpillFile file, long at, float[] confidence)
        : this(name, subject, label, points, dimensions, confidence) => _stored = (file, at);

    private LandmarkClip(string name, string subject, string label, int points, int dimensions, float[] confidence)
    {
        if (confidence.Length == 0) throw new ArgumentException($"Clip '{name}' has no frame.", nameof(confidence));
        (Name, Subject, Label, Points, Dimensions, Confidence) = (name, subject, label, points, dimensions, confidence);
    }

    /// <summary>The clip's name, unique in its set.</summary>
    public string Name { get; }

    /// <summary>Who is seen.</summary>
    public string Subject { get; }

    /// <summary>The emotion shown, in lower case.</summary>
    public string Label { get; }

    /// <summary>Frames.</summary>
    public int Frames => Confidence.Length;

    /// <summary>Landmarks a frame.</summary>
    public int Points { get; }

    /// <summary>Coordinates a landmark.</summary>
    public int Dimensions { get; }

    /// <summary>[time, point, coordinate]. Of a clip on disk they are read every time: ask once, or take <see cref="Loaded"/>.</summary>
    public float[] Coordinates
    {
        get
        {
            if (_coordinates is not null) return _coordinates;
            float[] read = GC.AllocateUninitializedArray<float>(Length);
            _stored.File.Read(_stored.At, read);
            return read;
        }
    }

    /// <summary>[time], in [0, 1].</summary>
    public float[] Confidence { get; }

    private int Length => Confidence.Length * Points * Dimensions;

    /// <summary>The same clip in memory.</summary>
    public LandmarkClip Loaded() => _coordinates is not null ? this : new LandmarkClip(Name, Subject, Label, Points, Dimensions, Coordinates, Confidence);

    /// <summary>The same clip under another label.</summary>
    public LandmarkClip Labelled(string label) => _coordinates is not null
        ? new LandmarkClip(Name, Subject, label, Points, Dimensions, _coordinates, Confidence)
        : new LandmarkClip(Name, Subject, label, Points, Dimensions, _stored.File, _stored.At, Confidence);

    /// <summary>The coordinates of one landmark in one frame.</summary>
    public ReadOnlySpan<float> Point(int frame, int point) =>
        Coordinates.AsSpan(((frame * Points) + point) * Dimensions, Dimensions);
}
