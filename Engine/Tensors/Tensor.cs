using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Tensors;

/// <summary>
/// A contiguous, row-major array of numbers on a backend: float64 on Reference, float32 elsewhere.
/// A tensor does not own its memory: a <see cref="TensorScope"/> or a parameter does.
/// </summary>
public sealed class Tensor
{
    private readonly TensorScope? _scope;

    internal Tensor(IBackend backend, Shape shape, Slice data, bool tracksGradient, TensorScope? scope = null)
    {
        _scope = scope;
        Backend = backend;
        Shape = shape;
        Data = data;
        TracksGradient = tracksGradient;
    }

    /// <summary>The backend that holds the elements.</summary>
    public IBackend Backend { get; }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>The elements.</summary>
    public Slice Data { get; }

    /// <summary>Whether a tape that walks back computes the derivative with respect to this tensor.</summary>
    public bool TracksGradient { get; }

    /// <summary>The elements of the gradient; present once a tape has walked back to this tensor.</summary>
    internal Slice? Gradient { get; set; }

    /// <summary>The tape that it is a leaf or an output of; null for a tensor of a scope. Tensors know no tapes, so it has no type here.</summary>
    internal object? Tape { get; set; }

    /// <summary>The tape one of whose ops made it; null for a leaf.</summary>
    internal object? MadeBy { get; set; }

    /// <summary>The parameter that this tensor stands for on a tape.</summary>
    internal object? Parameter { get; init; }

    /// <summary>The gradient's elements, rented on first use from whoever owns the tensor's own: both live equally long.</summary>
    internal Slice RentGradient() => Gradient ??= _scope!.Rent(Shape.Length);

    /// <summary>The walk that last wrote the gradient: the first contribution of a walk overwrites, later ones add.</summary>
    internal long GradientWalk { get; set; } = -1;

    /// <summary>How many parts its gradient has in a walk, as counted in the first one from an output.</summary>
    internal int Contributions { get; set; }

    /// <summary>Whether another tensor has the same memory.</summary>
    internal bool IsShared { get; set; }

    /// <summary>Copies the elements out.</summary>
    /// <exception cref="ArgumentException"><paramref name="target"/> is shorter than the tensor.</exception>
    public void CopyTo(Span<float> target)
    {
        if (target.Length < Shape.Length) ShapeError.TooShort(nameof(target), target.Length, Shape.Length);
        Backend.Read(Data, target[..Shape.Length]);
    }

    /// <inheritdoc cref="CopyTo(Span{float})"/>
    public void CopyTo(Span<double> target)
    {
        if (target.Length < Shape.Length) ShapeError.TooShort(nameof(target), target.Length, Shape.Length);
        Backend.Read(Data, target[..Shape.Length]);
    }

    /// <summary>Replaces the elements.</summary>
    /// <exception cref="ArgumentException"><paramref name="source"/> has another length than the tensor.</exception>
    public void CopyFrom(ReadOnlySpan<float> source)
    {
        if (source.Length != Shape.Length) ShapeError.WrongLength(nameof(source), source.Length, Shape);
        Backend.Write(source, Data);
    }

    /// <inheritdoc cref="CopyFrom(ReadOnlySpan{float})"/>
    public void CopyFrom(ReadOnlySpan<double> source)
    {
        if (source.Length != Shape.Length) ShapeError.WrongLength(nameof(source), source.Length, Shape);
        Backend.Write(source, Data);
    }

    /// <summary>The elements in a new array.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Shape.Length];
        CopyTo(values);
        return values;
    }

    /// <summary>The elements in a new array of float64, without rounding where the backend holds float64.</summary>
    public double[] ToDoubleArray()
    {
        double[] values = new double[Shape.Length];
        CopyTo(values);
        return values;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Tensor {Shape} on {Backend.Name}";
}
