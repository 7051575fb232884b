namespace EmotionXai.Landmarks.Datasets;

/// <summary>How landmark data are read.</summary>
public sealed record DatasetOptions
{
    /// <summary><c>auto</c> tells the format by the content; a name from <see cref="LandmarkDataset.Formats"/> insists on it, and errors then say what that format lacks.</summary>
    public string Format { get; init; } = "auto";

    /// <summary>
    /// CSV with the columns file, subject, label. It overrides labels in the data. Without it, labels in the data are used,
    /// and <c>labels.csv</c> beside the data for clips that have none.
    /// </summary>
    public string? LabelsFile { get; init; }

    /// <summary>Whether a clip without a label is an error. If not, it is labelled <see cref="Unlabelled"/>: enough to predict on, not to train.</summary>
    public bool RequireLabels { get; init; } = true;

    /// <summary>Whether subjects whose names differ in case or blanks alone stay two people. By default they are one, so that no person is trained and tested on.</summary>
    public bool SubjectsAsIs { get; init; }

    /// <summary>The label of clips that have none, where that is allowed.</summary>
    public const string Unlabelled = "unlabelled";
}
