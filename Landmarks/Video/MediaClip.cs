namespace EmotionXai.Landmarks.Video;

/// <summary>One clip to extract: a video, a picture, a sequence of pictures or a camera.</summary>
/// <param name="Name">Its name in the output, unique in a batch.</param>
/// <param name="Files">The video, or the pictures in their order; empty for a camera.</param>
public sealed record MediaClip(string Name, IReadOnlyList<string> Files)
{
    /// <summary>The emotion shown; null where nobody says.</summary>
    public string? Label { get; init; }

    /// <summary>Who is seen; null where nobody says.</summary>
    public string? Subject { get; init; }

    /// <summary>The camera's number, or null.</summary>
    public int? Camera { get; init; }

    /// <summary>Whether it is one picture.</summary>
    public bool IsStill => Files.Count == 1 && MediaKind.IsPicture(Files[0]);
}
