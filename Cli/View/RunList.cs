using System.Collections.Concurrent;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;

namespace EmotionXai.Cli.View;

/// <summary>What a run is at the moment.</summary>
internal enum RunState
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>It was stopped, or killed, before its end.</summary>
    Stopped,

    /// <summary>Its results are whole.</summary>
    Finished,

    /// <summary>Its results cannot be read.</summary>
    Damaged,

    /// <summary>An explanation of a model.</summary>
    Explained,
}

/// <summary>A run in the folder that is watched.</summary>
/// <param name="Path">Its folder below the root, slashes between; empty for the root itself.</param>
/// <param name="State">What it is.</param>
/// <param name="Changed">When it last changed.</param>
/// <param name="Status">Where it stands, while it is not finished and tells so.</param>
/// <param name="View">What it found, where its results are whole.</param>
/// <param name="Fault">Why they cannot be read.</param>
internal sealed record Run(string Path, RunState State, DateTime Changed, RunStatus? Status, RunView? View, string? Fault);

/// <summary>Finds the runs in a folder and reads what they say. Results are read once and again only when they have changed.</summary>
internal sealed class RunList(RunFiles files)
{
    /// <summary>A running reduction writes every second; one that has been silent for so long was killed.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private const int Depth = 4;

    private static readonly EnumerationOptions s_below = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = Depth,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden,
    };

    private readonly ConcurrentDictionary<string, (DateTime Time, long Length, RunView? View, string? Fault)> _read = new(StringComparer.Ordinal);

    /// <summary>All runs: those that go on first, then the newest.</summary>
    public IReadOnlyList<Run> All() =>
    [
        .. Directory.EnumerateDirectories(files.Root, "*", s_below).Prepend(files.Root).Select(Look).OfType<Run>()
            .OrderBy(r => r.State != RunState.Running).ThenByDescending(r => r.Changed).ThenBy(r => r.Path, StringComparer.Ordinal),
    ];

    /// <summary>The run in a folder; null where that is none.</summary>
    public Run? Find(string relative) => files.Find(relative) is string folder ? Look(folder) : null;

    private Run? Look(string folder)
    {
        string path = files.Relative(folder);
        string unfinished = Path.Combine(folder, "unfinished");
        FileInfo progress = new(ProgressFile.PathIn(folder)), results = new(Path.Combine(folder, ResultFiles.Reduction)), explanation = new(Path.Combine(folder, ResultFiles.Explanation));
        RunStatus? status = progress.Exists ? ProgressFile.Read(folder) : null;
        if (status is { Running: true } && DateTime.UtcNow - progress.LastWriteTimeUtc < Silence)
            return new Run(path, RunState.Running, progress.LastWriteTimeUtc, status, null, null);
        if (results.Exists)
        {
            (RunView? view, string? fault) = Read(folder, results);
            return new Run(path, fault is null ? RunState.Finished : RunState.Damaged, results.LastWriteTimeUtc, null, view, fault);
        }

        if (Directory.Exists(unfinished)) return new Run(path, RunState.Stopped, Directory.GetLastWriteTimeUtc(unfinished), status, null, null);
        return explanation.Exists ? new Run(path, RunState.Explained, explanation.LastWriteTimeUtc, null, null, null) : null;
    }

    private (RunView? View, string? Fault) Read(string folder, FileInfo results)
    {
        if (_read.TryGetValue(folder, out var known) && known.Time == results.LastWriteTimeUtc && known.Length == results.Length) return (known.View, known.Fault);
        RunView? view = null;
        string? fault = null;
        try
        {
            view = new RunView(ResultFiles.Read(folder));
            if (view.Emotions.Count == 0) (view, fault) = (null, $"{results.Name}: it holds no emotion; run reduce again.");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            fault = e.Message;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One run that cannot be shown must not hide the others, whatever is wrong with it.
            fault = $"{results.Name}: it cannot be shown ({e.GetType().Name}: {e.Message}); run reduce again.";
        }

        _read[folder] = (results.LastWriteTimeUtc, results.Length, view, fault);
        return (view, fault);
    }
}
