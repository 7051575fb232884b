namespace EmotionXai.Landmarks.Video;

/// <summary>All that was seen in a clip, before anything is chosen or smoothed.</summary>
internal sealed class ClipFaces
{
    /// <summary>[frame]: seconds from the start.</summary>
    public required double[] Seconds { get; init; }

    /// <summary>The faces: the main one first, then by falling size and time on screen.</summary>
    public required IReadOnlyList<FaceTrack> Faces { get; init; }

    /// <summary>Frames.</summary>
    public int Frames => Seconds.Length;

    /// <summary>Collects sightings, a list a frame, into faces.</summary>
    public static ClipFaces Of(IReadOnlyList<(double Seconds, IReadOnlyList<FaceSighting> Faces)> frames)
    {
        int tracks = frames.SelectMany(f => f.Faces).Select(s => s.Track + 1).DefaultIfEmpty(0).Max();
        FaceTrack[] faces = [.. Enumerable.Range(0, tracks).Select(t => new FaceTrack(t, frames.Count))];
        for (int frame = 0; frame < frames.Count; frame++)
            foreach (FaceSighting sighting in frames[frame].Faces) faces[sighting.Track].Set(frame, sighting.Mesh, sighting.Score);
        return new ClipFaces
        {
            Seconds = [.. frames.Select(f => f.Seconds)],
            Faces = [.. faces.OrderByDescending(f => f.Weight).ThenBy(f => f.Track)],
        };
    }
}

/// <summary>One face through the frames of a clip.</summary>
internal sealed class FaceTrack(int track, int frames)
{
    /// <summary>Its number in the clip; 0 was seen first.</summary>
    public int Track { get; } = track;

    /// <summary>[frame]: [point, (x, y, z)], or null where it was not seen.</summary>
    public float[]?[] Meshes { get; } = new float[]?[frames];

    /// <summary>[frame]: the mesh's logit; NaN where it was not seen.</summary>
    public float[] Scores { get; } = [.. Enumerable.Repeat(float.NaN, frames)];

    /// <summary>Frames in which it was seen.</summary>
    public int Sure => Meshes.Count(m => m is not null);

    /// <summary>The first frame in which it was seen.</summary>
    public int First => Array.FindIndex(Meshes, m => m is not null);

    /// <summary>The last frame in which it was seen.</summary>
    public int Last => Array.FindLastIndex(Meshes, m => m is not null);

    /// <summary>How much of the clip it fills: the sum of its sides over all frames. The face with the most is the main one.</summary>
    public double Weight => Meshes.Sum(m => m is null ? 0 : (double)FaceBox.Around(m).Side);

    /// <summary>Takes note of a frame.</summary>
    public void Set(int frame, float[] mesh, float score) => (Meshes[frame], Scores[frame]) = (mesh, score);
}
