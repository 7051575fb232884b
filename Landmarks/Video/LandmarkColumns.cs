using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Video;

/// <summary>The columns of what extraction writes: MediaPipe's style for 468 points, OpenFace's for 68. The readers take both back.</summary>
/// <param name="Topology">What the points are.</param>
/// <param name="Subjects">Whether any clip's subject is known.</param>
/// <param name="Labels">Whether any clip's label is known.</param>
/// <param name="Faces">Whether several faces of a clip may be kept.</param>
internal sealed record LandmarkColumns(LandmarkTopology Topology, bool Subjects, bool Labels, bool Faces)
{
    /// <summary>Whether these are the mesh's points.</summary>
    public bool IsMesh => Topology == LandmarkTopology.MediaPipe468;

    /// <summary>The columns for some clips.</summary>
    public static LandmarkColumns Of(IReadOnlyList<MediaClip> clips, ExtractionOptions options) =>
        new(options.Topology, clips.Any(c => c.Subject is not null), clips.Any(c => c.Label is not null), options.AllFaces);

    /// <summary>Columns of text.</summary>
    public IEnumerable<(string Name, Func<ExtractedClip, string> Value)> Texts
    {
        get
        {
            yield return ("file", c => c.Source.Name);
            if (Subjects) yield return ("subject", c => c.Source.Subject ?? "");
            if (Labels) yield return ("label", c => c.Source.Label ?? "");
            yield return (CsvSchema.ExtractorColumn, _ => FaceExtractor.Name);
        }
    }

    /// <summary>Columns of whole numbers.</summary>
    public IEnumerable<(string Name, Func<ExtractedClip, int, int> Value)> Counts
    {
        get
        {
            if (!IsMesh) yield return ("face_id", (c, _) => c.Face);
            else if (Faces) yield return ("face", (c, _) => c.Face);
            yield return ("frame", (c, t) => c.FirstFrame + t);
        }
    }

    /// <summary>Columns of numbers before the coordinates; NaN is nothing.</summary>
    public IEnumerable<(string Name, Func<ExtractedClip, int, float> Value)> Numbers
    {
        get
        {
            yield return ("timestamp", (c, t) => (float)Math.Round(c.Seconds[t], 3));
            if (IsMesh)
            {
                yield return ("face_score", (c, t) => c.Scores[t]);
                yield break;
            }

            yield return ("confidence", (c, t) => !c.Points.Has(t) ? 0 : MathF.Round(1 / (1 + MathF.Exp(-c.Scores[t])), 4));
            yield return ("success", (c, t) => c.Points.Has(t) ? 1 : 0);
        }
    }

    /// <summary>Columns of coordinates, and where each stands in a frame's points.</summary>
    public IReadOnlyList<(string Name, int At)> Coordinates { get; } = Topology == LandmarkTopology.MediaPipe468
        ? [.. Enumerable.Range(0, 3 * Topology.Count).Select(i => ($"{"xyz"[i % 3]}_{i / 3}", i))]
        : [.. Enumerable.Range(0, 2 * Topology.Count).Select(i => ($"{"xy"[i / Topology.Count]}_{i % Topology.Count}", (2 * (i % Topology.Count)) + (i / Topology.Count)))];
}
