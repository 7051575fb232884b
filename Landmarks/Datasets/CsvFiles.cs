namespace EmotionXai.Landmarks.Datasets;

/// <summary>Which files of a folder hold landmarks, and which one holds labels.</summary>
internal static class CsvFiles
{
    private const string LabelsName = "labels.csv";

    // What `synth` writes beside its clips is about landmarks, not of them.
    private static readonly string[] s_besides = [LabelsName, "truth.csv"];

    /// <summary>The file itself, or the CSV files directly in the folder except labels and truth, sorted by name.</summary>
    public static IReadOnlyList<string> Of(string path, DatasetOptions options) => Of(path, ".csv", options);

    /// <summary>The same for files of another extension.</summary>
    public static IReadOnlyList<string> Of(string path, string extension, DatasetOptions options)
    {
        if (!Directory.Exists(path)) return [path];
        string? labels = options.LabelsFile is null ? null : Path.GetFullPath(options.LabelsFile);
        try
        {
            return [.. Directory.EnumerateFiles(path)
                .Where(f => Path.GetExtension(f).Equals(extension, StringComparison.OrdinalIgnoreCase))
                .Where(f => !s_besides.Contains(Path.GetFileName(f), StringComparer.OrdinalIgnoreCase) && Path.GetFullPath(f) != labels)
                .Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException)
        {
            throw DatasetFault.Forbidden(path);
        }
    }

    /// <summary><c>labels.csv</c> in the folder, or beside the file; null where there is none.</summary>
    public static string? LabelsBeside(string path)
    {
        string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        string candidate = Path.Combine(folder, LabelsName);
        return File.Exists(candidate) ? candidate : null;
    }
}
