using System.Numerics.Tensors;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// float32 with SIMD, in the widest vectors of the machine (the environment variable EMOTIONXAI_SIMD forces 512, 256, 128 or
/// 1). Results are the same bits for any number of threads. Any number of callers may use it at the same time, as long as none
/// writes to a buffer that another uses; the threads help one of them, the others work alone.
/// </summary>
public sealed unsafe partial class CpuBackend : IBackend
{
    private readonly MemoryPool _pool;
    private readonly ICpuKernels _kernels;
    private readonly WorkerPool? _workers;
    private readonly CpuBackend? _lender;
    private IReadOnlyList<IBackend>? _lanes;
    private int _live;
    private bool _disposed;

    /// <summary>A backend with threads of its own.</summary>
    /// <param name="threads">Threads that share large products, the caller's among them.</param>
    /// <exception cref="ArgumentException">Fewer than one thread, or EMOTIONXAI_SIMD forces a width that does not run here.</exception>
    public CpuBackend(int threads = 1)
        : this(threads, VectorWidths.Choose())
    {
    }

    internal CpuBackend(int threads, int lanes)
    {
        if (threads < 1) Throw.OutOfRange(nameof(CpuBackend), nameof(threads), threads, "1 or more");
        Width = lanes;
        _pool = new MemoryPool();
        _kernels = VectorWidths.Create(lanes, _pool);
        if (threads > 1) _workers = new WorkerPool(threads);
    }

    private CpuBackend(CpuBackend lender) => (_lender, Width, _pool, _kernels) = (lender, lender.Width, lender._pool, lender._kernels);

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <summary>Numbers in a vector: 16, 8, 4 or 1.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IBackend> Lanes =>
        _lanes ??= _workers is null ? [this] : [.. Enumerable.Range(0, _workers.Count).Select(_ => new CpuBackend(this))];

    /// <inheritdoc/>
    public double UnitRoundoff => 1.0 / (1 << 24);

    /// <inheritdoc/>
    public int LiveBuffers => Root._live;

    private CpuBackend Root => _lender ?? this;

    /// <inheritdoc/>
    public bool SharesMemory(IBackend other) => other is CpuBackend cpu && ReferenceEquals(cpu._pool, _pool);

    /// <inheritdoc/>
    public void OnLanes(Action<int> work)
    {
        if (_workers is null) work(0);
        else _workers.Run(_workers.Count, work);
    }

    /// <inheritdoc/>
    public Storage Allocate(int length)
    {
        ObjectDisposedException.ThrowIf(Root._disposed, this);
        if (length < 0) Throw.OutOfRange(nameof(Allocate), nameof(length), length, "0 or more");
        int sizeClass = MemoryPool.ClassOf(length);
        Interlocked.Increment(ref Root._live);
        return new CpuStorage(Root, _pool.Rent(sizeClass), length, sizeClass);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It was given back before.</exception>
    public void Free(Storage storage)
    {
        CpuStorage own = Own(nameof(Free), storage);
        if (!own.Retire()) throw new InvalidOperationException("Free: this storage was given back before; free it once.");
        Interlocked.Decrement(ref Root._live);
        Unpack(own);
        _pool.Return(own.Memory, own.SizeClass);
    }

    /// <summary>
    /// Waits for work that its threads share, stops them and gives the memory back, that of live buffers once they are freed or
    /// collected. Buffers used afterwards throw <see cref="ObjectDisposedException"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called from inside its own work.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (_lender is null) _workers?.Dispose();
        _disposed = true;
        if (_lender is null) _pool.Dispose();
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> source, Slice target) => source.CopyTo(Span(nameof(Write), nameof(target), target, source.Length));

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<double> source, Slice target)
    {
        TensorPrimitives.ConvertTruncating(source, Span(nameof(Write), nameof(target), target, source.Length));
    }

    /// <inheritdoc/>
    public void Read(Slice source, Span<float> target) => Span(nameof(Read), nameof(source), source, target.Length).CopyTo(target);

    /// <inheritdoc/>
    public void Read(Slice source, Span<double> target)
    {
        TensorPrimitives.ConvertTruncating<float, double>(Span(nameof(Read), nameof(source), source, target.Length), target);
    }

    private CpuStorage Own(string op, Storage storage)
    {
        if (storage is not CpuStorage own || !ReferenceEquals(own.Owner, Root))
        {
            Throw.ForeignBackend(op, Name, storage is CpuStorage ? "another cpu backend" : storage.GetType().Name);
            return null!;
        }

        return own;
    }

    // Every way to memory leads through here: the storage is ours and live, and the slice lies inside it.
    private float* Open(string op, string name, Slice slice, long length)
    {
        CpuStorage own = Own(op, slice.Storage);
        ObjectDisposedException.ThrowIf(!own.Live || Root._disposed, own);
        if (slice.Offset < 0 || slice.Length < 0 || slice.Offset > own.Length - slice.Length) Throw.SliceOutOfRange(slice.Offset, slice.Length, own.Length);
        if (slice.Length != length) Throw.BadLength(op, name, slice.Length, (int)Math.Min(length, int.MaxValue));
        return own.Memory + slice.Offset;
    }

    private float* Open(string op, string name, Slice slice) => Open(op, name, slice, slice.Length);

    private Span<float> Span(string op, string name, Slice slice, int length) => new(Open(op, name, slice, length), length);

    private Operand Repeated(string op, string name, Slice slice, Slice output)
    {
        float* data = Open(op, name, slice);
        int length = output.Length;
        Overlap.Map(name, slice, output);
        if (length > 0 && (slice.Length == 0 || length % slice.Length != 0)) Throw.BadLength(op, name, slice.Length, length);
        return new Operand(data, slice.Length);
    }
}
