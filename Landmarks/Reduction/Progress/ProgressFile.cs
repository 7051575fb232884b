using System.Text.Json;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Keeps <c>unfinished/progress.json</c> up to date while a run goes on, for those who watch from outside: whole at every
/// moment, written anew every second even if nothing has changed, so that an old file tells of a run that was killed.
/// </summary>
public sealed class ProgressFile : IDisposable
{
    /// <summary>The name of the file.</summary>
    public const string Name = "progress.json";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly RunPlan _plan;
    private readonly ProgressBoard _board;
    private readonly Timer _timer;
    private bool _stopped;

    internal ProgressFile(string output, RunPlan plan, ProgressBoard board)
    {
        (_path, _plan, _board) = (PathIn(output), plan, board);
        _timer = new Timer(_ => Write(running: true), null, TimeSpan.Zero, s_pause);
    }

    /// <summary>The file of a run's folder.</summary>
    public static string PathIn(string output) => Path.Combine(output, "unfinished", Name);

    /// <summary>What the file of a run's folder says; null where there is none that can be read.</summary>
    public static RunStatus? Read(string output)
    {
        try
        {
            return JsonFile.Read(PathIn(output), ResultJson.Default.RunStatus, ResultCheck.Of, "it is written anew every second");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Writes no more. If the run has not come to its end, the file says that it was stopped.</summary>
    public void Dispose()
    {
        Write(running: false);
        Stop();
    }

    /// <summary>Writes no more, so that the folder can be cleared.</summary>
    internal void Stop()
    {
        lock (_lock) _stopped = true;
        _timer.Dispose();
    }

    private void Write(bool running)
    {
        lock (_lock)
        {
            if (_stopped) return;
            try
            {
                AtomicFile.WriteText(_path, JsonSerializer.Serialize(new RunStatus(running, _plan, _board.Now()), ResultJson.Default.RunStatus) + "\n");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nobody can watch a run on a full disk; that must not end it.
            }
        }
    }
}
