using System.Buffers;
using System.Globalization;
using System.Text;
using EmotionXai.Engine.Serialization;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// A CSV file, row by row as UTF-8 bytes in one buffer: no string for the file, a line or a cell that nobody asks for. Bears a
/// byte order mark, CRLF, blanks around cells, quoted cells (no line breaks in them) and empty lines.
/// </summary>
internal sealed class CsvReader : IDisposable
{
    private const int FirstBuffer = 1 << 16, LongestLine = 1 << 23, MostColumns = 100_000;
    private readonly FileStream _stream;
    private readonly string[] _header;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _from, _to, _lineStart, _lineLength;
    private int[] _starts = new int[64], _ends = new int[64];

    /// <summary>Opens a file and reads its header.</summary>
    public CsvReader(string path)
    {
        File = path;
        try
        {
            _stream = InputFile.Open(path, buffer: 0);
        }
        catch (UnauthorizedAccessException)
        {
            throw DatasetFault.Forbidden(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw DatasetFault.Missing(path, "Check the path.");
        }

        try
        {
            _header = ReadHeader();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The path, as given.</summary>
    public string File { get; }

    /// <summary>The number of the row's line; the header's is usually 1.</summary>
    public int Line { get; private set; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Header => _header;

    /// <summary>The names in a file's header.</summary>
    public static IReadOnlySet<string> HeaderOf(string path)
    {
        using CsvReader reader = new(path);
        return reader._columns.Keys.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The column of exactly that name, or -1. OpenFace's x_0 and X_0 differ.</summary>
    public int Find(string name) => _columns.GetValueOrDefault(name, -1);

    /// <summary>The first of some names, in any case, or -1.</summary>
    public int FindAny(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            int at = Array.FindIndex(_header, h => h.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (at >= 0) return at;
        }

        return -1;
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Read()
    {
        if (!NextLine()) return false;
        int cells = Split();
        if (cells == _header.Length) return true;
        throw DatasetFault.At(File, Line, $"{cells} cells where the header has {_header.Length} columns. The file was cut off or edited: write it again, or delete the line.");
    }

    /// <summary>A cell without blanks and quotes around it.</summary>
    public ReadOnlySpan<byte> Cell(int column)
    {
        ReadOnlySpan<byte> cell = Bytes().Slice(_starts[column], _ends[column] - _starts[column]).Trim((byte)' ').Trim((byte)'\t');
        return cell.Length >= 2 && cell[0] == '"' ? cell[1..^1] : cell;
    }

    /// <summary>A cell as text.</summary>
    public string Text(int column) => CsvText.Text(Encoding.UTF8.GetString(Cell(column)).Replace("\"\"", "\"", StringComparison.Ordinal).Trim());

    /// <summary>A cell as a number; NaN where it is empty or says nan.</summary>
    public double Number(int column)
    {
        ReadOnlySpan<byte> cell = Cell(column);
        if (cell.IsEmpty) return double.NaN;
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !double.IsInfinity((float)value)) return value;
        throw DatasetFault.At(File, Line, _header[column], $"'{Show(column)}' is no number. Correct it, or leave the cell empty where the tracker found nothing.");
    }

    /// <summary>An error in the current row.</summary>
    public InvalidDataException Fault(int column, string problem) => DatasetFault.At(File, Line, _header[column], problem);

    public void Dispose()
    {
        _stream?.Dispose();
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private string Show(int column)
    {
        string text = Text(column);
        return text.Length <= 40 ? text : text[..40] + "...";
    }

    private string[] ReadHeader()
    {
        if (!NextLine()) throw DatasetFault.At(File, _stream.Length == 0 ? "the file is empty. Write it again." : "the file holds nothing but empty lines. Write it again.");
        if (Bytes().StartsWith(Encoding.UTF8.Preamble)) (_lineStart, _lineLength) = (_lineStart + 3, _lineLength - 3);
        ReadOnlySpan<byte> line = Bytes();
        if (line is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw DatasetFault.At(File, "the file is UTF-16. Save it as UTF-8.");
        if (line.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(line)) throw DatasetFault.At(File, "line 1: this is no text. Give a CSV file with a header.");
        int count = Split();
        if (count > MostColumns) throw DatasetFault.At(File, Line, $"the header has {count} columns, and {MostColumns} are the most. This is no CSV file of landmarks.");
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = Text(i);
            if (!_columns.TryAdd(names[i], i) && names[i].Length > 0)
                throw DatasetFault.At(File, Line, names[i], "the header names this column twice. Delete one of the two.");
        }

        return names;
    }

    private ReadOnlySpan<byte> Bytes() => _buffer.AsSpan(_lineStart, _lineLength);

    // The next line that is not blank; without its end.
    private bool NextLine()
    {
        while (true)
        {
            int end, searched = 0;
            while ((end = _buffer.AsSpan(_from + searched, _to - _from - searched).IndexOf((byte)'\n')) < 0)
            {
                searched = _to - _from;
                if (Refill()) continue;
                if (_from == _to) return false;
                (end, searched) = (_to - _from, 0);
                break;
            }

            end += searched;
            (_lineStart, _lineLength) = (_from, end);
            _from = Math.Min(_from + end + 1, _to);
            Line++;
            if (_lineLength > 0 && _buffer[_lineStart + _lineLength - 1] == '\r') _lineLength--;
            if (Bytes().ContainsAnyExcept((byte)' ', (byte)'\t')) return true;
        }
    }

    // Moves what is left to the front and reads behind it; false at the end of the file.
    private bool Refill()
    {
        int left = _to - _from;
        if (left > LongestLine) throw DatasetFault.At(File, Line + 1, $"longer than {LongestLine} bytes. This is no CSV file of landmarks.");
        if (left == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * left);
            _buffer.AsSpan(_from, left).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_from > 0)
        {
            _buffer.AsSpan(_from, left).CopyTo(_buffer);
        }

        (_from, _to) = (0, left);
        int read = _stream.Read(_buffer.AsSpan(left));
        _to += read;
        return read > 0;
    }

    // Finds the bounds of all cells and returns their number.
    private int Split()
    {
        ReadOnlySpan<byte> line = Bytes();
        bool quotes = line.Contains((byte)'"');
        int count = 0, start = 0;
        while (true)
        {
            int length = quotes ? QuotedLength(line[start..]) : line[start..].IndexOf((byte)',');
            if (count == _starts.Length)
            {
                Array.Resize(ref _starts, 2 * count);
                Array.Resize(ref _ends, 2 * count);
            }

            _starts[count] = start;
            _ends[count++] = length < 0 ? line.Length : start + length;
            if (length < 0) return count;
            start += length + 1;
        }
    }

    // To the comma that ends this cell, or -1 at the end of the line. A doubled quote inside quotes closes and opens again.
    private int QuotedLength(ReadOnlySpan<byte> rest)
    {
        bool inside = false;
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '"') inside = !inside;
            else if (rest[i] == ',' && !inside) return i;
        }

        return inside ? throw DatasetFault.At(File, Line, "a quote is opened and not closed. Close it on the same line.") : -1;
    }
}
