namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// A part of a file for a library that believes what it reads: behind its end there is an error, where the library would wait for
/// ever, and there is an error when more has been read than a whole pass can need.
/// </summary>
internal sealed class GuardedStream(Stream file) : Stream
{
    private const int Passes = 4, Spare = 1 << 16;
    private long _start, _end = file.Length, _left = long.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Lets only a part be read, and not again and again.</summary>
    public void Allow(long start, long end) => (_start, _end, _left) = (start, end, (Passes * (end - start)) + Spare);

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 1 ? one[0] : throw new EndOfStreamException("it goes on behind its end");
    }

    public override int Read(Span<byte> buffer)
    {
        long at = file.Position;
        if (at < _start || at > _end) throw new EndOfStreamException("it points to another part of the file");
        int count = file.Read(buffer[..(int)Math.Min(buffer.Length, _end - at)]);

        // Every call counts, so that no loop is endless.
        _left -= count + 1;
        return _left >= 0 ? count : throw new InvalidDataException("it is read again and again");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return ValueTask.FromResult(Read(buffer.Span));
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => file.Position + offset, _ => file.Length + offset };
        return target >= 0 && target <= file.Length ? file.Seek(target, SeekOrigin.Begin) : throw new EndOfStreamException("it points outside the file");
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
