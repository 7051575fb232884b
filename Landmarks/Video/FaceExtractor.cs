using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>Extracts clips, one after the other, with a detector and a mesh of its own. Not for two threads at once.</summary>
internal sealed class FaceExtractor : IDisposable
{
    /// <summary>What points found here say of where they come from; the number goes up with every change that changes them.</summary>
    public static string Name { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"emotionxai face mesh {FaceCache.Version}");

    private readonly FaceDetector _detector;
    private readonly FaceMesh _mesh;
    private readonly int _mostFaces;

    /// <summary>Loads the models.</summary>
    /// <exception cref="IOException">A model is missing, or OpenCV's native library.</exception>
    /// <exception cref="InvalidDataException">A model is damaged.</exception>
    public FaceExtractor(ModelStore store, int mostFaces)
    {
        NativeVision.Require();
        string detector = store.Require(FaceModel.Detector), mesh = store.Require(FaceModel.Mesh);
        _detector = new FaceDetector(detector);
        _mesh = new FaceMesh(mesh);
        _mostFaces = mostFaces;
    }

    /// <summary>A tracker at the start of a clip.</summary>
    public FaceTracker Track() => new(_detector, _mesh, _mostFaces);

    /// <summary>All faces of a clip. A camera runs until it is stopped; any other clip that is stopped gives nothing.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="ahead">Whether frames are decoded on a thread of their own.</param>
    /// <param name="frame">Told after every frame.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InvalidDataException">The clip is damaged. One line.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public ClipFaces Extract(MediaClip clip, bool ahead, Action? frame, CancellationToken cancellation)
    {
        FaceTracker tracker = Track();
        return ClipFaces.Of(Seen());

        IEnumerable<(double, IReadOnlyList<FaceSighting>)> Seen()
        {
            ClipFrames source = ClipFrames.Open(clip);
            if (ahead && !clip.IsStill)
            {
                using FrameQueue queue = new(source);
                while (!Stopped() && queue.Next(out double seconds) is Mat next) yield return Look(next, seconds);
            }
            else
            {
                using (source)
                {
                    using Mat next = new();
                    while (!Stopped() && source.Read(next, out double seconds)) yield return Look(next, seconds);
                }
            }
        }

        (double, IReadOnlyList<FaceSighting>) Look(Mat next, double seconds)
        {
            IReadOnlyList<FaceSighting> seen = tracker.Next(next);
            frame?.Invoke();
            return (seconds, seen);
        }

        bool Stopped()
        {
            if (clip.Camera is null) cancellation.ThrowIfCancellationRequested();
            return cancellation.IsCancellationRequested;
        }
    }

    public void Dispose()
    {
        _detector.Dispose();
        _mesh.Dispose();
    }
}
