using System.Globalization;

namespace EmotionXai.Landmarks.Runs;

/// <summary>The folder that holds runs, each in a folder of its own, named by time and verb.</summary>
public static class RunFolders
{
    /// <summary>Where runs lie by default.</summary>
    public const string Root = "runs";

    private const string Reduce = "reduce";

    /// <summary>The folder of a run that names none: that of an equal run which was stopped, or a new one.</summary>
    /// <param name="record">The run.</param>
    /// <param name="root">Where runs lie.</param>
    public static string For(RunRecord record, string root = Root)
    {
        string verb = record.Shard is null ? record.Verb : $"{record.Verb}-shard-{record.Shard.Replace("/", "-of-", StringComparison.Ordinal)}";
        if (record.Fingerprint is not null && Directory.Exists(root))
        {
            string? stopped = Directory.EnumerateDirectories(root, $"*-{verb}*").Order(StringComparer.Ordinal)
                .LastOrDefault(f => Directory.Exists(Path.Combine(f, RunFolder.UnfinishedName)) && record.IsEqual(RunRecord.Read(f)) && !new DirectoryInfo(f).Attributes.HasFlag(FileAttributes.ReparsePoint));
            if (stopped is not null) return stopped;
        }

        string path = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-dd-HHmm}-{verb}")), free = path;
        for (int number = 2; Path.Exists(free); number++) free = string.Create(CultureInfo.InvariantCulture, $"{path}-{number}");
        return free;
    }

    /// <summary>
    /// Points the link beside a run's folder to it: <c>latest</c> for reductions, <c>latest-VERB</c> for others, so that a
    /// prediction does not hide the models it was made with. Where links cannot be made there is none.
    /// </summary>
    public static void Link(string folder, string verb)
    {
        try
        {
            string link = Path.Combine(Path.GetDirectoryName(folder)!, verb == Reduce ? "latest" : $"latest-{verb}");
            if (new FileInfo(link).LinkTarget is not null) File.Delete(link);
            else if (Path.Exists(link)) return;
            Directory.CreateSymbolicLink(link, Path.GetFileName(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // A convenience: the run itself is not touched.
        }
    }
}
