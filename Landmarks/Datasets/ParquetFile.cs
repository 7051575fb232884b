using EmotionXai.Engine.Serialization;
using Parquet;
using Parquet.Schema;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// A Parquet file as columns. Reads flat columns of text and numbers; nothing is read before it is asked for, and nothing before it
/// was checked: the library hangs or takes all memory where a file is damaged.
/// </summary>
internal sealed class ParquetFile : IDisposable
{
    private const long SmallBudget = 24_000_000, PageBudget = 64_000_000;
    private const int UnfoldedPerByte = 4, PagesPerByte = 20, LongestText = 4096;

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    private readonly GuardedStream _stream;
    private readonly FileStream _file;
    private readonly ParquetFooter _footer;
    private readonly ParquetPages _pages;
    private readonly ParquetReader _reader;
    private readonly Dictionary<string, DataField> _fields;

    /// <summary>Opens a file and reads its footer.</summary>
    public ParquetFile(string path)
    {
        File = path;
        try
        {
            _file = InputFile.Open(path);
        }
        catch (UnauthorizedAccessException)
        {
            throw DatasetFault.Forbidden(path);
        }

        try
        {
            _footer = ParquetFooter.Read(path, _file);
            _pages = new ParquetPages(path, _file, PageBudget + (PagesPerByte * _file.Length));
            _stream = new GuardedStream(_file);
            (_reader, _fields) = Guard(Open);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The path, as given.</summary>
    public string File { get; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlySet<string> Columns => _fields.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Groups of rows.</summary>
    public int Groups => _footer.Rows.Count;

    /// <summary>Whether a file begins as Parquet does.</summary>
    public static bool IsParquet(string path)
    {
        Span<byte> head = stackalloc byte[4];
        try
        {
            using FileStream stream = InputFile.Open(path);
            return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Magic);
        }
        catch (UnauthorizedAccessException)
        {
            throw DatasetFault.Forbidden(path);
        }
    }

    /// <summary>The first of some names that is a column, in any case; null where none is.</summary>
    public string? FindAny(IReadOnlyList<string> names) =>
        names.Select(n => _fields.Keys.FirstOrDefault(f => f.Equals(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(f => f is not null);

    /// <summary>Refuses a file whose rows take far more memory than the file: a few bytes can promise any number of equal rows.</summary>
    /// <param name="width">Numbers a row.</param>
    public void Reserve(int width)
    {
        double bytes = (double)_footer.Rows.Sum() * width * sizeof(float), budget = SmallBudget + (UnfoldedPerByte * (double)_file.Length);
        if (bytes > budget)
            throw DatasetFault.At(File, $"its {_footer.Rows.Sum()} rows unfold to {bytes / 1e6:0} MB, and {budget / 1e6:0} MB are the most for a file of {_file.Length} bytes. Split it, or write it as CSV.");
    }

    /// <summary>A column of numbers; NaN where there is none.</summary>
    public float[] Numbers(int group, string column)
    {
        DataField field = _fields[column];
        if (TypeOf(field) == typeof(float)) return Values(group, column, float.NaN);
        return Array.ConvertAll(Doubles(group, column), v => (float)v);
    }

    /// <summary>A column of numbers at full precision: those of frames may be larger than a float32 can count.</summary>
    public double[] Doubles(int group, string column)
    {
        Type type = TypeOf(_fields[column]);
        if (type == typeof(float)) return Array.ConvertAll(Values(group, column, float.NaN), v => (double)v);
        if (type == typeof(double)) return Values(group, column, double.NaN);
        if (type == typeof(bool)) return [.. Optional<bool>(group, column).Select(v => v is bool b ? (b ? 1 : 0) : double.NaN)];
        if (type == typeof(int)) return [.. Optional<int>(group, column).Select(v => v ?? double.NaN)];
        if (type == typeof(long)) return [.. Optional<long>(group, column).Select(v => v ?? double.NaN)];
        throw Fault(column, $"it holds {type.Name}, and only int, long, float, double and bool are read as numbers");
    }

    /// <summary>A column of text; empty where there is none.</summary>
    public string[] Texts(int group, string column)
    {
        Type type = TypeOf(_fields[column]);
        if (type != typeof(string) && type != typeof(ReadOnlyMemory<char>))
            return [.. Doubles(group, column).Select(v => double.IsNaN(v) ? "" : v.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        (ReadOnlyMemory<char>[] values, int[]? levels) = Raw<ReadOnlyMemory<char>>(group, column);
        string[] texts = new string[values.Length];
        int most = _fields[column].MaxDefinitionLevel, next = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            ReadOnlySpan<char> value = levels is null || levels[i] == most ? values[next++].Span : default;
            if (value.Length > LongestText) throw Fault(column, $"a text has {value.Length} characters, and {LongestText} are the most");

            // Rows of a clip agree, so that most of them share one string.
            texts[i] = i > 0 && value.SequenceEqual(texts[i - 1]) ? texts[i - 1] : value.ToString();
        }

        return texts;
    }

    /// <summary>An error in a column.</summary>
    public InvalidDataException Fault(string column, string problem) => DatasetFault.At(File, $"column {column}: {problem}. Write the file again.");

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
    }

    private async Task<(ParquetReader Reader, Dictionary<string, DataField> Fields)> Open()
    {
        ParquetReader reader = await ParquetReader.CreateAsync(_stream).ConfigureAwait(false);
        return (reader, reader.Schema.GetDataFields().Where(f => f.MaxRepetitionLevel == 0).ToDictionary(f => f.Path.ToString(), StringComparer.Ordinal));
    }

    private static Type TypeOf(DataField field) => Nullable.GetUnderlyingType(field.ClrType) ?? field.ClrType;

    private T[] Values<T>(int group, string column, T missing)
        where T : struct
    {
        (T[] values, int[]? levels) = Raw<T>(group, column);
        if (levels is null) return values;
        T[] spread = new T[values.Length];
        int most = _fields[column].MaxDefinitionLevel, next = 0;
        for (int i = 0; i < spread.Length; i++) spread[i] = levels[i] == most ? values[next++] : missing;
        return spread;
    }

    private IEnumerable<T?> Optional<T>(int group, string column)
        where T : struct
    {
        (T[] values, int[]? levels) = Raw<T>(group, column);
        int most = _fields[column].MaxDefinitionLevel, next = 0;
        for (int i = 0; i < values.Length; i++) yield return levels is null || levels[i] == most ? values[next++] : null;
    }

    // The values that are there, at the front, and for every row whether there is one.
    private (T[] Values, int[]? Levels) Raw<T>(int group, string column)
        where T : struct
    {
        DataField field = _fields[column];
        ParquetChunk chunk = _footer.Find(group, column) ?? throw Fault(column, $"group {group} of rows lacks it");
        (long start, long end) = _pages.Check(chunk);
        return Guard(async () =>
        {
            _stream.Allow(start, end);
            T[] values = new T[chunk.Values];
            int[]? levels = field.MaxDefinitionLevel > 0 ? new int[chunk.Values] : null;
            Memory<int>? into = levels is null ? default(Memory<int>?) : levels.AsMemory();
            using ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
            await rows.ReadRawAsync<T>(field, values, into, null).ConfigureAwait(false);
            return (values, levels);
        });
    }

    // What the library throws at a damaged file has no common type.
    private T Guard<T>(Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not (InvalidDataException or OutOfMemoryException) || !e.Message.StartsWith(File, StringComparison.Ordinal))
        {
            throw ParquetFooter.Damaged(File, e.Message.ReplaceLineEndings(" "));
        }
    }
}
