using OpenCvSharp;
using OpenCvSharp.Dnn;

namespace EmotionXai.Landmarks.Video;

/// <summary>A face that the detector found.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="RightEye">The centre of the subject's right eye, on the left in the picture.</param>
/// <param name="LeftEye">The centre of the subject's left eye.</param>
/// <param name="Score">From 0 to 1.</param>
internal readonly record struct FaceDetection(FaceBox Box, Point2f RightEye, Point2f LeftEye, float Score);

/// <summary>Finds faces in a frame with YuNet. Not for two threads at once.</summary>
internal sealed class FaceDetector(string model) : IDisposable
{
    // Faces of about 10 to 300 pixels are found, so larger frames are first shrunk, and looked at again larger where that shows nothing.
    private const int FirstLook = 1000, SecondLook = 2000;
    private const float MinScore = 0.6f, MaxOverlap = 0.3f;
    private const int TopK = 5000, Columns = 15, KeptSizes = 4;

    // OpenCV does not say that several threads may load networks at once.
    private static readonly Lock s_loading = new();

    // OpenCV's detector has its input size for life: one for each of the last sizes seen.
    private readonly Dictionary<Size, FaceDetectorYN> _bySize = [];
    private readonly Queue<Size> _sizes = [];

    /// <summary>The faces of a BGR frame, the largest first.</summary>
    public IReadOnlyList<FaceDetection> Detect(Mat frame)
    {
        List<FaceDetection> found = Look(frame, FirstLook);
        if (found.Count == 0 && Math.Max(frame.Width, frame.Height) > FirstLook) found = Look(frame, SecondLook);
        found.Sort((a, b) => b.Box.Side.CompareTo(a.Box.Side) is not 0 and int bySide ? bySide : a.Box.Left.CompareTo(b.Box.Left));
        return found;
    }

    public void Dispose()
    {
        foreach (FaceDetectorYN detector in _bySize.Values) detector.Dispose();
        _bySize.Clear();
    }

    private List<FaceDetection> Look(Mat frame, int longest)
    {
        float scale = Math.Min(1, (float)longest / Math.Max(frame.Width, frame.Height));
        using Mat? smaller = scale < 1 ? frame.Resize(new Size(Scaled(frame.Width), Scaled(frame.Height)), 0, 0, InterpolationFlags.Area) : null;
        Mat seen = smaller ?? frame;
        using Mat faces = new();
        Of(seen.Size()).Detect(seen, faces);
        (float x, float y) = ((float)frame.Width / seen.Width, (float)frame.Height / seen.Height);
        List<FaceDetection> found = [];
        int rows = faces.Rows;
        for (int i = 0; i < rows; i++)
        {
            float Cell(int column) => faces.At<float>(i, column);
            FaceBox box = new(Cell(0) * x, Cell(1) * y, Cell(2) * x, Cell(3) * y);
            if (!(box.Width > 1 && box.Height > 1)) continue;
            found.Add(new FaceDetection(box, new Point2f(Cell(4) * x, Cell(5) * y), new Point2f(Cell(6) * x, Cell(7) * y), Cell(Columns - 1)));
        }

        return found;

        int Scaled(int extent) => Math.Max(1, (int)MathF.Round(extent * scale));
    }

    private FaceDetectorYN Of(Size size)
    {
        if (_bySize.TryGetValue(size, out FaceDetectorYN? detector)) return detector;
        if (_sizes.Count == KeptSizes && _bySize.Remove(_sizes.Dequeue(), out FaceDetectorYN? oldest)) oldest.Dispose();
        lock (s_loading) detector = FaceDetectorYN.Create(model, "", size, MinScore, MaxOverlap, TopK, Backend.OPENCV, Target.CPU);
        _bySize.Add(size, detector);
        _sizes.Enqueue(size);
        return detector;
    }
}
