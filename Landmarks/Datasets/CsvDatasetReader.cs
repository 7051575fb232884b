using System.Text;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>Reads any CSV format that a <see cref="CsvSchema"/> describes: one file or a folder, one clip a file or many.</summary>
internal sealed class CsvDatasetReader(CsvSchema schema) : IDatasetReader
{
    private readonly string[] _coordinates = [.. schema.Coordinates];

    public string Format => schema.Format;

    public bool Accepts(DatasetProbe probe) => Fits(probe.Columns);

    public LandmarkSet Read(string path, DatasetOptions options)
    {
        IReadOnlyList<string> files = CsvFiles.Of(path, options);
        if (files.Count == 0) throw DatasetFault.At(path, $"the folder holds no CSV file for the format {Format}. Point to the folder that directly holds them.");
        ClipTable clips = new();
        foreach (string file in files) ReadFile(file, clips);
        return clips.Label(path, schema.Topology, schema.Axes.Count, options);
    }

    private bool Fits(IReadOnlySet<string> columns) => columns.Contains("x_0") && columns.Contains("y_0") && schema.Accepts(columns);

    private void ReadFile(string file, ClipTable clips)
    {
        using CsvReader csv = new(file);
        int[] coordinates = Columns(csv);
        int clipColumn = csv.FindAny(schema.Clip), subject = csv.FindAny(schema.Subject), label = csv.FindAny(schema.Label);
        int frame = csv.FindAny(schema.Frame), face = csv.FindAny(schema.Face);
        int confidence = csv.FindAny(schema.Confidence), success = csv.FindAny(schema.Success);
        int extractor = csv.FindAny(schema.Extractor);
        bool rowIsClip = schema.RowIsClip && frame < 0;
        if (rowIsClip && clipColumn < 0)
            throw DatasetFault.At(file, csv.Line, $"the header lacks the columns {schema.Clip[0]} and {schema.Frame[0]}. Name the clip of each row, or number its frame.");

        Dictionary<string, ClipDraft> here = new(StringComparer.Ordinal);
        ClipKey key = new(file, clipColumn, face);
        ClipDraft? draft = null;
        while (csv.Read())
        {
            if (draft is null || rowIsClip || key.Changes(csv))
            {
                string name = key.Name(csv);
                clips.FoundBy(extractor >= 0 && csv.Text(extractor) is { Length: > 0 } tool ? tool : schema.Format);
                if (!here.TryGetValue(name, out draft)) here.Add(name, draft = clips.Add(name, file, csv.Line));
                else if (rowIsClip) throw csv.Fault(clipColumn, $"clip '{name}' was already on line {draft.Line}. Name the clips apart, or add a column frame.");
            }

            draft.Label = Same(csv, label, draft.Label, draft);
            draft.Subject = Same(csv, subject, draft.Subject, draft);
            double sure = confidence < 0 ? 1 : schema.ToConfidence(csv.Number(confidence));
            if (success >= 0 && csv.Number(success) is not > 0) sure = 0;
            double number = frame < 0 ? csv.Line : csv.Number(frame);
            if (double.IsNaN(number)) throw csv.Fault(frame, "the frame has no number. Number the frames of each clip from 0 or 1.");
            Span<float> target = draft.Add(coordinates.Length, (float)sure, number, csv.Line);
            for (int i = 0; i < coordinates.Length; i++) target[i] = (float)csv.Number(coordinates[i]);
        }

        if (here.Count == 0) throw DatasetFault.At(file, "the file has a header and no row. Write it again, or delete it.");
        if (key.HasFaces) ClipKey.NameFaces(here.Values);
    }

    // Where every coordinate stands; an error that names the first missing ones, or the other format that the header fits.
    private int[] Columns(CsvReader csv)
    {
        string[] missing = [.. schema.Needs.Concat(_coordinates).Where(c => csv.Find(c) < 0)];
        if (missing.Length == 0) return [.. _coordinates.Select(csv.Find)];
        DatasetProbe probe = new(csv.File, false, csv.File, csv.Header.ToHashSet(StringComparer.Ordinal));
        IDatasetReader? other = DatasetReaders.All.FirstOrDefault(r => r != this && r.Accepts(probe));
        throw DatasetFault.At(csv.File, csv.Line, other is null
            ? $"the header lacks the columns {DatasetFault.Some(missing)}, which {Format} files have. Write the file again, or take it out of the folder."
            : $"the header is of the format {other.Format} and not {Format}. Give --format {other.Format}, and keep each format in a folder of its own.");
    }

    // A label or subject, which must not change within a clip. Compared as bytes: rows agree nearly always.
    private static string? Same(CsvReader csv, int column, string? known, ClipDraft draft)
    {
        if (column < 0) return known;
        if (known is null) return csv.Text(column);
        Span<byte> bytes = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(known, bytes, out int written) && csv.Cell(column).SequenceEqual(bytes[..written])) return known;
        string text = csv.Text(column);
        return text == known ? known : throw csv.Fault(column, $"'{text}' here, but '{known}' where clip '{draft.Name}' starts (line {draft.Line}). Give all its rows the same.");
    }
}
