using System.Globalization;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Report;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>
/// The picture that prediction makes of a clip: the emotions' probabilities over time, each from the seconds before, and the
/// landmarks in the colours of their relevance for the emotion that is most probable at the moment.
/// </summary>
public sealed class PredictionOverlay(ModelStore store, ExtractionOptions options, EmotionJudge judge, double window)
{
    /// <summary>Moments of a clip whose relevance is averaged.</summary>
    private const int Moments = 24;

    private const double Least = 0.3, Mesh = 1.1, Sparse = 2.2;

    /// <summary>Refuses a path that cannot hold the pictures of some clips, before any work.</summary>
    /// <exception cref="ArgumentException">One file is given for several clips, or it would write over its source.</exception>
    public static void Check(IReadOnlyList<MediaClip> clips, string path) => _ = new OverlayTarget(path, clips);

    /// <summary>Draws clips into a file or folder.</summary>
    /// <returns>What went wrong or was left out, a line each.</returns>
    /// <exception cref="ArgumentException">One file is given for several clips, or it would write over its source.</exception>
    public IReadOnlyList<string> Write(IReadOnlyList<MediaClip> clips, string path, CancellationToken cancellation)
    {
        OverlayTarget target = new(path, clips);
        List<string> problems = [];
        using Extraction extraction = new(store, options);
        foreach (ClipOutcome outcome in extraction.Run(clips, cancellation))
        {
            string? reason = outcome.Fault;
            IReadOnlyList<ExtractedClip> faces = outcome.Faces is null ? [] : ExtractedClip.Choose(outcome.Clip, outcome.Faces, options, out reason);
            if (faces.Count > 0) Draw(outcome.Clip, faces[0], target.For(outcome.Clip), cancellation);
            else problems.Add(reason is null ? outcome.Clip.Name : $"{outcome.Clip.Name}: {reason}");
        }

        return problems;
    }

    private void Draw(MediaClip clip, ExtractedClip face, string file, CancellationToken cancellation)
    {
        double[][] probabilities = new double[face.Frames][];
        SlidingWindow sliding = new(options.Topology, window);
        for (int t = 0; t < face.Frames; t++)
        {
            sliding.Add(face.Points[t], face.Scores[t], face.Seconds[t]);
            probabilities[t] = judge.Judge(sliding);
        }

        double[][] relevance = judge.Relevance([.. Enumerable.Range(0, Math.Min(Moments, face.Frames)).Select(i => At(face, (int)((i + 0.5) * face.Frames / Math.Min(Moments, face.Frames))))]);
        PredictionPanel? panel = null;
        try
        {
            OverlayWriter.Write(clip, file, face.Frames, (frame, number, scale) =>
            {
                panel ??= new PredictionPanel(frame, judge.Emotions, probabilities);
                if (face.Points[number] is float[] points) DrawFace(frame, points, probabilities[number], relevance, scale);
                else FaceDrawing.Label(frame, "no face", 4, 4, FaceDrawing.TextSize(frame));
                panel.Below(frame, number);
            }, cancellation);
        }
        finally
        {
            panel?.Dispose();
        }
    }

    private void DrawFace(Mat frame, float[] seen, double[] probabilities, double[][] relevance, int scale)
    {
        int leading = -1, dimensions = seen.Length / options.Topology.Count;
        for (int e = 0; e < probabilities.Length; e++)
            if (!double.IsNaN(probabilities[e]) && (leading < 0 || probabilities[e] > probabilities[leading])) leading = e;
        float[] points = OverlayWriter.Scale(seen, dimensions, scale);
        double[] shares = leading < 0 ? new double[options.Topology.Count] : relevance[leading];
        double most = shares.Max(), unit = FaceDrawing.Thickness(frame) * (options.Topology.Count > 100 ? Mesh : Sparse) * FaceDrawing.SideOf(points, dimensions) / 200;

        // The most relevant last, so that nothing covers them.
        foreach (int p in Enumerable.Range(0, shares.Length).OrderBy(p => shares[p]))
        {
            double share = most > 0 ? shares[p] / most : 0;
            FaceDrawing.Point(frame, points, p, dimensions, (float)Math.Max(0.7, unit * (Least + (2 * Math.Sqrt(share)))), FaceDrawing.Hex(Viridis.At(share)));
        }

        string text = leading < 0 ? "not told yet" : string.Create(CultureInfo.InvariantCulture, $"{judge.Emotions[leading]} {probabilities[leading]:0.00}; its relevance by colour");
        FaceDrawing.Label(frame, text, 4, 4, FaceDrawing.TextSize(frame));
    }

    private SlidingWindow At(ExtractedClip face, int frame)
    {
        SlidingWindow sliding = new(options.Topology, window);
        for (int t = 0; t <= frame; t++)
            if (face.Seconds[t] >= face.Seconds[frame] - window) sliding.Add(face.Points[t], face.Scores[t], face.Seconds[t]);
        return sliding;
    }
}
