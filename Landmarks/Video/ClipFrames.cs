using EmotionXai.Engine.Serialization;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>The frames of a clip, one after the other.</summary>
internal abstract class ClipFrames : IDisposable
{
    /// <summary>Frames smaller than this show no face that anybody could tell.</summary>
    private const int Smallest = 16;

    /// <summary>Frames a second where the clip does not say.</summary>
    public const double UsualRate = 25;

    /// <summary>Frames a second.</summary>
    public virtual double Rate => UsualRate;

    /// <summary>Opens a clip.</summary>
    /// <exception cref="InvalidDataException">It is no video or picture, or damaged. One line that names the file.</exception>
    /// <exception cref="IOException">It cannot be read, or there is no such camera.</exception>
    public static ClipFrames Open(MediaClip clip)
    {
        NativeVision.Require();
        if (clip.Camera is int number) return new VideoSource(number);
        return clip.Files.Count == 1 && !MediaKind.IsPicture(clip.Files[0]) ? new VideoSource(clip.Files[0]) : new PictureSource(clip.Files);
    }

    /// <summary>Reads the next frame, BGR; false at the end.</summary>
    /// <param name="frame">Receives the frame.</param>
    /// <param name="seconds">Its time from the clip's start.</param>
    public abstract bool Read(Mat frame, out double seconds);

    public abstract void Dispose();

    /// <summary>Refuses frames that take too much memory, by what a file says before it is decoded.</summary>
    protected static void CheckPixels(string name, double width, double height)
    {
        if (width * height > NativeVision.MostPixels) throw TooLarge(name);
    }

    /// <summary>The error of a frame that takes too much memory.</summary>
    protected static InvalidDataException TooLarge(string name) =>
        new($"{name}: it has more than {NativeVision.MostPixels / 1_000_000} million pixels, which a face does not need. Give it smaller.");

    /// <summary>Refuses frames that are too small.</summary>
    protected static void CheckSize(string name, Mat frame)
    {
        if (frame.Width < Smallest || frame.Height < Smallest)
            throw new InvalidDataException($"{name}: {frame.Width} x {frame.Height} pixels show no face. Take it out, or give a larger one.");
    }
}

/// <summary>A video file, or a camera.</summary>
internal sealed class VideoSource : ClipFrames
{
    // A container may promise a frame or two that its codec never gives out.
    private const int Spare = 2;
    private const double SpareShare = 0.02;
    private readonly VideoCapture _capture;
    private readonly string _name;
    private readonly double _promised;
    private int _read;

    public VideoSource(string file)
    {
        _name = file;
        InputFile.Require(file);
        if (new FileInfo(file).Length == 0) throw new InvalidDataException($"{file}: the file is empty. Copy or record it again.");
        _capture = new VideoCapture(file, VideoCaptureAPIs.FFMPEG);
        if (!_capture.IsOpened())
        {
            _capture.Dispose();
            throw new InvalidDataException($"{file}: this is no video that FFmpeg can open: it is damaged, cut off or of another kind. Copy or record it again.");
        }

        try
        {
            CheckPixels(file, _capture.FrameWidth, _capture.FrameHeight);
        }
        catch
        {
            _capture.Dispose();
            throw;
        }

        _promised = _capture.Get(VideoCaptureProperties.FrameCount);
        Rate = _capture.Fps is > 0 and < 1000 and double rate ? rate : UsualRate;
    }

    public VideoSource(int camera)
    {
        _name = $"camera {camera}";
        _capture = new VideoCapture(camera, VideoCaptureAPIs.ANY);
        if (!_capture.IsOpened())
        {
            _capture.Dispose();
            throw new IOException($"camera {camera}: it cannot be opened. Check that /dev/video{camera} is there, that no other program uses it and that this user may read it.");
        }

        Rate = _capture.Fps is > 0 and < 1000 and double rate ? rate : UsualRate;
    }

    public override double Rate { get; }

    public override bool Read(Mat frame, out double seconds)
    {
        seconds = _read / Rate;
        if (!_capture.Read(frame) || frame.Empty())
        {
            if (_read == 0) throw new InvalidDataException($"{_name}: no frame can be decoded. It is damaged, or holds no picture: copy or record it again.");
            if (_promised - _read > Spare + (SpareShare * _promised))
                throw new InvalidDataException($"{_name}: the video ends after {_read} of {_promised:0} frames: it is damaged or cut off. Copy or record it again.");
            return false;
        }

        if (_read++ == 0) CheckSize(_name, frame);
        return true;
    }

    public override void Dispose() => _capture.Dispose();
}

/// <summary>Pictures, each a frame.</summary>
internal sealed class PictureSource(IReadOnlyList<string> files) : ClipFrames
{
    private const int LongestTail = 1 << 16;
    private int _next;

    public override bool Read(Mat frame, out double seconds)
    {
        seconds = _next / Rate;
        if (_next == files.Count) return false;
        string file = files[_next++];
        InputFile.Require(file);
        if (new FileInfo(file).Length == 0) throw new InvalidDataException($"{file}: the file is empty. Copy it again.");
        if (IsCutOff(file)) throw new InvalidDataException($"{file}: the picture is cut off. Copy it again.");
        using Mat read = Decode(file);
        if (read.Empty()) throw new InvalidDataException($"{file}: this is no picture that can be read: it is damaged or of another kind. Copy it again.");
        CheckSize(file, read);
        read.CopyTo(frame);
        return true;
    }

    public override void Dispose()
    {
        // Nothing is held between pictures.
    }

    // Decoders fill what is missing of a JPEG with grey. Its end mark, and a PNG's, stands at the end of the file or a little before.
    private static bool IsCutOff(string file)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] head = new byte[4], tail = new byte[Math.Min(stream.Length, LongestTail)];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return false;
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        ReadOnlySpan<byte> end = head switch
        {
            [0xFF, 0xD8, ..] => [0xFF, 0xD9],
            [0x89, (byte)'P', (byte)'N', (byte)'G'] => "IEND"u8,
            _ => [],
        };
        return tail.AsSpan().IndexOf(end) < 0;
    }

    private static Mat Decode(string file)
    {
        try
        {
            return Cv2.ImRead(file, ImreadModes.Color);
        }
        catch (OpenCVException e) when (e.ErrMsg.Contains("MAX_IMAGE", StringComparison.Ordinal))
        {
            throw TooLarge(file);
        }
        catch (OpenCVException e)
        {
            throw new InvalidDataException($"{file}: the picture cannot be decoded ({e.ErrMsg}). Give it smaller, or copy it again.");
        }
    }
}
