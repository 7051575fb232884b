using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>A reader of one format.</summary>
internal interface IDatasetReader
{
    /// <summary>Its name on the command line.</summary>
    string Format { get; }

    /// <summary>Whether the content looks like this format. At most one reader accepts a header.</summary>
    bool Accepts(DatasetProbe probe);

    /// <summary>Reads all clips, or throws what <see cref="LandmarkDataset.Read"/> promises.</summary>
    LandmarkSet Read(string path, DatasetOptions options);
}
