using System.Diagnostics;
using System.Globalization;

namespace EmotionXai.Cli;

/// <summary>Shows how far the training of one model is: a bar on a terminal, ten plain lines in a log.</summary>
internal sealed class TrainingDisplay : IDisposable
{
    private const int Bar = 30, LinesInLog = 10;

    private readonly TextWriter _log;
    private readonly int _epochs;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly LiveRegion? _live;
    private string _line = "reading";
    private double _part;

    public TrainingDisplay(TextWriter log, int epochs)
    {
        (_log, _epochs) = (log, epochs);
        _live = LiveRegion.Open(log, style =>
        {
            lock (_lock) return [$"{style.Bar(_part, Bar)} {_line}"];
        });
    }

    /// <summary>Takes note of an epoch, from 1.</summary>
    public void Show(int epoch, double loss)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        lock (_lock)
        {
            _part = (double)epoch / _epochs;
            _line = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch} of {_epochs}, loss {loss:0.0000}, {Duration.Left(seconds * (_epochs - epoch) / epoch)}");
            bool due = epoch * LinesInLog / _epochs > (epoch - 1) * LinesInLog / _epochs;
            if (_live is null && due) _log.WriteLine(_line);
        }
    }

    public void Dispose() => _live?.Dispose();
}
