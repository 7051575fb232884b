using System.Buffers.Binary;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// The pages of a column, held against its description before the library reads them: each lies inside the column, together they
/// have its values, and none unfolds to more than the file may.
/// </summary>
internal sealed class ParquetPages(string file, Stream stream, long budget)
{
    private const int FirstHead = 4096, LargestHead = 1 << 20;
    private const int DataPage = 0, DictionaryPage = 2, DataPageV2 = 3;
    private const int None = 0, Snappy = 1, Zstd = 6;
    private const int DeltaStrings = 7, BytesOfShortest = 4;
    private long _unfolded;

    /// <summary>Checks a column.</summary>
    /// <returns>The bytes that it takes: [start, end).</returns>
    /// <exception cref="InvalidDataException">It is damaged, or unfolds to too much. One line.</exception>
    public (long Start, long End) Check(ParquetChunk chunk)
    {
        long at = chunk.Start, end = at + chunk.Bytes, values = 0;
        bool dictionary = false;
        while (values < chunk.Values)
        {
            Head head = Read(chunk, at, end);
            long data = at + head.Length;
            if (head.Compressed < 0 || head.Compressed > end - data || head.Unfolded < 0) throw Fault(chunk, "a page goes on behind it");
            _unfolded += head.Unfolded;
            if (_unfolded > budget) throw DatasetFault.At(file, $"its pages unfold to more than {budget} bytes. Write it with less compression, or as CSV.");
            CheckPacked(chunk, head, data);
            switch (head.Type)
            {
                case DictionaryPage when !dictionary:
                    dictionary = true;
                    if (head.Values < 0 || head.Values > head.Unfolded / BytesOfShortest) throw Fault(chunk, "its dictionary is too long");
                    break;
                case DataPage or DataPageV2:
                    if (head.Values < 0 || head.Values > chunk.Values - values) throw Fault(chunk, "its pages have more values than it");
                    if (head.Encoding == DeltaStrings) throw DatasetFault.At(file, $"column {chunk.Path}: texts as differences (DELTA_BYTE_ARRAY) are not read. Write it with a dictionary.");
                    values += head.Values;
                    break;
                default:
                    throw Fault(chunk, $"it has a page of kind {head.Type}");
            }

            at = data + head.Compressed;
        }

        return (chunk.Start, end);
    }

    private Head Read(ParquetChunk chunk, long at, long end)
    {
        for (int window = FirstHead; ; window *= 4)
        {
            byte[] bytes = new byte[(int)Math.Min(window, Math.Max(0, end - at))];
            stream.Position = at;
            stream.ReadExactly(bytes);
            Head head = new();
            try
            {
                ThriftWalk walk = new(bytes);
                walk.Struct(ParquetShapes.Page, head.Visit);
                head.Length = walk.Position;
                return head.IsWhole ? head : throw Fault(chunk, "a page has no head");
            }
            catch (EndOfStreamException) when (bytes.Length == window && window < LargestHead)
            {
                // Statistics may be long: look at more.
            }
            catch (EndOfStreamException)
            {
                throw Fault(chunk, "its pages are cut off");
            }
            catch (InvalidDataException e) when (!e.Message.StartsWith(file, StringComparison.Ordinal))
            {
                throw Fault(chunk, $"a page's head: {e.Message}");
            }
        }
    }

    // What some codecs say about their own length is what the library believes, so it must not be more than the page says.
    private void CheckPacked(ParquetChunk chunk, Head head, long at)
    {
        if (chunk.Codec == None || (head.Type == DataPageV2 && !head.IsPacked))
        {
            if (head.Unfolded != head.Compressed) throw Fault(chunk, "a page that is not compressed has two lengths");
            return;
        }

        if (chunk.Codec is not (Snappy or Zstd)) return;
        long skip = head.Type == DataPageV2 ? head.Levels : 0;
        if (skip < 0 || skip > head.Compressed) throw Fault(chunk, "a page's levels go on behind it");
        byte[] packed = new byte[head.Compressed - skip];
        stream.Position = at + skip;
        stream.ReadExactly(packed);
        long says = chunk.Codec == Snappy ? SnappyLength(packed) : ZstdLength(packed);
        if (says < 0 || says > head.Unfolded) throw Fault(chunk, "a page unfolds to another length than it says");
    }

    private static long SnappyLength(ReadOnlySpan<byte> packed)
    {
        long length = 0;
        for (int i = 0; i < Math.Min(5, packed.Length); i++)
        {
            length |= (long)(packed[i] & 0x7F) << (7 * i);
            if (packed[i] < 0x80) return length;
        }

        return -1;
    }

    // One frame that tells its length and ends where the page does. Source: RFC 8878, section 3.1.1.
    private static long ZstdLength(ReadOnlySpan<byte> packed)
    {
        if (packed.Length < 6 || BinaryPrimitives.ReadUInt32LittleEndian(packed) != 0xFD2FB528) return -1;
        int flags = packed[4], sizeFlag = flags >> 6;
        bool single = (flags & 0x20) != 0;
        int at = 5 + (single ? 0 : 1) + (flags & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 };
        int bytes = sizeFlag switch { 0 => single ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        if (bytes == 0 || at + bytes > packed.Length) return -1;
        ulong size = 0;
        for (int i = 0; i < bytes; i++) size |= (ulong)packed[at + i] << (8 * i);
        if (bytes == 2) size += 256;
        at += bytes;
        bool last = false;
        while (!last)
        {
            if (at + 3 > packed.Length) return -1;
            int head = packed[at] | (packed[at + 1] << 8) | (packed[at + 2] << 16), length = head >> 3;
            last = (head & 1) != 0;
            at += 3 + (((head >> 1) & 3) == 1 ? 1 : length);
            if (at > packed.Length) return -1;
        }

        if ((flags & 4) != 0) at += 4;
        return at == packed.Length && size <= int.MaxValue ? (long)size : -1;
    }

    private InvalidDataException Fault(ParquetChunk chunk, string what) => ParquetFooter.Damaged(file, $"column {chunk.Path}: {what}");

    private sealed class Head
    {
        private bool _data, _dictionary, _dataV2;

        public int Length { get; set; }

        public int Type { get; private set; } = -1;

        public long Unfolded { get; private set; } = -1;

        public long Compressed { get; private set; } = -1;

        public long Values { get; private set; } = -1;

        public int Encoding { get; private set; }

        public long Levels { get; private set; }

        public bool IsPacked { get; private set; } = true;

        /// <summary>Whether what belongs to its kind is there.</summary>
        public bool IsWhole => Type switch { DataPage => _data, DictionaryPage => _dictionary, DataPageV2 => _dataV2, _ => true };

        public void Visit(ReadOnlySpan<int> path, long number, ReadOnlySpan<byte> text)
        {
            switch (path)
            {
                case [1]: Type = (int)number; break;
                case [2]: Unfolded = number; break;
                case [3]: Compressed = number; break;
                case [5, 1] when Type == DataPage: (Values, _data) = (number, true); break;
                case [7, 1] when Type == DictionaryPage: (Values, _dictionary) = (number, true); break;
                case [8, 1] when Type == DataPageV2: (Values, _dataV2) = (number, true); break;
                case [5, 2] when Type == DataPage: Encoding = (int)number; break;
                case [8, 4] when Type == DataPageV2: Encoding = (int)number; break;
                case [8, 5] when Type == DataPageV2: Levels += number; break;
                case [8, 6] when Type == DataPageV2: Levels += number; break;
                case [8, 7]: IsPacked = number != 0; break;
            }
        }
    }
}
