using System.Diagnostics;
using EmotionXai.Landmarks.Models;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>What is known once a frame has been looked at.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Seconds">The frame's time in the clip.</param>
/// <param name="IsSeen">Whether it shows a face.</param>
/// <param name="Probabilities">[emotion]; NaN where it cannot be told yet.</param>
/// <param name="Latency">Milliseconds from the frame in hand to the probabilities.</param>
public readonly record struct LiveFrame(int Number, double Seconds, bool IsSeen, IReadOnlyList<double> Probabilities, double Latency);

/// <summary>Runs extraction and classifiers frame by frame on a camera or a video, on a sliding window.</summary>
public sealed class LiveWatch(ModelStore store, EmotionJudge judge, double window)
{
    /// <summary>What finds the points.</summary>
    public static string Extractor => FaceExtractor.Name;

    /// <summary>Looks at every frame until the end or until it is stopped.</summary>
    /// <exception cref="IOException">The camera or a model cannot be used.</exception>
    /// <exception cref="InvalidDataException">The video is damaged.</exception>
    public IEnumerable<LiveFrame> Run(MediaClip clip, CancellationToken cancellation)
    {
        using FaceExtractor extractor = new(store, new ExtractionOptions().MostFaces);
        FaceTracker tracker = extractor.Track();
        using FrameQueue frames = new(ClipFrames.Open(clip));
        SlidingWindow seen = new(judge.Topology, window);
        Dictionary<int, double> weights = [];
        int main = -1, number = 0;
        long begin = Stopwatch.GetTimestamp();
        while (!cancellation.IsCancellationRequested && frames.Next(out double seconds) is Mat frame)
        {
            long start = Stopwatch.GetTimestamp();

            // A camera's frames come when they come.
            if (clip.Camera is not null) seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            IReadOnlyList<FaceSighting> faces = tracker.Next(frame);
            foreach (FaceSighting face in faces) weights[face.Track] = weights.GetValueOrDefault(face.Track) + face.Box.Side;
            int now = weights.Count == 0 ? -1 : weights.MaxBy(w => w.Value).Key;
            if (now != main) seen.Clear();
            main = now;
            FaceSighting? shown = faces.FirstOrDefault(f => f.Track == main);
            seen.Add(shown is null ? null : Points(shown.Mesh), shown?.Score ?? 0, seconds);
            double[] probabilities = judge.Judge(seen);
            yield return new LiveFrame(++number, seconds, shown is not null, probabilities, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private float[] Points(float[] mesh) => ExtractedClip.Pick(mesh, judge.Topology);
}
