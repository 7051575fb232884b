using System.Globalization;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Video;

/// <summary>The picture that extraction makes of a clip: mesh, box and score of every face that is kept.</summary>
internal static class ExtractionOverlay
{
    /// <summary>Writes the picture or video of a clip.</summary>
    public static void Write(MediaClip clip, IReadOnlyList<ExtractedClip> faces, int frames, LandmarkTopology topology, string file, CancellationToken cancellation) =>
        OverlayWriter.Write(clip, file, frames, (frame, number, scale) =>
        {
            bool any = false;
            foreach (ExtractedClip face in faces)
            {
                int t = number - face.FirstFrame + 1;
                if (t < 0 || t >= face.Frames || face.Points[t] is not float[] seen) continue;
                any = true;
                int dimensions = seen.Length / topology.Count;
                float[] points = OverlayWriter.Scale(seen, dimensions, scale);
                FaceDrawing.Mesh(frame, topology, points);
                string who = faces.Count > 1 ? $"face {face.Face}  " : "";
                FaceDrawing.Box(frame, dimensions, points, string.Create(CultureInfo.InvariantCulture, $"{who}a face: {1 / (1 + Math.Exp(-face.Scores[t])):0.00}"));
            }

            if (!any) FaceDrawing.Label(frame, "no face", 4, 4, FaceDrawing.TextSize(frame));
        }, cancellation);
}
