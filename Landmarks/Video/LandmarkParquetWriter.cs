using Parquet;
using Parquet.Schema;

namespace EmotionXai.Landmarks.Video;

/// <summary>Writes extracted clips as Parquet: the columns of the CSV, floats for numbers, NaN where the face was not seen.</summary>
internal sealed class LandmarkParquetWriter : ILandmarkWriter
{
    // Rows a group: enough that 1,404 columns of them are worth their headers, little enough for memory.
    private const int GroupRows = 4096;
    private readonly LandmarkColumns _columns;
    private readonly ParquetSchema _schema;
    private readonly ParquetWriter _writer;
    private readonly List<(ExtractedClip Clip, int From, int Count)> _waiting = [];
    private int _rows;

    public LandmarkParquetWriter(Stream stream, LandmarkColumns columns)
    {
        _columns = columns;
        Field[] fields =
        [
            .. columns.Texts.Select(t => new DataField(t.Name, typeof(string), isNullable: false)),
            .. columns.Counts.Select(c => new DataField(c.Name, typeof(int), isNullable: false)),
            .. columns.Numbers.Select(n => new DataField(n.Name, typeof(float), isNullable: false)),
            .. columns.Coordinates.Select(c => new DataField(c.Name, typeof(float), isNullable: false)),
        ];
        _schema = new ParquetSchema(fields);
        _writer = Wait(ParquetWriter.CreateAsync(_schema, stream));
    }

    public void Write(ExtractedClip clip)
    {
        for (int from = 0, count; from < clip.Frames; from += count)
        {
            count = Math.Min(clip.Frames - from, GroupRows - _rows);
            _waiting.Add((clip, from, count));
            _rows += count;
            if (_rows == GroupRows) Flush();
        }
    }

    public void Dispose()
    {
        if (_waiting.Count > 0) Flush();
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Flush()
    {
        int column = 0;
        float[]?[] points = Rows((c, t) => c.Points[t]);
        DataField[] fields = _schema.GetDataFields();
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        foreach ((_, Func<ExtractedClip, string> value) in _columns.Texts)
            Wait(group.WriteAsync(fields[column++], Rows((c, _) => value(c))));
        foreach ((_, Func<ExtractedClip, int, int> value) in _columns.Counts) Wait(group.WriteAsync<int>(fields[column++], Rows(value)));
        foreach ((_, Func<ExtractedClip, int, float> value) in _columns.Numbers) Wait(group.WriteAsync<float>(fields[column++], Rows(value)));
        foreach ((_, int at) in _columns.Coordinates) Wait(group.WriteAsync<float>(fields[column++], Array.ConvertAll(points, p => p is null ? float.NaN : p[at])));
        group.CompleteValidate();
        _waiting.Clear();
        _rows = 0;

        T[] Rows<T>(Func<ExtractedClip, int, T> value)
        {
            T[] values = new T[_rows];
            int row = 0;
            foreach ((ExtractedClip clip, int from, int count) in _waiting)
                for (int t = from; t < from + count; t++) values[row++] = value(clip, t);
            return values;
        }
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
