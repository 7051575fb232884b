using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>A Parquet file as columns. Reads flat columns of text and numbers; nothing is read before it is asked for.</summary>
internal sealed class ParquetFile : IDisposable
{
    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    private readonly FileStream _stream;
    private readonly ParquetReader _reader;
    private readonly Dictionary<string, DataField> _fields;

    /// <summary>Opens a file and reads its footer.</summary>
    public ParquetFile(string path)
    {
        File = path;
        try
        {
            _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (UnauthorizedAccessException)
        {
            throw DatasetFault.Forbidden(path);
        }

        try
        {
            _reader = Guard(() => ParquetReader.CreateAsync(_stream));
            _fields = _reader.Schema.GetDataFields().Where(f => f.MaxRepetitionLevel == 0).ToDictionary(f => f.Path.ToString(), StringComparer.Ordinal);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The path, as given.</summary>
    public string File { get; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlySet<string> Columns => _fields.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Groups of rows.</summary>
    public int Groups => _reader.RowGroupCount;

    /// <summary>Whether a file begins as Parquet does.</summary>
    public static bool IsParquet(string path)
    {
        Span<byte> head = stackalloc byte[4];
        try
        {
            using FileStream stream = System.IO.File.OpenRead(path);
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

    /// <summary>A column of numbers; NaN where there is none.</summary>
    public float[] Numbers(int group, string column)
    {
        DataField field = _fields[column];
        if (field.ClrType != typeof(float) || field.IsNullable) return [.. Values(group, column).Select(v => Number(v, column))];
        return Guard(async () =>
        {
            using ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
            float[] values = new float[checked((int)rows.RowCount)];
            await rows.ReadAsync<float>(field, values.AsMemory()).ConfigureAwait(false);
            return values;
        });
    }

    /// <summary>A column of text; empty where there is none.</summary>
    public string[] Texts(int group, string column) => [.. Values(group, column).Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? "")];

    /// <summary>An error in a column.</summary>
    public InvalidDataException Fault(string column, string problem) => DatasetFault.At(File, $"column {column}: {problem}. Write the file again.");

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
    }

    private float Number(object? value, string column) => value switch
    {
        null => float.NaN,
        IConvertible number and not string => Convert.ToSingle(number, CultureInfo.InvariantCulture),
        _ => throw Fault(column, $"'{value}' is no number"),
    };

    private IEnumerable<object?> Values(int group, string column)
    {
        DataField field = _fields[column];
        return Guard(async () =>
        {
            using ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
            int count = checked((int)rows.RowCount);
            Type type = Nullable.GetUnderlyingType(field.ClrType) ?? field.ClrType;
            if (type == typeof(string) || type == typeof(ReadOnlyMemory<char>))
            {
                string?[] values = new string?[count];
                await rows.ReadAsync(field, values.AsMemory()).ConfigureAwait(false);
                return values;
            }

            if (type == typeof(float)) return await Read<float>().ConfigureAwait(false);
            if (type == typeof(double)) return await Read<double>().ConfigureAwait(false);
            if (type == typeof(int)) return await Read<int>().ConfigureAwait(false);
            if (type == typeof(long)) return await Read<long>().ConfigureAwait(false);
            if (type == typeof(bool)) return await Read<bool>().ConfigureAwait(false);
            throw Fault(column, $"it holds {type.Name}, and only text, int, long, float, double and bool are read");

            async Task<IEnumerable<object?>> Read<T>()
                where T : struct
            {
                if (field.IsNullable)
                {
                    T?[] some = new T?[count];
                    await rows.ReadAsync<T>(field, some.AsMemory()).ConfigureAwait(false);
                    return some.Select(v => (object?)v);
                }

                T[] values = new T[count];
                await rows.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
                return values.Select(v => (object?)v);
            }
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
            throw DatasetFault.At(File, $"the Parquet file is damaged or cut off ({e.Message.ReplaceLineEndings(" ")}). Write it again.");
        }
    }
}
