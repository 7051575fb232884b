using System.Diagnostics;
using System.Globalization;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli;

/// <summary>Shows how far an extraction is: one line that changes on a terminal; in a log, a line a clip that has something to say.</summary>
internal sealed class ExtractionDisplay(TextWriter log) : IDisposable
{
    private const string ClearLine = "\r\e[K";
    private readonly bool _live = (ReferenceEquals(log, Console.Error) && !Console.IsErrorRedirected) || (ReferenceEquals(log, Console.Out) && !Console.IsOutputRedirected);
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();

    /// <summary>Takes note. May be called from any thread.</summary>
    public void Show(ExtractionProgress progress)
    {
        lock (_lock)
        {
            if (progress.Line is string line) log.WriteLine($"{(_live ? ClearLine : "")}{(progress.IsFault ? "failed: " : "")}{PlainText.Show(line)}");
            if (!_live) return;
            double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            log.Write(string.Create(CultureInfo.InvariantCulture, $"{ClearLine}{progress.Done} of {progress.Clips} clips, {progress.Frames} frames, {progress.Frames / seconds:0} frames/s"));
        }
    }

    public void Dispose()
    {
        if (_live) log.Write(ClearLine);
    }
}
