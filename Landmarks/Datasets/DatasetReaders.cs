namespace EmotionXai.Landmarks.Datasets;

/// <summary>Every format that can be read.</summary>
internal static class DatasetReaders
{
    /// <summary>In the order in which they are asked.</summary>
    public static IReadOnlyList<IDatasetReader> All { get; } =
    [
        new CsvDatasetReader(CsvSchemas.OpenFace),
        new CsvDatasetReader(CsvSchemas.MediaPipe),
        new CkPlusReader(),
        new CsvDatasetReader(CsvSchemas.PyFeat),
        new ParquetDatasetReader(),
    ];
}
