using System.Globalization;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Report;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>
/// The picture that prediction makes of a clip: the emotions' probabilities over time, each from the seconds before, and the
/// landmarks in the colours of what they add at that moment, with its sign, to the emotion that is then the most probable.
/// </summary>
public sealed class PredictionOverlay(ModelStore store, ExtractionOptions options, EmotionJudge judge, double window)
{
    /// <summary>Moments of a clip that are explained; between them the colours stay.</summary>
    private const int MostMoments = 240;

    // The end of the colours: all but the largest of these parts lie within, so that one odd moment does not pale the others.
    private const double Within = 0.995;

    private const double Least = 0.3, Mesh = 1.1, Sparse = 2.2;

    /// <summary>Refuses a path that cannot hold the pictures of some clips, before any work.</summary>
    /// <exception cref="ArgumentException">One file is given for several clips, or it would write over its source.</exception>
    /// <returns>The files that they would go to.</returns>
    public static IReadOnlyList<string> Check(IReadOnlyList<MediaClip> clips, string path)
    {
        OverlayTarget target = new(path, clips);
        return [.. clips.Select(target.For)];
    }

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

    internal void Draw(MediaClip clip, ExtractedClip face, string file, CancellationToken cancellation)
    {
        double[][] probabilities = new double[face.Frames][];
        (int Emotion, double[] Added)?[] moments = new (int, double[])?[face.Frames];
        int stride = (face.Frames + MostMoments - 1) / MostMoments;
        SlidingWindow sliding = new(options.Topology, window);
        for (int t = 0; t < face.Frames; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            sliding.Add(face.Points[t], face.Scores[t], face.Seconds[t]);
            probabilities[t] = judge.Judge(sliding);
            int leading = Leading(probabilities[t]);
            if (leading < 0) continue;
            moments[t] = t % stride > 0 && t > 0 && moments[t - 1] is { } before && before.Emotion == leading
                ? before
                : EmotionJudge.Contributions(judge.Models[leading], sliding) is double[] added ? (leading, added) : null;
        }

        double scale = Scale(moments.Select(m => m?.Added).OfType<double[]>());
        PredictionPanel? panel = null;
        try
        {
            OverlayWriter.Write(clip, file, face.Frames, (frame, number, enlarged) =>
            {
                panel ??= new PredictionPanel(frame, judge.Emotions, probabilities);
                if (face.Points[number] is float[] points) DrawFace(frame, points, probabilities[number], moments[number], scale, enlarged);
                else FaceDrawing.Label(frame, "no face", 4, 4, FaceDrawing.TextSize(frame));
                panel.Below(frame, number);
            }, cancellation);
        }
        finally
        {
            panel?.Dispose();
        }
    }

    private void DrawFace(Mat frame, float[] seen, double[] probabilities, (int Emotion, double[] Added)? moment, double scale, int enlarged)
    {
        int dimensions = seen.Length / options.Topology.Count;
        float[] points = OverlayWriter.Scale(seen, dimensions, enlarged);
        double[] parts = [.. (moment?.Added ?? new double[options.Topology.Count]).Select(a => Math.Clamp(a / scale, -1, 1))];
        double unit = FaceDrawing.Thickness(frame) * (options.Topology.Count > 100 ? Mesh : Sparse) * FaceDrawing.SideOf(points, dimensions) / 200;

        // What adds most last, so that nothing covers it.
        foreach (int p in Enumerable.Range(0, parts.Length).OrderBy(p => Math.Abs(parts[p])))
            FaceDrawing.Point(frame, points, p, dimensions, (float)Math.Max(0.7, unit * (Least + (2 * Math.Sqrt(Math.Abs(parts[p]))))), FaceDrawing.Hex(Diverging.At(parts[p])));
        string text = moment is null ? "not told yet" : string.Create(CultureInfo.InvariantCulture, $"{judge.Emotions[moment.Value.Emotion]} {probabilities[moment.Value.Emotion]:0.00}");
        FaceDrawing.Label(frame, text, 4, 4, FaceDrawing.TextSize(frame));
        if (moment is { } told) FaceDrawing.ColourBar(frame, Diverging.At, string.Create(CultureInfo.InvariantCulture, $"against {judge.Emotions[told.Emotion]} -{scale:0.00}"), string.Create(CultureInfo.InvariantCulture, $"for it +{scale:0.00} log-odds"));
    }

    private static int Leading(double[] probabilities)
    {
        int leading = -1;
        for (int e = 0; e < probabilities.Length; e++)
            if (!double.IsNaN(probabilities[e]) && (leading < 0 || probabilities[e] > probabilities[leading])) leading = e;
        return leading;
    }

    // One scale for the whole clip, so that colours of two moments compare.
    private static double Scale(IEnumerable<double[]> moments)
    {
        double[] sizes = [.. moments.Distinct().SelectMany(m => m).Select(Math.Abs).Where(a => a > 0).Order()];
        return sizes.Length == 0 ? 1 : sizes[(int)(Within * (sizes.Length - 1))];
    }
}
