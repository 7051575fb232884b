using System.Globalization;

namespace EmotionXai.Landmarks.Runs;

/// <summary>
/// The output folder of one run, and of no other: locked while the run goes on, taken up again by an equal run that finds it
/// unfinished, and never replaced once it is finished, unless that is asked for.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>The file that says which run a folder belongs to.</summary>
    public const string RecordName = "run.json";

    /// <summary>The folder of what an unfinished run keeps.</summary>
    public const string UnfinishedName = "unfinished";

    /// <summary>The folder in which a shard leaves its folds.</summary>
    public const string FoldsName = "folds";

    private const string LockName = ".lock", ModelExtension = ".safetensors";

    // What runs write, for which a folder without a record counts as another run's, and which --force takes away.
    private static readonly string[] s_files =
    [
        "results.json", "explanation.json", "predictions.csv", "ranking.csv", "stages.csv", "folds.csv", "frames.csv", "moments.csv", "attributions.parquet",
        "report.html", "landmarks.csv", "truth.csv", "benchmark.html", "benchmark.csv", "benchmark.json",
    ];

    private static readonly string[] s_folders = ["models", UnfinishedName, FoldsName];

    private readonly FileStream _lock;
    private readonly RunRecord _record;
    private readonly bool _made;
    private bool _finished;

    private RunFolder(string path, FileStream held, RunRecord record, bool made, bool goesOn, bool finished) =>
        (Path, _lock, _record, _made, GoesOn, _finished) = (path, held, record, made, goesOn, finished);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether an unfinished equal run lay there, which is to be taken up.</summary>
    public bool GoesOn { get; }

    /// <summary>Whether the equal run that lies there is finished: there is nothing to do.</summary>
    public bool IsFinished => _finished;

    /// <summary>Takes a folder for a run.</summary>
    /// <param name="path">The folder; made where it is missing.</param>
    /// <param name="record">The run.</param>
    /// <param name="force">Whether whatever run lies there is replaced.</param>
    /// <param name="adds">The one file that the run will write, where a folder may gather those of several runs of its verb.</param>
    /// <exception cref="IOException">Another process runs there, or another run lies there; one line with the remedy.</exception>
    public static RunFolder Claim(string path, RunRecord record, bool force = false, string? adds = null)
    {
        if (File.Exists(path)) throw new IOException($"{path}: this is a file; give a folder as --out.");
        bool made = !Directory.Exists(path);
        Directory.CreateDirectory(path);
        FileStream held = Lock(path);
        try
        {
            RunRecord? there = RunRecord.Read(path);
            bool whole = IsWhole(path, there), equal = record.IsEqual(there);
            bool goesOn = false, gathers = adds is not null && there?.Verb == record.Verb;
            if (gathers && (force || !File.Exists(System.IO.Path.Combine(path, adds!)))) whole = false;
            else if (force) Clear(path);
            else if (whole && !equal) throw new IOException($"{path}: results of {there?.Verb ?? "another run"} lie there{When(there)}; give another --out, or replace it with --force.");
            else if (!whole)
            {
                // Only folds are worth keeping of a run that was stopped.
                goesOn = equal && Directory.Exists(System.IO.Path.Combine(path, UnfinishedName));
                if (!goesOn && Directory.Exists(System.IO.Path.Combine(path, UnfinishedName)))
                    throw new IOException($"{path}: another run lies there unfinished ({(there is null ? "of an earlier version" : record.Difference(there))}); give another --out, go on with it by its own command, or replace it with --force.");
            }

            if (!whole || force) record.Write(path);
            return new RunFolder(path, held, record, made, goesOn, whole && !force);
        }
        catch
        {
            held.Dispose();
            if (made) Remove(path);
            throw;
        }
    }

    /// <summary>The run has come to its end: from now on only force replaces it.</summary>
    public void Finish()
    {
        (_record with { Finished = DateTimeOffset.Now }).Write(Path);
        _finished = true;
    }

    /// <summary>Gives the folder free. Where the run failed before it wrote anything, nothing is left of it.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (_made && !_finished) Remove(Path);
    }

    // results.json comes last of a reduction; what other verbs have written is not to be mixed with what comes.
    private static bool IsWhole(string path, RunRecord? there)
    {
        if (there?.Finished is not null || File.Exists(System.IO.Path.Combine(path, s_files[0]))) return true;
        if (Directory.Exists(System.IO.Path.Combine(path, UnfinishedName))) return false;
        return s_files.Any(f => File.Exists(System.IO.Path.Combine(path, f))) || s_folders.Any(f => Directory.Exists(System.IO.Path.Combine(path, f))) || Directory.EnumerateFiles(path, "*" + ModelExtension).Any();
    }

    // Who is refused has held the lock for a moment, to look: only who holds it for longer is at work.
    private static FileStream Lock(string path, int tries = 40)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            if (tries > 1)
            {
                Thread.Sleep(25);
                return Lock(path, tries - 1);
            }

            RunRecord? holder = RunRecord.Read(path);
            string who = holder is null ? "another process" : string.Create(CultureInfo.InvariantCulture, $"process {holder.Process} on {holder.Machine} ({holder.Verb}, since {holder.Started:yyyy-MM-dd HH:mm:ss})");
            throw new IOException($"{path}: {who} is at work there; wait for it to end, or give another --out.", e);
        }
    }

    private static string When(RunRecord? record) => record?.Finished is { } time ? string.Create(CultureInfo.InvariantCulture, $" (of {time:yyyy-MM-dd HH:mm})") : "";

    // Only what runs write goes; what a person has put there stays.
    private static void Clear(string path)
    {
        foreach (string file in s_files.Append(RecordName)) File.Delete(System.IO.Path.Combine(path, file));
        foreach (string model in Directory.GetFiles(path, "*" + ModelExtension)) File.Delete(model);
        string models = System.IO.Path.Combine(path, s_folders[0]);
        foreach (string folder in s_folders[1..].Select(f => System.IO.Path.Combine(path, f)).Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
        if (!Directory.Exists(models)) return;
        foreach (string model in Directory.GetFiles(models, "*" + ModelExtension)) File.Delete(model);
        if (!Directory.EnumerateFileSystemEntries(models).Any()) Directory.Delete(models);
    }

    private static void Remove(string path)
    {
        string[] own = [RecordName, LockName];
        if (!Directory.Exists(path) || Directory.EnumerateFileSystemEntries(path).Any(e => !own.Contains(System.IO.Path.GetFileName(e)))) return;
        foreach (string file in own) File.Delete(System.IO.Path.Combine(path, file));
        Directory.Delete(path);
    }
}
