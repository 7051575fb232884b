namespace EmotionXai.Landmarks.Datasets;

/// <summary>The errors that several readers share. Each is one line: file, place, what is wrong, remedy.</summary>
internal static class DatasetFault
{
    public static FileNotFoundException Missing(string path, string remedy) => new($"{path}: there is no such file or folder. {remedy}", path);

    public static UnauthorizedAccessException Forbidden(string path) => new($"{path}: it may not be read. Grant this user permission to read it.");

    public static InvalidDataException At(string path, string problem) => new($"{path}: {problem}");

    public static InvalidDataException At(string path, int line, string problem) => new($"{path}: line {line}: {problem}");

    public static InvalidDataException At(string path, int line, string column, string problem) => new($"{path}: line {line}, column {column}: {problem}");

    public static InvalidDataException Unknown(DatasetProbe probe) => probe switch
    {
        { IsFolder: true, Sample: null } when !Directory.EnumerateFileSystemEntries(probe.Path).Any() =>
            At(probe.Path, "the folder is empty. Put CSV files with landmarks into it."),
        { IsFolder: true, Sample: null } =>
            At(probe.Path, "the folder holds neither CSV files with landmarks nor the folders Landmarks and Emotion of CK+. Point to the folder that directly holds them."),
        _ => At(probe.Sample!, $"line 1: the header is of no known format: it lacks {Lacks(probe)}. Known are {string.Join(", ", LandmarkDataset.Formats)}; --format says what one of them lacks."),
    };

    /// <summary>The first few names, and how many more there are.</summary>
    public static string Some(IReadOnlyList<string> names) =>
        names.Count <= 4 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";

    private static string Lacks(DatasetProbe probe) =>
        !probe.Columns.Contains("x_0") ? "x_0" : !probe.Columns.Contains("y_0") ? "y_0" : "confidence (OpenFace), z_0 (MediaPipe) or FaceScore (py-feat)";
}
