using System.Buffers.Binary;
using System.Text;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>A column of a group of rows, as the footer describes it.</summary>
internal sealed class ParquetChunk
{
    /// <summary>The names from the outside in, with dots between.</summary>
    public string Path { get; set; } = "";

    public int Codec { get; set; }

    public long Values { get; set; }

    public long Bytes { get; set; }

    public long DataAt { get; set; }

    public long IndexAt { get; set; }

    public long DictionaryAt { get; set; }

    /// <summary>Where its first page begins.</summary>
    public long Start => new[] { DataAt, IndexAt, DictionaryAt }.Where(at => at != 0).DefaultIfEmpty(0).Min();
}

/// <summary>
/// The footer of a Parquet file, held against the file before the library sees it: structures of the right types, a schema that is a
/// shallow tree, columns that lie inside the file and have as many values as their group has rows.
/// </summary>
internal sealed class ParquetFooter
{
    private const int Tail = 8, Deepest = 8, MostColumns = 100_000, MostGroups = 1_000_000;
    private const long LargestFooter = 1 << 26;
    private readonly List<(string Name, int Children, int Repetition)> _schema = [];
    private readonly List<(long Rows, List<ParquetChunk> Chunks)> _groups = [];
    private readonly string _file;

    private ParquetFooter(string file) => _file = file;

    /// <summary>[group]: its rows.</summary>
    public IReadOnlyList<long> Rows => [.. _groups.Select(g => g.Rows)];

    /// <summary>The first byte behind the data.</summary>
    public long End { get; private set; }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="InvalidDataException">The file is damaged. One line.</exception>
    public static ParquetFooter Read(string file, Stream stream)
    {
        ParquetFooter footer = new(file);
        try
        {
            footer.Read(stream);
            footer.CheckSchema();
            footer.CheckGroups();
            return footer;
        }
        catch (EndOfStreamException)
        {
            throw Damaged(file, "its footer is cut off");
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(file, StringComparison.Ordinal))
        {
            throw Damaged(file, $"its footer: {e.Message}");
        }
    }

    /// <summary>A column of a group; null where there is none.</summary>
    public ParquetChunk? Find(int group, string column) => _groups[group].Chunks.Find(c => c.Path == column);

    /// <summary>The error of a damaged file.</summary>
    public static InvalidDataException Damaged(string file, string what) => DatasetFault.At(file, $"the Parquet file is damaged or cut off ({what}). Write it again.");

    private void Read(Stream stream)
    {
        if (stream.Length < Tail + 4) throw Damaged(_file, $"it has {stream.Length} bytes");
        Span<byte> tail = stackalloc byte[Tail];
        stream.Position = stream.Length - Tail;
        stream.ReadExactly(tail);
        if (!tail[4..].SequenceEqual("PAR1"u8)) throw Damaged(_file, "it does not end as Parquet does");
        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        End = stream.Length - Tail - length;
        if (End < 4) throw Damaged(_file, "its footer is longer than the file");
        if (length > LargestFooter) throw Damaged(_file, $"its footer has {length} bytes");
        byte[] bytes = new byte[length];
        stream.Position = End;
        stream.ReadExactly(bytes);
        ThriftWalk walk = new(bytes);
        walk.Struct(ParquetShapes.File, Visit);
    }

    private void Visit(ReadOnlySpan<int> path, long number, ReadOnlySpan<byte> text)
    {
        switch (path)
        {
            case [2, int i, 4]:
                Element(i);
                _schema[i] = _schema[i] with { Name = Encoding.UTF8.GetString(text) };
                break;
            case [2, int i, 5]:
                Element(i);
                _schema[i] = _schema[i] with { Children = Whole(number, MostColumns) };
                break;
            case [2, int i, 3]:
                Element(i);
                _schema[i] = _schema[i] with { Repetition = Whole(number, 2) };
                break;
            case [4, int g, 3]:
                Group(g);
                _groups[g] = _groups[g] with { Rows = number };
                break;
            case [4, int g, 1, int c, 3, 3, int k]:
                Chunk(g, c).Path = k == 0 ? Encoding.UTF8.GetString(text) : Chunk(g, c).Path + "." + Encoding.UTF8.GetString(text);
                break;
            case [4, int g, 1, int c, 3, int field]:
                Fill(Chunk(g, c), field, number);
                break;
            case [4, int g, 1, int c, 1]:
                if (number > 0) throw new InvalidDataException("column " + c + " of group " + g + " lies in another file");
                break;
            case [8, ..]:
                throw new InvalidDataException("it is encrypted");
        }
    }

    private static void Fill(ParquetChunk chunk, int field, long number)
    {
        switch (field)
        {
            case 4: chunk.Codec = Whole(number, 7); break;
            case 5: chunk.Values = number; break;
            case 7: chunk.Bytes = number; break;
            case 9: chunk.DataAt = number; break;
            case 10: chunk.IndexAt = number; break;
            case 11: chunk.DictionaryAt = number; break;
        }
    }

    // The first is the root; each names how many follow below it.
    private void CheckSchema()
    {
        if (_schema.Count == 0) throw new InvalidDataException("it has no schema");
        int at = 0;
        Below(0);
        if (at != _schema.Count) throw new InvalidDataException("its schema is no tree");

        void Below(int depth)
        {
            if (at == _schema.Count) throw new InvalidDataException("its schema is no tree");
            if (depth > Deepest) throw new InvalidDataException("its schema is nested too deeply");
            (string name, int children, _) = _schema[at++];
            if (name.Length == 0 && depth > 0) throw new InvalidDataException("a column has no name");
            HashSet<string> names = new(StringComparer.Ordinal);
            for (int i = 0; i < children; i++)
            {
                if (at < _schema.Count && !names.Add(_schema[at].Name)) throw new InvalidDataException($"two columns are named '{_schema[at].Name}'");
                Below(depth + 1);
            }
        }
    }

    private void CheckGroups()
    {
        HashSet<string> repeated = [.. _schema.Where(s => s.Repetition == 2).Select(s => s.Name)];
        foreach ((long rows, List<ParquetChunk> chunks) in _groups)
        {
            if (rows is < 0 or > int.MaxValue) throw new InvalidDataException($"a group has {rows} rows");
            foreach (ParquetChunk chunk in chunks)
            {
                bool flat = !chunk.Path.Contains('.', StringComparison.Ordinal) && !repeated.Contains(chunk.Path);
                if (flat && chunk.Values != rows) throw new InvalidDataException($"column {chunk.Path} has {chunk.Values} values in a group of {rows} rows");
                if (chunk.Bytes < 0 || chunk.Start < 4 || chunk.Start > End - chunk.Bytes) throw new InvalidDataException($"column {chunk.Path} lies outside the file");
            }
        }
    }

    private void Element(int index)
    {
        if (index >= MostColumns) throw new InvalidDataException("it has too many columns");
        while (_schema.Count <= index) _schema.Add(("", 0, 0));
    }

    private void Group(int index)
    {
        if (index >= MostGroups) throw new InvalidDataException("it has too many groups of rows");
        while (_groups.Count <= index) _groups.Add((0, []));
    }

    private ParquetChunk Chunk(int group, int index)
    {
        Group(group);
        List<ParquetChunk> chunks = _groups[group].Chunks;
        if (index >= MostColumns) throw new InvalidDataException("it has too many columns");
        while (chunks.Count <= index) chunks.Add(new ParquetChunk());
        return chunks[index];
    }

    private static int Whole(long number, int most) => number >= 0 && number <= most ? (int)number : throw new InvalidDataException($"{number} stands where 0 to {most} may");
}
