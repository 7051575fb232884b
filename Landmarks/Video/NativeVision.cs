using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>OpenCV's native library: loaded once, quiet, and with no threads of its own.</summary>
internal static partial class NativeVision
{
    /// <summary>Pixels of a frame that are read at most: 8192 by 8192, 200 MB.</summary>
    public const int MostPixels = 1 << 26;

    private static readonly Lazy<string?> s_failure = new(Load);

    /// <summary>Loads the library, or says what the machine lacks.</summary>
    /// <exception cref="IOException">It cannot be loaded; the message names the missing library and the package that has it.</exception>
    public static void Require()
    {
        if (s_failure.Value is string failure) throw new IOException(failure);
    }

    // Parallelism is over files and stages, so OpenCV's own threads would only fight it; one thread also fixes the order of sums.
    private static string? Load()
    {
        try
        {
            Quiet();
            Cv2.SetNumThreads(1);
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or OpenCvSharpException or BadImageFormatException)
        {
            return Remedy(e.ToString());
        }
    }

    /// <summary>One line from what the loader said.</summary>
    internal static string Remedy(string loader)
    {
        Match missing = MissingLibrary().Match(loader);
        return missing.Success
            ? $"OpenCV's native library needs {missing.Groups[1].Value}, which this machine lacks. On Debian or Ubuntu: apt-get install libgtk-3-0 libdrm2 libatomic1 (as root), then run this again."
            : $"OpenCV's native library cannot be loaded on this machine ({RuntimeInformation.RuntimeIdentifier}); video needs linux-x64. On Debian or Ubuntu: apt-get install libgtk-3-0 libdrm2 libatomic1 (as root).";
    }

    // FFmpeg and OpenCV would write about every damaged file to the error stream; the program says it itself, in one line.
    // .NET's own copy of the environment is not what native code reads.
    private static void Quiet()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        _ = SetEnvironment("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
        _ = SetEnvironment("OPENCV_LOG_LEVEL", "SILENT", 0);

        // Decoders read a picture's size first, and refuse what is larger before they take memory for it.
        _ = SetEnvironment("OPENCV_IO_MAX_IMAGE_PIXELS", MostPixels.ToString(System.Globalization.CultureInfo.InvariantCulture), 1);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    [GeneratedRegex(@"(lib(?!OpenCvSharp)[\w.+-]+\.so[.\d]*): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
