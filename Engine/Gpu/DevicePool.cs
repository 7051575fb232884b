using System.Numerics;
using ILGPU.Runtime;
using DeviceBuffer = ILGPU.Runtime.MemoryBuffer1D<float, ILGPU.Stride1D.Dense>;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// The buffers of a device, for all backends of the process: kept for reuse, since to allocate there stops the device. What a backend
/// gives back it may have again at once, since its queue keeps the order; another gets it when the first one is done. Where the
/// device is full, what lies idle anywhere makes room. Sizes are rounded up to four steps an octave, so at most a fifth of a
/// buffer is unused.
/// </summary>
internal sealed class DevicePool(GpuDevice device)
{
    private const int Smallest = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<AcceleratorStream, Share> _shares = [];
    private readonly Shelf _left = new();
    private long _held;

    /// <summary>Bytes taken of the device, in use or idle.</summary>
    public long Held
    {
        get
        {
            using Lock.Scope turn = _gate.EnterScope();
            return _held;
        }
    }

    /// <summary>Numbers a buffer of at least <paramref name="length"/> holds.</summary>
    public static int SizeOf(int length)
    {
        if (length <= Smallest) return Smallest;
        long step = 1L << (29 - BitOperations.LeadingZeroCount((uint)(length - 1)));
        return (int)Math.Min(int.MaxValue, (length + step - 1) / step * step);
    }

    /// <summary>A backend that will use the pool, by the queue that its work goes through.</summary>
    public void Join(AcceleratorStream stream)
    {
        using Lock.Scope turn = _gate.EnterScope();
        _shares.Add(stream, new Share());
    }

    /// <summary>A buffer of <paramref name="size"/>, which <see cref="SizeOf"/> gave.</summary>
    /// <exception cref="EngineException">The device is full.</exception>
    public DeviceBuffer Rent(AcceleratorStream stream, int size, TrafficMeter meter)
    {
        using Lock.Scope turn = _gate.EnterScope();
        Share share = _shares[stream];
        DeviceBuffer? buffer = share.Idle.Take(size) ?? _left.Take(size);
        if (buffer is null)
        {
            buffer = Try(size);
            if (buffer is null)
            {
                Trim();
                buffer = Try(size);
            }

            if (buffer is null)
            {
                meter.Refusal();
                throw Full(size);
            }

            meter.Allocation();
        }

        share.Rented.Add(buffer);
        return buffer;
    }

    /// <summary>One that lies idle; null where there is none.</summary>
    public DeviceBuffer? RentIdle(AcceleratorStream stream, int size)
    {
        using Lock.Scope turn = _gate.EnterScope();
        Share share = _shares[stream];
        DeviceBuffer? buffer = share.Idle.Take(size) ?? _left.Take(size);
        if (buffer is not null) share.Rented.Add(buffer);
        return buffer;
    }

    /// <summary>Whether a backend's queue keeps what it is given just now: nobody may wait for it then.</summary>
    public void Hold(AcceleratorStream stream, bool holds)
    {
        using Lock.Scope turn = _gate.EnterScope();
        if (_shares.TryGetValue(stream, out Share? share)) share.Holds = holds;
    }

    /// <summary>Takes a buffer back.</summary>
    public void Return(AcceleratorStream stream, DeviceBuffer buffer, int size)
    {
        using Lock.Scope turn = _gate.EnterScope();
        Share share = _shares[stream];
        share.Rented.Remove(buffer);
        share.Idle.Put(size, buffer);
    }

    /// <summary>A backend goes, its work done: others may have what it leaves, and the last one gives all back to the device.</summary>
    public void Leave(AcceleratorStream stream)
    {
        using Lock.Scope turn = _gate.EnterScope();
        if (!_shares.Remove(stream, out Share? share)) return;
        foreach (DeviceBuffer buffer in share.Rented) Dispose(buffer);
        share.Idle.MoveTo(_left);
        if (_shares.Count == 0) _left.Empty(Dispose);
    }

    private DeviceBuffer? Try(int size)
    {
        if (size * (long)sizeof(float) > Free) return null;
        try
        {
            DeviceBuffer buffer = device.Accelerator.Allocate1D<float>(size);
            _held += buffer.LengthInBytes;
            return buffer;
        }
        catch (Exception e) when (e is AcceleratorException or OutOfMemoryException)
        {
            return null;
        }
    }

    // Other programs take memory too: what counts is what is free now.
    private long Free => Math.Min(device.Memory - _held, device.FreeBytes?.Invoke() ?? long.MaxValue);

    private void Trim()
    {
        foreach ((AcceleratorStream stream, Share share) in _shares)
        {
            if (share.Holds) continue;

            // What was asked for before may still use what was given back since.
            stream.Synchronize();
            share.Idle.Empty(Dispose);
        }

        _left.Empty(Dispose);
    }

    private void Dispose(DeviceBuffer buffer)
    {
        _held -= buffer.LengthInBytes;
        buffer.Dispose();
    }

    private EngineException Full(int size)
    {
        const double MiB = 1 << 20;
        double asked = (double)size * sizeof(float) / MiB, used = _held / MiB, all = Math.Max(0, _held + Free) / MiB;
        double fits = Math.Clamp(0.9 * all / (used + asked), 0.01, 0.9);
        return new EngineException(FormattableString.Invariant(
            $"{device.Accelerator.Name} is full: {used:0.#} MiB of {all:0.#} MiB are in use and {asked:0.#} MiB more were asked for; about {fits:0%} of this batch would fit (--batch for training, PathOptions.Budget for attributions)."))
        {
            Fits = fits,
        };
    }

    /// <summary>What a backend has.</summary>
    private sealed class Share
    {
        public bool Holds { get; set; }

        public Shelf Idle { get; } = new();

        public HashSet<DeviceBuffer> Rented { get; } = new(ReferenceEqualityComparer.Instance);
    }

    /// <summary>Idle buffers by size.</summary>
    private sealed class Shelf
    {
        private readonly Dictionary<int, Stack<DeviceBuffer>> _sizes = [];

        public DeviceBuffer? Take(int size) => _sizes.TryGetValue(size, out Stack<DeviceBuffer>? stack) && stack.TryPop(out DeviceBuffer? buffer) ? buffer : null;

        public void Put(int size, DeviceBuffer buffer)
        {
            if (!_sizes.TryGetValue(size, out Stack<DeviceBuffer>? stack)) _sizes.Add(size, stack = new());
            stack.Push(buffer);
        }

        public void MoveTo(Shelf other)
        {
            foreach ((int size, Stack<DeviceBuffer> stack) in _sizes)
                while (stack.TryPop(out DeviceBuffer? buffer)) other.Put(size, buffer);
        }

        public void Empty(Action<DeviceBuffer> each)
        {
            foreach (Stack<DeviceBuffer> stack in _sizes.Values)
                while (stack.TryPop(out DeviceBuffer? buffer)) each(buffer);
        }
    }
}
