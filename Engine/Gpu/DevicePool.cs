using System.Numerics;
using ILGPU.Runtime;
using DeviceBuffer = ILGPU.Runtime.MemoryBuffer1D<float, ILGPU.Stride1D.Dense>;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// Buffers of the device, kept for reuse: to allocate there stops the device. Sizes are rounded up to four steps an octave, so at
/// most a fifth of a buffer is unused.
/// </summary>
internal sealed class DevicePool(GpuDevice device) : IDisposable
{
    private const int Smallest = 64;

    private readonly Dictionary<int, Stack<DeviceBuffer>> _free = [];
    private readonly List<DeviceBuffer> _all = [];
    private long _held, _idle;

    /// <summary>Numbers a buffer of at least <paramref name="length"/> holds.</summary>
    public static int SizeOf(int length)
    {
        if (length <= Smallest) return Smallest;
        long step = 1L << (29 - BitOperations.LeadingZeroCount((uint)(length - 1)));
        return (int)Math.Min(int.MaxValue, (length + step - 1) / step * step);
    }

    /// <summary>A buffer of <paramref name="size"/>, which <see cref="SizeOf"/> gave.</summary>
    /// <exception cref="EngineException">The device is full.</exception>
    public DeviceBuffer Rent(int size, TrafficMeter meter)
    {
        if (_free.TryGetValue(size, out Stack<DeviceBuffer>? stack) && stack.TryPop(out DeviceBuffer? old))
        {
            _idle -= size;
            return old;
        }

        DeviceBuffer? fresh = Try(size);
        if (fresh is null)
        {
            // What lies idle in other sizes may be enough.
            Trim();
            fresh = Try(size);
            if (fresh is null)
            {
                meter.Refusal();
                throw Full(size);
            }
        }

        meter.Allocation();

        _all.Add(fresh);
        _held += size;
        return fresh;
    }

    public void Return(DeviceBuffer buffer, int size)
    {
        if (!_free.TryGetValue(size, out Stack<DeviceBuffer>? stack)) _free.Add(size, stack = new());
        stack.Push(buffer);
        _idle += size;
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _all) buffer.Dispose();
        _all.Clear();
        _free.Clear();
    }

    private DeviceBuffer? Try(int size)
    {
        if ((_held + size) * sizeof(float) > device.Memory) return null;
        try
        {
            return device.Accelerator.Allocate1D<float>(size);
        }
        catch (Exception e) when (e is AcceleratorException or OutOfMemoryException)
        {
            return null;
        }
    }

    private void Trim()
    {
        foreach (Stack<DeviceBuffer> stack in _free.Values)
        {
            foreach (DeviceBuffer buffer in stack)
            {
                _all.Remove(buffer);
                buffer.Dispose();
            }

            stack.Clear();
        }

        _held -= _idle;
        _idle = 0;
    }

    private EngineException Full(int size)
    {
        const double MiB = 1 << 20;
        double asked = (double)size * sizeof(float) / MiB, used = (double)_held * sizeof(float) / MiB, all = device.Memory / MiB;
        double fits = 0.9 * all / (used + asked);
        return new EngineException(FormattableString.Invariant(
            $"{device.Accelerator.Name} is full: {used:0.#} MiB of {all:0.#} MiB are in use and {asked:0.#} MiB more were asked for; about {Math.Min(0.9, fits):0%} of this batch would fit (--batch for training, PathOptions.Budget for attributions)."));
    }
}
