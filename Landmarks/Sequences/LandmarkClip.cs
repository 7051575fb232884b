namespace EmotionXai.Landmarks.Sequences;

/// <summary>One clip: a sequence of landmark frames of one face.</summary>
public sealed class LandmarkClip
{
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
    {
        if (confidence.Length == 0) throw new ArgumentException($"Clip '{name}' has no frame.", nameof(confidence));
        if (coordinates.Length != confidence.Length * points * dimensions)
        {
            throw new ArgumentException(
                $"Clip '{name}' has {coordinates.Length} coordinates for {confidence.Length} frames of {points} points of {dimensions}.",
                nameof(coordinates));
        }

        Name = name;
        Subject = subject;
        Label = label;
        Points = points;
        Dimensions = dimensions;
        Coordinates = coordinates;
        Confidence = confidence;
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

    /// <summary>[time, point, coordinate].</summary>
    public float[] Coordinates { get; }

    /// <summary>[time], in [0, 1].</summary>
    public float[] Confidence { get; }

    /// <summary>The coordinates of one landmark in one frame.</summary>
    public ReadOnlySpan<float> Point(int frame, int point) =>
        Coordinates.AsSpan(((frame * Points) + point) * Dimensions, Dimensions);
}
