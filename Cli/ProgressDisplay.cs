using System.Diagnostics;
using EmotionXai.Landmarks.Reduction;
using Spectre.Console;

namespace EmotionXai.Cli;

/// <summary>Shows how far a reduction is: a live bar on a terminal, a plain line a finished fold in a log.</summary>
internal sealed class ProgressDisplay : IDisposable
{
    private readonly TextWriter _log;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _end = new();
    private readonly Task? _live;
    private ReductionProgress? _last;

    public ProgressDisplay(TextWriter log)
    {
        _log = log;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (!ReferenceEquals(log, Console.Error) || Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive) return;
        _live = Task.Run(() => console.Progress()
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(RunBar));
    }

    /// <summary>Takes note of a step. May be called from any thread.</summary>
    public void Show(ReductionProgress progress)
    {
        lock (_lock) _last = progress;
        if (_live is not null || progress.Step != "done") return;
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        double left = seconds / progress.Done * (progress.Total - progress.Done);
        lock (_lock) _log.WriteLine($"{progress.Done}/{progress.Total} folds, {progress.Emotion} fold {progress.Fold}, {seconds:0} s, about {left:0} s left");
    }

    public void Dispose()
    {
        _end.TrySetResult();
        _live?.Wait();
    }

    private async Task RunBar(ProgressContext context)
    {
        ProgressTask bar = context.AddTask("starting");
        while (!_end.Task.IsCompleted)
        {
            ReductionProgress? last;
            lock (_lock) last = _last;
            if (last is not null)
            {
                bar.MaxValue = last.Total;
                bar.Value = last.Done;
                bar.Description = Markup.Escape($"{last.Emotion}, fold {last.Fold}: {last.Step}");
            }

            await Task.WhenAny(_end.Task, Task.Delay(200)).ConfigureAwait(false);
        }

        bar.StopTask();
    }
}
