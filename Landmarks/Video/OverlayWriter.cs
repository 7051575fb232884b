using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>Goes through a clip again and writes what is drawn into its frames: a video (H.264 with the clip's sound, which browsers play, where the machine has FFmpeg's program; else MPEG-4 part 2), or a picture.</summary>
internal static class OverlayWriter
{
    /// <summary>Small pictures are enlarged by a whole number until both sides have so many pixels: else lines would cover the face.</summary>
    private const int LeastSide = 400;

    /// <summary>Draws into one frame.</summary>
    /// <param name="frame">The frame, enlarged by the scale.</param>
    /// <param name="number">Its number from 0.</param>
    /// <param name="scale">1 or more.</param>
    public delegate void Draw(Mat frame, int number, int scale);

    /// <summary>Points of the frame in the enlarged frame: [point, coordinate].</summary>
    public static float[] Scale(float[] points, int dimensions, int scale)
    {
        if (scale == 1) return points;
        float[] larger = [.. points.Select(p => p * scale)];

        // An index names a pixel's centre, and enlarging keeps edges in place.
        for (int i = 0; i < larger.Length; i++)
            if (i % dimensions < 2) larger[i] += (scale - 1) / 2f;
        return larger;
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(MediaClip clip, string file, int frames, Draw draw, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        string temporary = Path.ChangeExtension(file, ".tmp" + Path.GetExtension(file));
        try
        {
            using ClipFrames source = ClipFrames.Open(clip);
            if (clip.IsStill) WritePicture(source, temporary, draw);
            else WriteVideo(source, temporary, frames, draw, cancellation);
            if (!clip.IsStill) VideoEncoder.ForBrowsers(temporary, clip, cancellation);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void WritePicture(ClipFrames source, string file, Draw draw)
    {
        using Mat frame = new(), larger = new();
        if (!source.Read(frame, out _)) return;
        int scale = ScaleOf(frame);
        Cv2.Resize(frame, larger, new Size(frame.Width * scale, frame.Height * scale), 0, 0, InterpolationFlags.Cubic);
        draw(larger, 0, scale);
        if (!Cv2.ImWrite(file, larger)) throw Unwritable(file);
    }

    private static void WriteVideo(ClipFrames source, string file, int frames, Draw draw, CancellationToken cancellation)
    {
        using Mat frame = new(), larger = new(), even = new();
        using VideoWriter writer = new();
        for (int number = 0; number < frames && source.Read(frame, out _); number++)
        {
            cancellation.ThrowIfCancellationRequested();
            int scale = ScaleOf(frame);
            Cv2.Resize(frame, larger, new Size(frame.Width * scale, frame.Height * scale), 0, 0, InterpolationFlags.Cubic);
            draw(larger, number, scale);

            // The codec halves the colours, so it wants even sides.
            Cv2.CopyMakeBorder(larger, even, 0, larger.Height % 2, 0, larger.Width % 2, BorderTypes.Replicate);
            if (number == 0 && !writer.Open(file, VideoCaptureAPIs.FFMPEG, FourCC.FromString("mp4v"), source.Rate, even.Size())) throw Unwritable(file);
            writer.Write(even);
        }
    }

    private static int ScaleOf(Mat frame) => (LeastSide + Math.Min(frame.Width, frame.Height) - 1) / Math.Min(frame.Width, frame.Height);

    private static IOException Unwritable(string file) => new($"{file}: the overlay cannot be written. Check that the folder can be written and the disk is not full.");
}
