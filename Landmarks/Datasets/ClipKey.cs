namespace EmotionXai.Landmarks.Datasets;

/// <summary>Which clip a row belongs to: the clip column or else the file, and the face column.</summary>
internal sealed class ClipKey(string file, int clip, int face)
{
    private readonly string _file = Path.GetFileNameWithoutExtension(file);
    private byte[] _clip = [], _face = [];

    /// <summary>Whether a column tells faces apart.</summary>
    public bool HasFaces => face >= 0;

    /// <summary>Whether this row belongs to another clip than the row that was last named. No strings: it is asked for every row.</summary>
    public bool Changes(CsvReader csv) =>
        (clip >= 0 && !csv.Cell(clip).SequenceEqual(_clip)) || (face >= 0 && !csv.Cell(face).SequenceEqual(_face));

    /// <summary>The name of this row's clip, with the face behind a hash sign where there is such a column.</summary>
    public string Name(CsvReader csv)
    {
        if (clip >= 0) _clip = csv.Cell(clip).ToArray();
        if (face >= 0) _face = csv.Cell(face).ToArray();
        string name = clip < 0 ? _file : csv.Text(clip).Replace('\\', '/');
        if (name.Length == 0) throw csv.Fault(clip, "the clip has no name. Name it.");
        return face < 0 ? name : $"{name}#{csv.Text(face)}";
    }

    /// <summary>Takes the face out of the names of clips that show only one.</summary>
    public static void NameFaces(IEnumerable<ClipDraft> drafts)
    {
        foreach (IGrouping<string, ClipDraft> same in drafts.GroupBy(d => d.Name[..d.Name.LastIndexOf('#')]).Where(g => g.Count() == 1).ToArray())
            same.Single().Name = same.Key;
    }
}
