using System.Globalization;
using EmotionXai.Landmarks.Reduction;
using Spectre.Console;

namespace EmotionXai.Cli;

/// <summary>Shows how far a reduction is: a bar and a line a fold on a terminal, a plain line a finished fold in a log.</summary>
internal sealed class ProgressDisplay : IDisposable
{
    private const int MostBar = 30, LeastBar = 10, RestOfLine = 55;

    private readonly TextWriter _log;
    private readonly Lock _lock = new();
    private readonly LiveRegion? _live;
    private ReductionProgress? _last;

    public ProgressDisplay(TextWriter log)
    {
        _log = log;
        _live = LiveRegion.Open(log, Lines);
    }

    /// <summary>Takes note of a step. May be called from any thread.</summary>
    public void Show(ReductionProgress progress)
    {
        lock (_lock)
        {
            _last = progress;
            if (_live is null && progress.Finished is WorkProgress finished) _log.WriteLine(Plain(progress, finished));
        }
    }

    public void Dispose() => _live?.Dispose();

    internal static string Plain(ReductionProgress progress, WorkProgress finished)
    {
        string what = finished.Fold is int fold ? $"{finished.Emotion} fold {fold + 1}" : $"{finished.Emotion} models";
        return $"{progress.Done}/{progress.Total} folds, {what}{Loss(finished)}, {Duration.Of(progress.Seconds)}, {Duration.Left(progress.SecondsLeft)}";
    }

    private static string Loss(WorkProgress work) => work.Loss is double loss ? string.Create(CultureInfo.InvariantCulture, $", loss {loss:0.0000}") : "";

    private IReadOnlyList<string> Lines(LiveStyle style)
    {
        ReductionProgress? last;
        lock (_lock) last = _last;
        if (last is null) return ["starting"];
        string bar = style.Bar(last.Part, Math.Clamp(style.Width - RestOfLine, LeastBar, MostBar));
        int emotion = last.Active.Select(w => w.Emotion.Length).DefaultIfEmpty(0).Max();
        return
        [
            $"{bar} {last.Part.ToString("0%", CultureInfo.InvariantCulture),4}  {last.Done} of {last.Total} folds, {Duration.Of(last.Seconds)}, {Duration.Left(last.SecondsLeft)}",
            .. last.Active.Select(w =>
                $"  {Markup.Escape(w.Emotion.PadRight(emotion))}  {(w.Fold is int fold ? $"fold {fold + 1}: " : "")}{Markup.Escape(w.Step)}{Loss(w)}"),
        ];
    }
}
