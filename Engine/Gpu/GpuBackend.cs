using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// float32 on a GPU through ILGPU: CUDA, OpenCL, or ILGPU's emulation on the CPU, which runs the same kernels for tests. No op
/// falls back to the CPU. Calls return before the device is done; reads wait. Any number of callers may use it, one after the
/// other: a call waits for its turn. The same device gives the same bits every time.
/// </summary>
public sealed partial class GpuBackend : IBackend, IWaitsForRoom
{
    // Of CUDA; OpenCL and the emulation have no such bound.
    private const int MostGridRows = 65_535;

    private readonly Lock _gate = new();
    private readonly GpuDevice _device;
    private readonly AcceleratorStream _stream;
    private readonly Staging _staging;
    private readonly TrafficMeter _meter = new();
    private int _live;
    private bool _waits, _disposed, _waitsForRoom = true;

    /// <summary>A backend on the best GPU.</summary>
    /// <exception cref="EngineException">There is no GPU, it cannot be opened, or it has no tensor cores for <paramref name="math"/>.</exception>
    public GpuBackend(ProductMath math = ProductMath.Float32)
        : this(GpuDevices.Gpu(math), "gpu", math)
    {
    }

    /// <summary>A backend on a device that is open.</summary>
    internal GpuBackend(GpuDevice device, string name, ProductMath math)
    {
        _device = device;
        Math = math;
        Name = name;
        _stream = device.Accelerator.CreateStream();
        device.Pool.Join(_stream, _meter);
        _staging = new Staging(device, _stream, _meter);
    }

    /// <summary>A backend that runs the GPU's kernels on the CPU, thread by thread: for tests, and very slow. It has no tensor cores, but rounds as they do.</summary>
    public static GpuBackend Emulated(ProductMath math = ProductMath.Float32) => new(GpuDevices.Emulated(), "emulated", math);

    /// <summary>An emulated device of its own, with so much memory and no more, warps of so many threads and groups of so many warps.</summary>
    internal static GpuBackend Emulated(long memoryBytes, int warp = 2, int warps = 2) => new(GpuDevices.Emulated(memoryBytes, warp, warps), "emulated", ProductMath.Float32);

    /// <summary>Counts the launches and bytes of a card that is not there; nothing is computed, and what is read is zero. It may keep launches, or not.</summary>
    internal static GpuBackend Dry(DryCard card, long memoryBytes, bool keeps = false) => new(GpuDevices.Dry(card, memoryBytes, keeps), "dry", ProductMath.Float32);

    /// <inheritdoc/>
    public Traffic? Traffic => _meter.Total;

    /// <summary>What the operands of matrix products are rounded to.</summary>
    public ProductMath Math { get; }

    /// <inheritdoc/>
    /// <remarks>Otherwise calls queue up and only reads wait.</remarks>
    public void WaitAfterEveryCall() => _waits = true;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public double UnitRoundoff => 1.0 / (1 << 24);

    /// <inheritdoc/>
    /// <remarks>The emulation has no use for large batches.</remarks>
    public BatchSizes Batches
    {
        get
        {
            BatchSizes sizes = BatchSizes.For(_device.Memory);
            return _device.IsEmulated ? BatchSizes.Cached with { Resident = sizes.Resident } : sizes;
        }
    }

    /// <inheritdoc/>
    public int LiveBuffers => _live;

