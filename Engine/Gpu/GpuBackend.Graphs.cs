using System.Diagnostics.CodeAnalysis;
using EmotionXai.Engine.Backends;
using ILGPU.Runtime;
using DeviceBuffer = ILGPU.Runtime.MemoryBuffer1D<float, ILGPU.Stride1D.Dense>;

namespace EmotionXai.Engine.Gpu;

public sealed partial class GpuBackend : ICapturesWork
{
    private Capturing? _capturing;

    /// <inheritdoc/>
    /// <remarks>The turn is kept all the while, so that no other caller's launches are kept too.</remarks>
    ICapturedWork? ICapturesWork.Capture(Action work)
    {
        using Lock.Scope turn = _gate.EnterScope();
        if (_device.Graphs is not { } graphs || _waits || _disposed || _capturing is not null) return null;
        Capturing capturing = _capturing = new Capturing();
        _device.Pool.Hold(_stream, true);
        IGraph? graph = null;
        bool whole = false;
        try
        {
            _device.Accelerator.Bind();
            graphs.Begin(_stream);
            try
            {
                work();
                whole = true;
            }
            finally
            {
                graph = graphs.End(_stream);
            }
        }
        catch (NotKeptException)
        {
            // The work is at fault, not the device: others may still be kept.
        }
        catch (Exception e) when (e is GraphException or AcceleratorException)
        {
            _device.RefuseGraphs(e.Message);
        }
        finally
        {
            _capturing = null;
            _device.Pool.Hold(_stream, false);
            if (!whole || graph is null) GiveBack(capturing);
            if (!whole) graph?.Dispose();
        }

        return whole && graph is not null ? new CapturedWork(this, graph, capturing) : null;
    }

    /// <summary>What waits for the device, or brings it numbers, is done once and cannot be kept.</summary>
    private void NotCaptured()
    {
        if (_capturing is not null) throw new NotKeptException();
    }

    // A buffer that is free, so that the driver is not asked: one that the same capture has done with, or one of the pool.
    private DeviceBuffer Rent(Capturing capturing, int size)
    {
        int at = capturing.Spare.FindLastIndex(b => b.Size == size);
        if (at < 0) return _device.Pool.RentIdle(_stream, size) ?? throw new NotKeptException();
        DeviceBuffer buffer = capturing.Spare[at].Buffer;
        capturing.Spare.RemoveAt(at);
        return buffer;
    }

    private void GiveBack(Capturing capturing)
    {
        if (_disposed) return;
        foreach ((DeviceBuffer buffer, int size) in capturing.Spare) _device.Pool.Return(_stream, buffer, size);
    }

    /// <summary>What a capture takes for a while: nobody else may have it as long as the launches are kept, which write to it whenever they are done.</summary>
    private sealed class Capturing
    {
        public List<(DeviceBuffer Buffer, int Size)> Spare { get; } = [];
    }

    /// <summary>Work asked for something that cannot be kept.</summary>
    [SuppressMessage("Design", "CA1064", Justification = "It never leaves the backend.")]
    private sealed class NotKeptException : Exception;

    private sealed class CapturedWork(GpuBackend backend, IGraph graph, Capturing memory) : ICapturedWork
    {
        private bool _disposed;

        public bool Run()
        {
            using Lock.Scope turn = backend._gate.EnterScope();
            if (backend._disposed || backend._waits) return false;
            backend._device.Accelerator.Bind();
            if (!graph.Launch(backend._stream))
            {
                backend._device.RefuseGraphs("the driver launches no graph");
                return false;
            }

            backend._meter.Launch();
            return true;
        }

        public void Dispose()
        {
            using Lock.Scope turn = backend._gate.EnterScope();
            if (_disposed) return;
            _disposed = true;
            graph.Dispose();
            backend.GiveBack(memory);
        }
    }
}
