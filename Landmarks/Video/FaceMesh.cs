using OpenCvSharp;
using OpenCvSharp.Dnn;

namespace EmotionXai.Landmarks.Video;

/// <summary>Places 468 points on the face of a crop with MediaPipe's mesh. Not for two threads at once.</summary>
internal sealed class FaceMesh : IDisposable
{
    /// <summary>Numbers a mesh: 468 points of x, y, z.</summary>
    public const int Length = 468 * 3;

    // The paper's face size, then the network's.
    private const int PaperSize = 300, InputSize = 192;

    private readonly Net _net;
    private readonly string[] _outputs;
    private readonly Mat _paper = new(), _input = new();
    private readonly Mat[] _results;

    public FaceMesh(string model)
    {
        _net = CvDnn.ReadNet(model) ?? throw new InvalidDataException($"{model}: OpenCV cannot read this network. Run 'emotionxai models verify'.");
        _outputs = [.. _net.GetUnconnectedOutLayersNames().Select(n => n!)];
        _results = [.. _outputs.Select(_ => new Mat())];
    }

    /// <summary>Reads the points of a crop.</summary>
    /// <param name="frame">BGR.</param>
    /// <param name="crop">Where the face is.</param>
    /// <param name="mesh">Receives [point, (x, y, z)] in pixels of the frame.</param>
    /// <param name="direct">Sampled straight to the network's size instead of the paper's 300 x 300 first: how the faces468 data were made.</param>
    /// <returns>The logit that this is a face.</returns>
    public float Place(Mat frame, FaceCrop crop, Span<float> mesh, bool direct = false)
    {
        if (direct)
        {
            crop.Cut(frame, _input, InputSize, sampled: true);
        }
        else
        {
            crop.Cut(frame, _paper, PaperSize, sampled: false);
            Cv2.Resize(_paper, _input, new Size(InputSize, InputSize), 0, 0, InterpolationFlags.Area);
        }

        using Mat blob = CvDnn.BlobFromImage(_input, 1 / 255.0, new Size(InputSize, InputSize), default, swapRB: true, crop: false);
        _net.SetInput(blob);
        _net.Forward(_results, _outputs);
        float logit = float.NaN;

        // The order of the outputs is not fixed, their sizes are.
        foreach (Mat result in _results)
        {
            if (result.Total() == 1) logit = result.Get<float>(0);
            else result.AsSpan<float>()[..Length].CopyTo(mesh);
        }

        if (direct)
        {
            crop.ToFrame(mesh, InputSize);
            return logit;
        }

        // Resizing keeps edges in place, so an index moves by the half pixels between an edge and the first centre.
        const float Ratio = (float)PaperSize / InputSize;
        for (int i = 0; i < mesh.Length; i += 3)
        {
            mesh[i] = ((mesh[i] + 0.5f) * Ratio) - 0.5f;
            mesh[i + 1] = ((mesh[i + 1] + 0.5f) * Ratio) - 0.5f;
            mesh[i + 2] *= Ratio;
        }

        crop.ToFrame(mesh, PaperSize);
        return logit;
    }

    public void Dispose()
    {
        foreach (Mat result in _results) result.Dispose();
        _paper.Dispose();
        _input.Dispose();
        _net.Dispose();
    }
}
