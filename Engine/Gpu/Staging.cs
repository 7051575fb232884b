using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// Pinned memory between host and device, used as a ring: an upload is copied into it and returns while the device still works on
/// what was asked before. The host waits only where the ring has come around, and for downloads.
/// </summary>
internal sealed unsafe class Staging : IDisposable
{
    private const int Size = 1 << 20;

    private readonly AcceleratorStream _stream;
    private readonly TrafficMeter _meter;
    private readonly CPUMemoryBuffer _ring;
    private readonly bool _dry;
    private int _next;

    public Staging(GpuDevice device, AcceleratorStream stream, TrafficMeter meter)
    {
        (_stream, _meter, _dry) = (stream, meter, device.IsDry);
        _ring = CPUMemoryBuffer.CreatePageLocked(device.Accelerator, Size, sizeof(float));
    }

    /// <summary>Copies float32 or float64 values to the device, in turn with its work.</summary>
    public void Upload<T>(ReadOnlySpan<T> source, ArrayView<float> target)
        where T : unmanaged
    {
        for (int at = 0; at < source.Length;)
        {
            if (_next == Size) Rewind();
            int count = Math.Min(Size - _next, source.Length - at);
            _meter.Up(count * (long)sizeof(float));
            if (!_dry)
            {
                Convert(source.Slice(at, count), Host(_next, count));
                target.SubView(at, count).CopyFrom(_stream, _ring.AsArrayView<float>(_next, count));
            }

            at += count;
            _next += count;
        }
    }

    /// <summary>Copies float32 or float64 values from the device, once all work asked before is done.</summary>
    public void Download<T>(ArrayView<float> source, Span<T> target)
        where T : unmanaged
    {
        // Behind uploads that are still on their way, where there is room.
        if (Size - _next < Math.Min(Size, target.Length)) Rewind();
        for (int at = 0; at < target.Length; at += Size)
        {
            int count = Math.Min(Size, target.Length - at), from = _next;
            _meter.Down(count * (long)sizeof(float));
            if (!_dry) source.SubView(at, count).CopyTo(_stream, _ring.AsArrayView<float>(from, count));
            Rewind();
            if (_dry) target.Slice(at, count).Clear();
            else Convert<T>(Host(from, count), target.Slice(at, count));
        }
    }

    public void Dispose()
    {
        _stream.Synchronize();
        _ring.Dispose();
    }

    private void Rewind()
    {
        _stream.Synchronize();
        _meter.Wait();
        _next = 0;
    }

    private Span<float> Host(int at, int count) => new((float*)_ring.NativePtr + at, count);

    private static void Convert<T>(ReadOnlySpan<T> source, Span<float> target)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            MemoryMarshal.Cast<T, float>(source).CopyTo(target);
            return;
        }

        ReadOnlySpan<double> values = MemoryMarshal.Cast<T, double>(source);
        for (int i = 0; i < target.Length; i++) target[i] = (float)values[i];
    }

    private static void Convert<T>(ReadOnlySpan<float> source, Span<T> target)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            source.CopyTo(MemoryMarshal.Cast<T, float>(target));
            return;
        }

        Span<double> values = MemoryMarshal.Cast<T, double>(target);
        for (int i = 0; i < values.Length; i++) values[i] = source[i];
    }
}
