using System.Globalization;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// A CSV file that says of each clip who is seen and what is shown. A clip is found by its name; else by the last part of its
/// path; else by that without its extension. <c>.csv</c> never counts.
/// </summary>
internal sealed class LabelsFile
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public LabelsFile(string path)
    {
        Path = path;
        if (!File.Exists(path)) throw DatasetFault.Missing(path, "Give --labels a CSV file with the columns file, subject, label.");
        using CsvReader csv = new(path);
        string[] names = ["file", "subject", "label"];
        int[] columns = [.. names.Select(n => csv.FindAny([n]))];
        string[] missing = [.. names.Where((_, i) => columns[i] < 0)];
        if (missing.Length > 0) throw DatasetFault.At(path, csv.Line, $"the header lacks the columns {DatasetFault.Some(missing)}. A labels file has file, subject, label.");
        while (csv.Read())
        {
            for (int i = 0; i < columns.Length; i++)
                if (csv.Cell(columns[i]).IsEmpty) throw csv.Fault(columns[i], "the cell is empty. Fill it, or delete the line.");
            Entry entry = new(csv.Text(columns[0]), csv.Text(columns[1]), csv.Text(columns[2]), csv.Line);
            if (!_entries.TryAdd(Key(entry.File), entry))
                throw csv.Fault(columns[0], string.Create(CultureInfo.InvariantCulture, $"'{entry.File}' was already on line {_entries[Key(entry.File)].Line}. Keep one of the two."));
        }

        if (_entries.Count == 0) throw DatasetFault.At(path, "the file has a header and no row. Write a line for each clip.");
    }

    /// <summary>The path, as given.</summary>
    public string Path { get; }

    /// <summary>The line about a clip, or null.</summary>
    /// <exception cref="InvalidDataException">The line was already taken by another clip, so it is not clear which one it means.</exception>
    public Entry? Find(string clip)
    {
        string key = Key(clip), name = System.IO.Path.GetFileName(key);
        Entry? entry = _entries.GetValueOrDefault(key) ?? _entries.GetValueOrDefault(name) ?? _entries.GetValueOrDefault(System.IO.Path.GetFileNameWithoutExtension(name));
        if (entry is null) return null;
        if (entry.Clip is not null && entry.Clip != clip)
            throw DatasetFault.At(Path, entry.Line, "file", $"'{entry.File}' may mean the clips '{entry.Clip}' and '{clip}'. Write each clip's whole name.");
        entry.Clip = clip;
        return entry;
    }

    /// <summary>A warning if some lines are about no clip.</summary>
    public IEnumerable<string> Unused()
    {
        Entry[] unused = [.. _entries.Values.Where(e => e.Clip is null).OrderBy(e => e.Line)];
        if (unused.Length > 0) yield return $"{Path}: {unused.Length} of {_entries.Count} labels are about clips that are not there, the first about '{unused[0].File}' (line {unused[0].Line})";
    }

    private static string Key(string file)
    {
        string key = Names.Clean(file.Replace('\\', '/'));
        if (key.StartsWith("./", StringComparison.Ordinal)) key = key[2..];
        return key.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? key[..^4] : key;
    }

    /// <summary>One line.</summary>
    internal sealed record Entry(string File, string Subject, string Label, int Line)
    {
        /// <summary>The clip that took it.</summary>
        public string? Clip { get; set; }
    }
}
