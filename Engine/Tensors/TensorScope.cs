using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Tensors;

/// <summary>Owns temporaries and gives all of them back to the backend's pool when it is disposed.</summary>
public sealed class TensorScope(IBackend backend) : IDisposable
{
    private readonly List<Storage> _owned = [];
    private bool _disposed;

    /// <summary>The backend whose memory it hands out.</summary>
    public IBackend Backend { get; } = backend;

    /// <summary>How many buffers it owns now.</summary>
    public int Count => _owned.Count;

    /// <summary>A new tensor with undefined contents.</summary>
    public Tensor New(Shape shape, bool tracksGradient = false) => new(Backend, shape, Rent(shape.Length), tracksGradient, this);

    /// <summary>A new tensor with the given contents.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public Tensor From(Shape shape, ReadOnlySpan<float> values, bool tracksGradient = false)
    {
        Tensor tensor = New(shape, tracksGradient);
        tensor.CopyFrom(values);
        return tensor;
    }

    /// <inheritdoc cref="From(Shape, ReadOnlySpan{float}, bool)"/>
    public Tensor From(Shape shape, ReadOnlySpan<double> values, bool tracksGradient = false)
    {
        Tensor tensor = New(shape, tracksGradient);
        tensor.CopyFrom(values);
        return tensor;
    }

    /// <summary>Gives everything back. The tensors made here must not be used any more.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        foreach (Storage storage in _owned) Backend.Free(storage);
        _owned.Clear();
    }

    internal Slice Rent(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Storage storage = Backend.Allocate(length);
        _owned.Add(storage);
        return new Slice(storage, 0, length);
    }
}
