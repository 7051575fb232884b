using EmotionXai.Landmarks.Spilling;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Video;

/// <summary>One face of a clip as it is written: numbers are rounded here, so that a file and a run without one say the same.</summary>
internal sealed class ExtractedClip
{
    /// <summary>Thousandths of a pixel.</summary>
    private const int Digits = 3;

    /// <summary>A face that is there in fewer frames of a longer clip is an accident of the detector's.</summary>
    private const int LeastFrames = 12;

    /// <summary>The clip it is from.</summary>
    public required MediaClip Source { get; init; }

    /// <summary>The clip's name; with the face's number where several of its faces are kept.</summary>
    public required string Name { get; init; }

    /// <summary>0 is the main face.</summary>
    public required int Face { get; init; }

    /// <summary>The number of its first frame, from 1.</summary>
    public required int FirstFrame { get; init; }

    /// <summary>[frame].</summary>
    public required double[] Seconds { get; init; }

    /// <summary>[frame]: the mesh's logit; NaN where the face was not seen.</summary>
    public required float[] Scores { get; init; }

    /// <summary>[frame]: [point, coordinate]; null where the face was not seen.</summary>
    public required FrameRows Points { get; init; }

    /// <summary>Frames.</summary>
    public int Frames => Scores.Length;

    /// <summary>The faces of a clip that are kept. Empty, with the reason, where there is none.</summary>
    public static IReadOnlyList<ExtractedClip> Choose(MediaClip clip, ClipFaces faces, ExtractionOptions options, out string? reason)
    {
        reason = null;
        if (!options.AllFaces)
        {
            FaceTrack? main = faces.Faces.Count > 0 ? faces.Faces[0] : null;
            int sure = main?.Sure ?? 0;
            if (sure > 0 && sure >= options.MinSure * faces.Frames) return [Of(clip, main!, faces, 0, faces.Frames, 0, clip.Name, options)];
            reason = sure == 0
                ? $"no face in {(faces.Frames == 1 ? "it" : $"any of {faces.Frames} frames")}"
                : $"a face in {sure} of {faces.Frames} frames only (--min-sure {options.MinSure.ToString(System.Globalization.CultureInfo.InvariantCulture)})";
            return [];
        }

        // Faces come and go: each is judged, and written, from its first frame to its last.
        FaceTrack[] kept = [.. faces.Faces.Where(f =>
        {
            int span = f.Last - f.First + 1;
            return f.Sure >= options.MinSure * span && span >= Math.Min(LeastFrames, faces.Frames);
        })];
        if (kept.Length == 0) reason = $"no face for long enough in {(faces.Frames == 1 ? "it" : $"{faces.Frames} frames")}";
        return [.. kept.Select((face, i) => Of(clip, face, faces, face.First, face.Last + 1, i, kept.Length == 1 ? clip.Name : $"{clip.Name}#{i}", options))];
    }

    private static ExtractedClip Of(MediaClip clip, FaceTrack face, ClipFaces faces, int from, int to, int number, string name, ExtractionOptions options)
    {
        OneEuroFilter? filter = options.Smooth ? new OneEuroFilter() : null;
        FrameRows points = new(options.Topology == LandmarkTopology.MediaPipe468 ? FaceMesh.Length : 2 * MeshPoints68.Map.Length);
        for (int frame = from; frame < to; frame++)
        {
            if (face.Meshes[frame] is not float[] seen)
            {
                filter?.Reset();
                points.SkipTo(frame - from + 1);
                continue;
            }

            float[] mesh = [.. seen];
            filter?.Apply(mesh, faces.Seconds[frame]);
            points.Add(Pick(mesh, options.Topology));
        }

        return new ExtractedClip
        {
            Source = clip,
            Name = name,
            Face = number,
            FirstFrame = from + 1,
            Seconds = faces.Seconds[from..to],
            Scores = [.. face.Scores.Skip(from).Take(to - from).Select(s => MathF.Round(s, Digits))],
            Points = points,
        };
    }

    /// <summary>The points of a topology, rounded, from a mesh that may be changed.</summary>
    public static float[] Pick(float[] mesh, LandmarkTopology topology)
    {
        if (topology == LandmarkTopology.MediaPipe468)
        {
            for (int i = 0; i < mesh.Length; i++) mesh[i] = MathF.Round(mesh[i], Digits);
            return mesh;
        }

        float[] points = new float[2 * MeshPoints68.Map.Length];
        for (int i = 0; i < MeshPoints68.Map.Length; i++)
        {
            points[2 * i] = MathF.Round(mesh[3 * MeshPoints68.Map[i]], Digits);
            points[(2 * i) + 1] = MathF.Round(mesh[(3 * MeshPoints68.Map[i]) + 1], Digits);
        }

        return points;
    }
}