    bool IWaitsForRoom.WaitsForRoom
    {
        get => _waitsForRoom;
        set => _waitsForRoom = value;
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">The device is full.</exception>
    public Storage Allocate(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        // Indices of threads run past the end of an array by up to a launch.
        if (length is < 0 or > int.MaxValue - (1 << 24)) Throw.OutOfRange(nameof(Allocate), nameof(length), length, $"from 0 to {int.MaxValue - (1 << 24)}");
        using Lock.Scope turn = _gate.EnterScope();
        int size = DevicePool.SizeOf(length);
        GpuStorage storage = new(this, _capturing is { } capturing ? Rent(capturing, size) : _device.Pool.Rent(_stream, size, _waitsForRoom), length, size);
        _live++;
        _device.Runner?.Renew(storage.Memory.View.BaseView);
        return storage;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It was given back before.</exception>
    public void Free(Storage storage)
    {
        using Lock.Scope turn = _gate.EnterScope();
        GpuStorage own = Own(nameof(Free), storage);
        if (!own.Live) throw new InvalidOperationException("Free: this storage was given back before; free it once.");
        own.Live = false;
        _live--;
        if (_capturing is not null) _capturing.Spare.Add((own.Memory, own.SizeClass));
        else if (!_disposed) _device.Pool.Return(_stream, own.Memory, own.SizeClass);
    }

    /// <summary>Waits for the device and gives all memory back, to other backends or to the device; no buffer of it may be used afterwards.</summary>
    public void Dispose()
    {
        using Lock.Scope turn = _gate.EnterScope();
        if (_disposed) return;
        _disposed = true;
        _staging.Dispose();
        _device.Pool.Leave(_stream);
        _stream.Dispose();
    }

    /// <summary>Waits until the device has done all that was asked of it.</summary>
    public void Synchronize()
    {
        using Lock.Scope turn = _gate.EnterScope();
        NotCaptured();
        Wait();
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> source, Slice target)
    {
        using Lock.Scope turn = _gate.EnterScope();
        NotCaptured();
        _staging.Upload(source, Open(nameof(Write), nameof(target), target, source.Length));
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<double> source, Slice target)
    {
        using Lock.Scope turn = _gate.EnterScope();
        NotCaptured();
        _staging.Upload(source, Open(nameof(Write), nameof(target), target, source.Length));
    }

    /// <inheritdoc/>
    public void Gather(Slice table, int width, Slice rows, Slice target)
    {
        using Lock.Scope turn = _gate.EnterScope();
        ArrayView<float> from = Open(nameof(Gather), nameof(table), table), chosen = Open(nameof(Gather), nameof(rows), rows), to = Open(nameof(Gather), nameof(target), target);
        RowTable.Check(table.Length, width, rows.Length, target.Length);
        Overlap.Gather(table, rows, target);
        Stride(target.Length, new GatherKernel(from, width, chosen, to));
    }

    /// <inheritdoc/>
    public void Read(Slice source, Span<float> target)
    {
        using Lock.Scope turn = _gate.EnterScope();
        NotCaptured();
        _staging.Download(Open(nameof(Read), nameof(source), source, target.Length), target);
    }

    /// <inheritdoc/>
    public void Read(Slice source, Span<double> target)
    {
        using Lock.Scope turn = _gate.EnterScope();
        NotCaptured();
        _staging.Download(Open(nameof(Read), nameof(source), source, target.Length), target);
    }

    /// <inheritdoc/>
    public void Fill(Slice target, double value)
    {
        using Lock.Scope turn = _gate.EnterScope();
        Stride(target.Length, new FillKernel(Open(nameof(Fill), nameof(target), target), (float)value));
    }

    /// <summary>A backend on a device that somebody else has opened.</summary>
    internal static GpuBackend On(GpuDevice device, ProductMath math) => new(device, "device", math);

    /// <summary>The device, for whoever compares it with its limits.</summary>
    internal Accelerator Accelerator => _device.Accelerator;

    /// <summary>The queue that all work of this backend goes through.</summary>
    internal AcceleratorStream Stream => _stream;

    /// <summary>A slice as ILGPU sees it, for libraries of the bench.</summary>
    internal ArrayView<float> View(Slice slice) => Open(nameof(View), nameof(slice), slice);

    /// <summary>Launches a kernel whose threads stride over <paramref name="length"/> elements.</summary>
    private void Stride<TKernel>(int length, TKernel kernel)
        where TKernel : struct, IKernel
    {
        if (length > 0) Launch(new KernelConfig(System.Math.Min(_device.MostGroups, Quotient(length, _device.GroupSize)), _device.GroupSize), kernel);
    }

    /// <summary>Launches a kernel by hand.</summary>
    internal void Launch<TKernel>(KernelConfig config, TKernel kernel)
        where TKernel : struct, IKernel
    {
        if (config.GridDim.Y > MostGridRows || config.GridDim.Z > MostGridRows)
            throw new EngineException($"{typeof(TKernel).Name.Split('`')[0]}: {config.GridDim} groups; a device takes {MostGridRows} along the second and third axis. Take smaller extents or --device cpu.");
        if (_capturing is null) _meter.Launch();
        if (_device.IsDry && _device.Runner is null) return;

        // Launches go to the context of the thread that asks, which is another in every worker of a run.
        _device.Accelerator.Bind();
        _device.Load<TKernel>()(_stream, config, kernel);
        if (_waits) Wait();
    }

    private void Wait()
    {
        _stream.Synchronize();
        _meter.Wait();
    }

    private static int Quotient(int a, int b) => (int)((a + (long)b - 1) / b);

    private GpuStorage Own(string op, Storage storage)
    {
        if (storage is not GpuStorage own || !ReferenceEquals(own.Owner, this))
        {
            Throw.ForeignBackend(op, Name, storage is GpuStorage ? "another gpu backend" : storage.GetType().Name);
            return null!;
        }

        return own;
    }

    // Every way to memory leads through here: the storage is ours and live, and the slice lies inside it.
    private ArrayView<float> Open(string op, string name, Slice slice, long length)
    {
        GpuStorage own = Own(op, slice.Storage);
        ObjectDisposedException.ThrowIf(!own.Live || _disposed, own);
        if (slice.Offset < 0 || slice.Length < 0 || slice.Offset > own.Length - slice.Length) Throw.SliceOutOfRange(slice.Offset, slice.Length, own.Length);
        if (slice.Length != length) Throw.BadLength(op, name, slice.Length, (int)System.Math.Min(length, int.MaxValue));
        return own.Memory.View.BaseView.SubView(slice.Offset, slice.Length);
    }

    private ArrayView<float> Open(string op, string name, Slice slice) => Open(op, name, slice, slice.Length);

    private ArrayView<float> Repeated(string op, string name, Slice slice, Slice output)
    {
        ArrayView<float> data = Open(op, name, slice);
        int length = output.Length;
        Overlap.Map(name, slice, output);
        if (length > 0 && (slice.Length == 0 || length % slice.Length != 0)) Throw.BadLength(op, name, slice.Length, length);
        return data;
    }
}
