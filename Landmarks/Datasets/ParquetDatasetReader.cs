using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// Parquet tables with the columns of one of the CSV formats, a row a frame: one file, or a folder of them. Rows of a clip need not
/// be together.
/// </summary>
internal sealed class ParquetDatasetReader : IDatasetReader
{
    private const string Extension = ".parquet";

    private static readonly CsvSchema[] s_schemas = [CsvSchemas.OpenFace, CsvSchemas.MediaPipe, CsvSchemas.PyFeat];

    public string Format => "parquet";

    public bool Accepts(DatasetProbe probe) =>
        probe.Sample is null && (probe.IsFolder ? CsvFiles.Of(probe.Path, Extension, new DatasetOptions()).Count > 0 : ParquetFile.IsParquet(probe.Path));

    public LandmarkSet Read(string path, DatasetOptions options)
    {
        IReadOnlyList<string> files = CsvFiles.Of(path, Extension, options);
        if (files.Count == 0) throw DatasetFault.At(path, "the folder holds no Parquet file. Point to the folder that directly holds them.");
        if (files.FirstOrDefault(f => !ParquetFile.IsParquet(f)) is string other) throw DatasetFault.At(other, "this is no Parquet file. Give another --format, or write it again.");
        ClipTable clips = new();
        CsvSchema? schema = null;
        foreach (string file in files)
        {
            using ParquetFile table = new(file);
            CsvSchema found = SchemaOf(table);
            schema ??= found;
            if (schema != found) throw DatasetFault.At(file, $"its columns are those of {found.Format}, but {files[0]} has those of {schema.Format}. Keep each in a folder of its own.");
            ReadFile(table, schema, clips);
        }

        return clips.Label(path, schema!.Topology, schema.Axes.Count, options);
    }

    private static CsvSchema SchemaOf(ParquetFile table)
    {
        IReadOnlySet<string> columns = table.Columns;
        CsvSchema schema = s_schemas.FirstOrDefault(s => columns.Contains("x_0") && columns.Contains("y_0") && s.Accepts(columns))
            ?? throw DatasetFault.At(table.File, $"its columns are of no known format. Known are those of {string.Join(", ", s_schemas.Select(s => s.Format))}.");
        string[] missing = [.. schema.Needs.Concat(schema.Coordinates).Where(c => !columns.Contains(c))];
        return missing.Length == 0 ? schema : throw DatasetFault.At(table.File, $"the columns {DatasetFault.Some(missing)} are missing, which {schema.Format} files have. Write the file again.");
    }

    private static void ReadFile(ParquetFile table, CsvSchema schema, ClipTable clips)
    {
        string[] coordinates = [.. schema.Coordinates];
        string? clip = table.FindAny(schema.Clip), face = table.FindAny(schema.Face), frame = table.FindAny(schema.Frame);
        string? label = table.FindAny(schema.Label), subject = table.FindAny(schema.Subject);
        string? confidence = table.FindAny(schema.Confidence), success = table.FindAny(schema.Success), extractor = table.FindAny(schema.Extractor);
        Dictionary<string, ClipDraft> here = new(StringComparer.Ordinal);
        int read = 0;
        table.Reserve(coordinates.Length);
        for (int group = 0; group < table.Groups; group++)
        {
            int g = group;
            string[]? names = Texts(clip), faces = Texts(face), labels = Texts(label), subjects = Texts(subject), extractors = Texts(extractor);
            foreach (string tool in extractors?.Distinct() ?? [schema.Format]) clips.FoundBy(tool.Length > 0 ? tool : schema.Format);
            double[]? numbers = frame is null ? null : table.Doubles(g, frame);
            float[]? sure = Numbers(confidence), tracked = Numbers(success);
            float[][] points = [.. coordinates.Select(c => table.Numbers(g, c))];
            for (int row = 0; row < points[0].Length; row++)
            {
                string name = names?[row].Replace('\\', '/') ?? Path.GetFileNameWithoutExtension(table.File);
                if (name.Length == 0) throw table.Fault(clip!, $"row {read + row + 1} names no clip");
                if (faces is not null) name += $"#{faces[row]}";
                if (!here.TryGetValue(name, out ClipDraft? draft)) here.Add(name, draft = clips.Add(name, table.File, read + row + 1));
                else if (schema.RowIsClip && frame is null) throw table.Fault(clip ?? "frame", $"clip '{name}' is in two rows, and no column numbers its frames");
                draft.Label = Same(labels?[row], draft.Label, label, name);
                draft.Subject = Same(subjects?[row], draft.Subject, subject, name);
                double confident = sure is null ? 1 : schema.ToConfidence(sure[row]);
                if (tracked is not null && tracked[row] is not > 0) confident = 0;
                if (numbers is not null && double.IsNaN(numbers[row])) throw table.Fault(frame!, $"row {read + row + 1} has no frame number");
                Span<float> target = draft.Add(coordinates.Length, (float)confident, numbers?[row] ?? read + row, read + row + 1);
                for (int i = 0; i < coordinates.Length; i++)
                {
                    if (float.IsInfinity(points[i][row])) throw table.Fault(coordinates[i], $"row {read + row + 1} is infinite");
                    target[i] = points[i][row];
                }
            }

            read += points[0].Length;

            string[]? Texts(string? column) => column is null ? null : table.Texts(g, column);
            float[]? Numbers(string? column) => column is null ? null : table.Numbers(g, column);
        }

        if (read == 0) throw DatasetFault.At(table.File, "the file has no row. Write it again, or delete it.");
        if (face is not null) ClipKey.NameFaces(here.Values);

        string? Same(string? value, string? known, string? column, string name) =>
            known is null || value == known ? value : throw table.Fault(column!, $"'{value}' and '{known}' in one clip, '{name}'");
    }
}
