using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>The columns of one CSV format. Where a field lists names, the first that the header has is used, in any case.</summary>
internal sealed record CsvSchema(string Format, LandmarkTopology Topology, IReadOnlyList<string> Axes)
{
    /// <summary>What tells the format, given a header with x_0 and y_0.</summary>
    public required Func<IReadOnlySet<string>, bool> Accepts { get; init; }

    /// <summary>Columns that must be there beside the coordinates.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Names the clip. Without it, the file is one clip and names it.</summary>
    public IReadOnlyList<string> Clip { get; init; } = ["file", "clip", "filename"];

    public IReadOnlyList<string> Subject { get; init; } = ["subject"];

    public IReadOnlyList<string> Label { get; init; } = ["label", "emotion"];

    /// <summary>Orders the frames of a clip. Without it, rows are in order.</summary>
    public IReadOnlyList<string> Frame { get; init; } = ["frame"];

    /// <summary>Tells several faces of a file apart, each of them a clip.</summary>
    public IReadOnlyList<string> Face { get; init; } = [];

    /// <summary>How sure the tracker was; 1 without it.</summary>
    public IReadOnlyList<string> Confidence { get; init; } = ["confidence"];

    /// <summary>0 where the tracker failed: then confidence is 0.</summary>
    public IReadOnlyList<string> Success { get; init; } = [];

    /// <summary>Names what found the points; the format does without it.</summary>
    public IReadOnlyList<string> Extractor { get; init; } = [ExtractorColumn];

    /// <summary>The column in which this program's own files say what found the points.</summary>
    public const string ExtractorColumn = "extractor";

    /// <summary>From the column's value to [0, 1].</summary>
    public Func<double, double> ToConfidence { get; init; } = value => value;

    /// <summary>Whether rows without a frame column are clips of one frame, so that no two may bear one name.</summary>
    public bool RowIsClip { get; init; }

    /// <summary>Every column of coordinates: [point, axis].</summary>
    public IEnumerable<string> Coordinates => Enumerable.Range(0, Topology.Count).SelectMany(p => Axes.Select(a => $"{a}_{p}"));
}
