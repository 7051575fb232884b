using EmotionXai.Landmarks.Spilling;

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

    /// <summary>Collects sightings, a list a frame, into faces. The frames are gone through once, and no more is kept of them than is told here.</summary>
    public static ClipFaces Of(IEnumerable<(double Seconds, IReadOnlyList<FaceSighting> Faces)> frames)
    {
        List<double> seconds = [];
        List<FaceTrack> faces = [];
        foreach ((double at, IReadOnlyList<FaceSighting> seen) in frames)
        {
            foreach (FaceSighting sighting in seen)
            {
                while (faces.Count <= sighting.Track) faces.Add(new FaceTrack(faces.Count));
                faces[sighting.Track].Add(seconds.Count, sighting.Mesh, sighting.Score);
            }

            seconds.Add(at);
        }

        foreach (FaceTrack face in faces) face.End(seconds.Count);
        return new ClipFaces { Seconds = [.. seconds], Faces = [.. faces.OrderByDescending(f => f.Weight).ThenBy(f => f.Track)] };
    }
}

/// <summary>One face through the frames of a clip.</summary>
internal sealed class FaceTrack(int track)
{
    private readonly List<float> _scores = [];

    /// <summary>Its number in the clip; 0 was seen first.</summary>
    public int Track { get; } = track;

    /// <summary>[frame]: [point, (x, y, z)], or null where it was not seen.</summary>
    public FrameRows Meshes { get; } = new(FaceMesh.Length);

    /// <summary>[frame]: the mesh's logit; NaN where it was not seen.</summary>
    public IReadOnlyList<float> Scores => _scores;

    /// <summary>Frames in which it was seen.</summary>
    public int Sure { get; private set; }

    /// <summary>The first frame in which it was seen; -1 where there is none.</summary>
    public int First { get; private set; } = -1;

    /// <summary>The last frame in which it was seen; -1 where there is none.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>How much of the clip it fills: the sum of its sides over all frames. The face with the most is the main one.</summary>
    public double Weight { get; private set; }

    /// <summary>Takes note of a frame, which comes after those noted before.</summary>
    public void Add(int frame, float[] mesh, float score)
    {
        End(frame);
        Meshes.Add(mesh);
        _scores.Add(score);
        if (First < 0) First = frame;
        Last = frame;
        Sure++;
        Weight += FaceBox.Around(mesh).Side;
    }

    /// <summary>Says how many frames the clip has; in those after the last one noted it was not seen.</summary>
    public void End(int frames)
    {
        Meshes.SkipTo(frames);
        while (_scores.Count < frames) _scores.Add(float.NaN);
    }
}
