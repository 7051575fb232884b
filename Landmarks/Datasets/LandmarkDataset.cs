using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>Landmark data on disk.</summary>
public static class LandmarkDataset
{
    /// <summary>The names of the formats that can be read.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. DatasetReaders.All.Select(r => r.Format)];

    /// <summary>Whether a folder, or a file of text or Parquet, looks like one of the formats.</summary>
    public static bool Knows(string path, DatasetOptions options)
    {
        DatasetProbe probe = DatasetProbe.Of(path, options);
        return DatasetReaders.All.Any(r => r.Accepts(probe));
    }

    /// <summary>Reads every clip of a file or folder. What was left out is told in <see cref="LandmarkSet.Warnings"/>.</summary>
    /// <param name="path">A CSV file, a folder of them, or a folder in the layout of CK+.</param>
    /// <param name="options">Format and labels.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    /// <exception cref="FileNotFoundException">The path, or the labels file, does not exist.</exception>
    /// <exception cref="InvalidDataException">The content is not landmark data, or is damaged. One line: file, place, remedy.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static LandmarkSet Read(string path, DatasetOptions options)
    {
        IDatasetReader? reader = null;
        if (options.Format != "auto")
        {
            reader = DatasetReaders.All.FirstOrDefault(r => r.Format == options.Format)
                ?? throw new ArgumentException($"--format {options.Format}: choose auto, {string.Join(", ", Formats)}.", nameof(options));
        }

        if (!Path.Exists(path)) throw DatasetFault.Missing(path, "Check the path.");
        if (reader is null)
        {
            DatasetProbe probe = DatasetProbe.Of(path, options);
            reader = DatasetReaders.All.FirstOrDefault(r => r.Accepts(probe)) ?? throw DatasetFault.Unknown(probe);
        }

        return reader.Read(path, options);
    }
}
