using Spectre.Console;

namespace EmotionXai.Cli;

/// <summary>A few lines at the bottom of a terminal that are drawn anew while work goes on, and gone when it is done.</summary>
internal sealed class LiveRegion : IDisposable
{
    private const int Redraw = 150;

    private readonly TaskCompletionSource _end = new();
    private readonly Task _drawing;

    private LiveRegion(IAnsiConsole console, Func<LiveStyle, IReadOnlyList<string>> lines)
    {
        LiveStyle style = new(console.Profile.Capabilities.Unicode, console.Profile.Width);
        _drawing = Task.Run(() => console.Live(new Text("")).AutoClear(true).StartAsync(async context =>
        {
            while (!_end.Task.IsCompleted)
            {
                context.UpdateTarget(new Rows(lines(style with { Width = console.Profile.Width }).Select(line => new Markup(line) { Overflow = Overflow.Ellipsis })));
                await Task.WhenAny(_end.Task, Task.Delay(Redraw)).ConfigureAwait(false);
            }
        }));
    }

    /// <summary>Begins to draw, if a writer is a terminal on which that can be done.</summary>
    /// <param name="log">The writer.</param>
    /// <param name="lines">The lines as they are now, in Spectre's markup. Called from another thread.</param>
    public static LiveRegion? Open(TextWriter log, Func<LiveStyle, IReadOnlyList<string>> lines)
    {
        if (!ReferenceEquals(log, Console.Error) || Console.IsErrorRedirected) return null;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Profile.Capabilities is { Interactive: true, Ansi: true } ? new LiveRegion(console, lines) : null;
    }

    public void Dispose()
    {
        _end.TrySetResult();
        _drawing.Wait();
    }
}

/// <summary>What a terminal can show.</summary>
/// <param name="Unicode">Whether it has more than ASCII.</param>
/// <param name="Width">Columns.</param>
internal sealed record LiveStyle(bool Unicode, int Width)
{
    /// <summary>A bar in markup.</summary>
    public string Bar(double part, int width)
    {
        int full = (int)Math.Round(Math.Clamp(part, 0, 1) * width);
        return $"[green]{new string(Unicode ? '━' : '#', full)}[/][grey]{new string(Unicode ? '─' : '-', width - full)}[/]";
    }
}

/// <summary>Times as people read them.</summary>
internal static class Duration
{
    private const int Minute = 60, Hour = 3600;

    public static string Of(double seconds)
    {
        long whole = (long)Math.Round(seconds);
        return whole < Minute ? $"{whole} s" : whole < Hour ? $"{whole / Minute}:{whole % Minute:00} min" : $"{whole / Hour}:{whole % Hour / Minute:00} h";
    }

    /// <summary>The time left, as far as it is known.</summary>
    public static string Left(double? seconds) => seconds is double left ? $"about {Of(left)} left" : "time left not yet known";
}
