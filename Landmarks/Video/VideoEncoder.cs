using System.Diagnostics;

namespace EmotionXai.Landmarks.Video;

/// <summary>
/// FFmpeg's program, where the machine has it: what OpenCV has written (MPEG-4 part 2, the only codec that its own build writes
/// everywhere) becomes H.264 with the sound of the clip.
/// </summary>
public static class VideoEncoder
{
    private const string Program = "ffmpeg";

    /// <summary>What to say where the program is missing.</summary>
    public const string Remedy = "the video is MPEG-4 part 2 without sound, which browsers do not play; for H.264 with sound install ffmpeg (on Debian or Ubuntu: apt-get install ffmpeg, as root), and run this again";

    private static readonly Lazy<bool> s_isThere = new(() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Program))));

    /// <summary>Whether the machine has the program.</summary>
    public static bool IsThere => s_isThere.Value;

    /// <summary>Makes a video one that browsers play, with the sound of the clip it was drawn from; leaves it as it is without the program.</summary>
    /// <exception cref="IOException">The program failed; one line with what it said last.</exception>
    internal static void ForBrowsers(string file, MediaClip clip, CancellationToken cancellation)
    {
        if (!IsThere) return;
        string encoded = Path.ChangeExtension(file, ".h264.mp4");
        try
        {
            string[] video = ["-map", "0:v", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-map_metadata", "-1"];
            string[] sound = clip.Files.Count == 1 ? ["-i", clip.Files[0]] : [];

            // Sound is copied where the container takes it as it is, else encoded anew; a clip without any has none.
            string? fault = Run(["-i", file, .. sound, .. video, .. sound.Length > 0 ? ["-map", "1:a?", "-c:a", "copy", "-shortest"] : Array.Empty<string>(), encoded], cancellation);
            if (fault is not null && sound.Length > 0) fault = Run(["-i", file, .. sound, .. video, "-map", "1:a?", "-c:a", "aac", "-shortest", encoded], cancellation);
            if (fault is not null) throw new IOException($"{file}: ffmpeg cannot encode it ({fault}). Check that the disk is not full.");
            File.Move(encoded, file, overwrite: true);
        }
        finally
        {
            File.Delete(encoded);
        }
    }

    private static string? Run(string[] args, CancellationToken cancellation)
    {
        using Process process = Process.Start(new ProcessStartInfo(Program, ["-nostdin", "-y", "-loglevel", "error", .. args]) { RedirectStandardError = true })!;
        using CancellationTokenRegistration stop = cancellation.Register(() => process.Kill());
        string said = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? null : said.Split('\n')[^1];
    }
}
