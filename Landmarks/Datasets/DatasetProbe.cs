namespace EmotionXai.Landmarks.Datasets;

/// <summary>A first look at data: enough to tell the format, cheap enough to do always.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="IsFolder">Which of the two.</param>
/// <param name="Sample">The CSV file whose header was read; null where there is none.</param>
/// <param name="Columns">The names in that header; empty where there is none.</param>
internal sealed record DatasetProbe(string Path, bool IsFolder, string? Sample, IReadOnlySet<string> Columns)
{
    /// <summary>Looks at a file, or at the CSV files of a folder until one has landmarks.</summary>
    public static DatasetProbe Of(string path, DatasetOptions options)
    {
        bool folder = Directory.Exists(path);
        DatasetProbe? first = null;
        if (!folder && ParquetFile.IsParquet(path)) return new DatasetProbe(path, folder, null, new HashSet<string>());
        foreach (string file in CsvFiles.Of(path, options))
        {
            DatasetProbe probe = new(path, folder, file, CsvReader.HeaderOf(file));
            if (probe.Columns.Contains("x_0")) return probe;
            first ??= probe;
        }

        return first ?? new DatasetProbe(path, folder, null, new HashSet<string>());
    }
}
