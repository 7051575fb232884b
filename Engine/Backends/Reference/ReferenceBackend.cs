
namespace EmotionXai.Engine.Backends.Reference;

/// <summary>
/// The definition of every primitive: float64, one thread, plain loops, each sum in the order of its index. It is the
/// oracle that the fast backends are tested against, and slow on purpose.
/// </summary>
/// <remarks>
/// A length that does not fit throws <see cref="ArgumentException"/>, a storage used after it was given back
/// <see cref="ObjectDisposedException"/>, one given back twice <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed partial class ReferenceBackend : IBackend
{
    private int _liveBuffers;
    private bool _disposed;

    /// <inheritdoc/>
    public string Name => "reference";

    /// <inheritdoc/>
    public double UnitRoundoff => 1.0 / (1L << 53);

    /// <inheritdoc/>
    public int LiveBuffers => _liveBuffers;

    /// <summary>A buffer of NaN: contents are undefined until written, and NaN shows who read them before.</summary>
    /// <exception cref="ArgumentException"><paramref name="length"/> is negative.</exception>
    public Storage Allocate(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (length < 0) Throw.OutOfRange(nameof(Allocate), nameof(length), length, "0 or more");
        ReferenceStorage storage = new(this, length);
        Array.Fill(storage.Elements!, double.NaN);
        Interlocked.Increment(ref _liveBuffers);
        return storage;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It was given back before.</exception>
    /// <exception cref="ArgumentException">Another backend owns it.</exception>
    public void Free(Storage storage)
    {
        ReferenceStorage own = Own(nameof(Free), storage);
        if (own.Elements is null) throw new InvalidOperationException("Free: this storage was given back before; free it once.");
        own.Elements = null;
        Interlocked.Decrement(ref _liveBuffers);
    }

    /// <summary>No more buffers are handed out; those that live stay readable.</summary>
    public void Dispose() => _disposed = true;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> source, Slice target)
    {
        Span<double> elements = Open(nameof(Write), nameof(target), target, source.Length);
        for (int i = 0; i < elements.Length; i++) elements[i] = source[i];
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<double> source, Slice target) =>
        source.CopyTo(Open(nameof(Write), nameof(target), target, source.Length));

    /// <inheritdoc/>
    public void Gather(Slice table, int width, Slice rows, Slice target)
    {
        ReadOnlySpan<double> held = Open(nameof(Gather), nameof(table), table), chosen = Open(nameof(Gather), nameof(rows), rows);
        Span<double> elements = Open(nameof(Gather), nameof(target), target);
        int count = RowTable.Check(table.Length, width, rows.Length, target.Length);
        Overlap.Gather(table, rows, target);
        for (int i = 0; i < chosen.Length; i++)
        {
            Span<double> to = elements.Slice(i * width, width);
            if (chosen[i] >= 0 && chosen[i] < count) held.Slice((int)chosen[i] * width, width).CopyTo(to);
            else to.Fill(double.NaN);
        }
    }

    /// <inheritdoc/>
    public void Read(Slice source, Span<float> target)
    {
        Span<double> elements = Open(nameof(Read), nameof(source), source, target.Length);
        for (int i = 0; i < elements.Length; i++) target[i] = (float)elements[i];
    }

    /// <inheritdoc/>
    public void Read(Slice source, Span<double> target) =>
        Open(nameof(Read), nameof(source), source, target.Length).CopyTo(target);

    /// <inheritdoc/>
    public void Fill(Slice target, double value) => Open(nameof(Fill), nameof(target), target).Fill(value);

    /// <inheritdoc/>
    public void Copy(in BlockCopy layout, Slice source, Slice target, bool accumulate)
    {
        Span<double> from = Open(nameof(Copy), nameof(source), source);
        Span<double> to = Open(nameof(Copy), nameof(target), target);
        CheckReach(nameof(source), source.Length, layout, layout.SourceStride0, layout.SourceStride1);
        CheckReach(nameof(target), target.Length, layout, layout.TargetStride0, layout.TargetStride1);
        Overlap.Copy(layout, source, target);
        for (int i = 0; i < layout.Count0; i++)
            for (int j = 0; j < layout.Count1; j++)
                for (int e = 0; e < layout.Block; e++)
                {
                    double value = layout.Scale * from[(i * layout.SourceStride0) + (j * layout.SourceStride1) + e];
                    ref double place = ref to[(i * layout.TargetStride0) + (j * layout.TargetStride1) + e];
                    place = accumulate ? place + value : value;
                }
    }

    private static void CheckReach(string name, int length, in BlockCopy layout, int stride0, int stride1)
    {
        CheckCount(nameof(Copy), nameof(layout.Count0), layout.Count0);
        CheckCount(nameof(Copy), nameof(layout.Count1), layout.Count1);
        CheckCount(nameof(Copy), nameof(layout.Block), layout.Block);
        CheckCount(nameof(Copy), "stride", Math.Min(stride0, stride1));
        if (layout.Count0 == 0 || layout.Count1 == 0 || layout.Block == 0) return;
        long reach = ((layout.Count0 - 1L) * stride0) + ((layout.Count1 - 1L) * stride1) + layout.Block;
        if (reach > length) Throw.BadLength(nameof(Copy), name, length, Saturate(reach));
    }

    private static void CheckCount(string op, string name, int count)
    {
        if (count < 0) Throw.OutOfRange(op, name, count, "0 or more");
    }

    /// <summary>The elements of a slice that must have <paramref name="expected"/> of them.</summary>
    private Span<double> Open(string op, string name, Slice slice, long expected)
    {
        if (slice.Length != expected) Throw.BadLength(op, name, slice.Length, Saturate(expected));
        return Open(op, name, slice);
    }

    private Span<double> Open(string op, string name, Slice slice)
    {
        ReferenceStorage own = Own(op, slice.Storage);
        ObjectDisposedException.ThrowIf(own.Elements is null, own);
        if (slice.Offset < 0 || slice.Length < 0 || slice.Offset > own.Length - slice.Length)
            Throw.SliceOutOfRange(slice.Offset, slice.Length, own.Length);
        return own.Elements.AsSpan(slice.Offset, slice.Length);
    }

    private ReferenceStorage Own(string op, Storage storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        if (storage is not ReferenceStorage own || own.Owner != this)
        {
            Throw.ForeignBackend(op, Name, storage.GetType().Name);
            return null;
        }

        return own;
    }

    private static int Saturate(long length) => (int)Math.Min(length, int.MaxValue);
}
