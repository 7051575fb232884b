using System.Numerics;
using ILGPU.Runtime;
using DeviceBuffer = ILGPU.Runtime.MemoryBuffer1D<float, ILGPU.Stride1D.Dense>;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// The buffers of a device, for all backends of the process: kept for reuse, since to allocate there stops the device. What a backend
/// gives back it may have again at once, since its queue keeps the order; another gets it when the first one is done. Where the
/// device is full, what lies idle anywhere makes room, and who still finds none waits for the others, as long as they are at work: all but
/// the last, so that somebody always goes on. Sizes are rounded up to four steps an octave, so at most a fifth of a
/// buffer is unused.
/// </summary>
internal sealed class DevicePool(GpuDevice device)
{
    private const int Smallest = 64, Step = 10;

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

    /// <summary>Milliseconds that a call waits for others at most, and those after which others that launch nothing count as resting.</summary>
    public (int Most, int Silence) Patience { get; set; } = (60_000, 5_000);

    /// <summary>Numbers a buffer of at least <paramref name="length"/> holds.</summary>
    public static int SizeOf(int length)
    {
        if (length <= Smallest) return Smallest;
        long step = 1L << (29 - BitOperations.LeadingZeroCount((uint)(length - 1)));
        return (int)Math.Min(int.MaxValue, (length + step - 1) / step * step);
    }

    /// <summary>A backend that will use the pool, by the queue that its work goes through.</summary>
    public void Join(AcceleratorStream stream, TrafficMeter meter)
    {
        using Lock.Scope turn = _gate.EnterScope();
        _shares.Add(stream, new Share(meter));
    }

    /// <summary>A buffer of <paramref name="size"/>, which <see cref="SizeOf"/> gave.</summary>
    /// <exception cref="EngineException">The device is full, and there is nobody to wait for.</exception>
    public DeviceBuffer Rent(AcceleratorStream stream, int size, bool waits)
    {
        long start = Environment.TickCount64, change = start, seen = 0;
        while (true)
        {
            using (_gate.EnterScope())
            {
                Share own = _shares[stream];
                own.Waits = false;
                if ((own.Idle.Take(size) ?? _left.Take(size) ?? Fresh(own, size)) is { } buffer)
                {
                    own.Rented.Add(buffer);
                    return buffer;
                }

                long now = Environment.TickCount64;
                long? others = WorkBeside(own);
                if (others != seen) (seen, change) = (others ?? 0, now);

                // Those that have done nothing since they were waited for in vain are not waited for again.
                own.Waits = waits && others is not null && others != own.InVain && now - change < Patience.Silence && now - start < Patience.Most;
                if (!own.Waits)
                {
                    if (now > start) own.InVain = others;
                    own.Meter.Refusal();
                    throw Full(size);
                }
            }

            Thread.Sleep(Step);
        }
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

    // What others that have memory and do not wait themselves have launched so far; null where there is nobody.
    private long? WorkBeside(Share own)
    {
        long? launches = null;
        foreach (Share other in _shares.Values)
            if (other != own && !other.Waits && other.Rented.Count > 0) launches = (launches ?? 0) + other.Meter.Total.Launches;
        return launches;
    }

    private DeviceBuffer? Fresh(Share own, int size)
    {
        DeviceBuffer? buffer = Try(size);
        if (buffer is null && size * (long)sizeof(float) <= Free + IdleBytes)
        {
            Trim();
            buffer = Try(size);
        }

        if (buffer is not null) own.Meter.Allocation();
        return buffer;
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

    // What Trim gives back.
    private long IdleBytes => _left.Bytes + _shares.Values.Where(s => !s.Holds).Sum(s => s.Idle.Bytes);

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
        double asked = (double)size * sizeof(float) / MiB, used = (_held - IdleBytes) / MiB, all = Math.Max(0, _held + Free) / MiB;
        double fits = Math.Clamp(0.9 * all / (used + asked), 0.01, 0.9);
        return new EngineException(FormattableString.Invariant(
            $"{device.Accelerator.Name} is full: {used:0.#} MiB of {all:0.#} MiB are in use and {asked:0.#} MiB more were asked for; about {fits:0%} of this batch would fit (--batch for training, PathOptions.Budget for attributions)."))
        {
            Fits = fits,
        };
    }

    /// <summary>What a backend has.</summary>
    private sealed class Share(TrafficMeter meter)
    {
        public TrafficMeter Meter { get; } = meter;

        /// <summary>Whether its queue keeps what it is given.</summary>
        public bool Holds { get; set; }

        /// <summary>Whether it waits for memory.</summary>
        public bool Waits { get; set; }

        /// <summary>What others had launched when it last waited in vain.</summary>
        public long? InVain { get; set; }

        public Shelf Idle { get; } = new();

        public HashSet<DeviceBuffer> Rented { get; } = new(ReferenceEqualityComparer.Instance);
    }

    /// <summary>Idle buffers by size.</summary>
    private sealed class Shelf
    {
        private readonly Dictionary<int, Stack<DeviceBuffer>> _sizes = [];

        public long Bytes { get; private set; }

        public DeviceBuffer? Take(int size)
        {
            if (!_sizes.TryGetValue(size, out Stack<DeviceBuffer>? stack) || !stack.TryPop(out DeviceBuffer? buffer)) return null;
            Bytes -= buffer.LengthInBytes;
            return buffer;
        }

        public void Put(int size, DeviceBuffer buffer)
        {
            if (!_sizes.TryGetValue(size, out Stack<DeviceBuffer>? stack)) _sizes.Add(size, stack = new());
            stack.Push(buffer);
            Bytes += buffer.LengthInBytes;
        }

        public void MoveTo(Shelf other)
        {
            foreach (int size in _sizes.Keys)
                while (Take(size) is { } buffer) other.Put(size, buffer);
        }

        public void Empty(Action<DeviceBuffer> each)
        {
            foreach (int size in _sizes.Keys)
                while (Take(size) is { } buffer) each(buffer);
        }
    }
}
