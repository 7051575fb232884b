using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>A face in a frame.</summary>
/// <param name="Track">Which face through time: 0 was seen first.</param>
/// <param name="Mesh">[point, (x, y, z)] in pixels of the frame.</param>
/// <param name="Score">The mesh's logit that this is a face.</param>
internal sealed record FaceSighting(int Track, float[] Mesh, float Score)
{
    /// <summary>Where it is.</summary>
    public FaceBox Box { get; } = FaceBox.Around(Mesh);
}

/// <summary>
/// Follows faces through the frames of one clip. A face that was seen is cropped where its last mesh was, so that a steady clip
/// costs one mesh a frame; the detector runs where nobody is followed, where a face was just lost, and every
/// <see cref="DetectEvery"/> frames for faces that came in.
/// </summary>
internal sealed class FaceTracker(FaceDetector detector, FaceMesh mesh, int mostFaces)
{
    /// <summary>Frames between two looks at the whole frame.</summary>
    public const int DetectEvery = 30;

    /// <summary>Boxes that overlap by more are one face.</summary>
    private const float SameFace = 0.3f;

    // The mesh is drawn to any face near its crop, so two tracks may end on one face; then their meshes all but agree.
    private const float SameMesh = 0.6f;
    private readonly List<Followed> _faces = [];
    private int _sinceDetection = DetectEvery, _next;

    /// <summary>The faces of the next frame, the first seen first.</summary>
    public IReadOnlyList<FaceSighting> Next(Mat frame)
    {
        List<FaceSighting> seen = [];
        bool lost = false;
        foreach (Followed face in _faces.Where(f => f.Crop is not null))
        {
            FaceSighting? sighting = Place(frame, face.Crop!.Value, face.Track);
            if (sighting is not null && seen.All(s => s.Box.Overlap(sighting.Box) < SameMesh)) seen.Add(sighting);
            else (face.Crop, lost) = (null, true);
        }

        if (seen.Count == 0 || lost || ++_sinceDetection >= DetectEvery) Detect(frame, seen);
        foreach (FaceSighting sighting in seen)
        {
            Followed face = _faces[sighting.Track];
            (face.Crop, face.Box) = (FaceCrop.Of(sighting.Mesh), sighting.Box);
        }

        seen.Sort((a, b) => a.Track.CompareTo(b.Track));
        return seen;
    }

    private void Detect(Mat frame, List<FaceSighting> seen)
    {
        _sinceDetection = 0;
        foreach (FaceDetection found in detector.Detect(frame))
        {
            if (seen.Count >= mostFaces) return;
            if (seen.Any(s => s.Box.Overlap(found.Box) > SameFace)) continue;
            if (Place(frame, FaceCrop.Of(found, upright: true), 0) is not FaceSighting sighting) continue;
            if (seen.Any(s => s.Box.Overlap(sighting.Box) > SameFace)) continue;

            // A face that comes back near where it was lost is the same; else it is somebody new.
            Followed? known = _faces.Where(f => f.Crop is null && f.Box.IsNear(sighting.Box) && seen.All(s => s.Track != f.Track)).MaxBy(f => f.Box.Overlap(sighting.Box));
            if (known is null) _faces.Add(known = new Followed(_next++));
            seen.Add(sighting with { Track = known.Track });
        }
    }

    private FaceSighting? Place(Mat frame, FaceCrop crop, int track)
    {
        float[] points = new float[FaceMesh.Length];
        float score = mesh.Place(frame, crop, points);
        return score > 0 ? new FaceSighting(track, points, score) : null;
    }

    private sealed class Followed(int track)
    {
        public int Track { get; } = track;

        /// <summary>Where to look next; null while the face is lost.</summary>
        public FaceCrop? Crop { get; set; }

        /// <summary>Where it was seen last.</summary>
        public FaceBox Box { get; set; }
    }
}
