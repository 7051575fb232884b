using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>The Euclidean norm of the gradients of some parameters together, as clipping needs it. Measuring allocates nothing.</summary>
public sealed class GradientNorm : IDisposable
{
    private readonly IBackend _backend;
    private readonly Parameter[] _parameters;
    private readonly TensorScope _scope;
    private readonly Slice _scratch, _sum;
    private readonly Slice[] _gradients;
    private readonly float[] _number = new float[1];

    /// <summary>The norm over the parameters that are not frozen.</summary>
    public GradientNorm(IBackend backend, IEnumerable<Parameter> parameters)
    {
        (_backend, _parameters, _scope) = (backend, [.. parameters.Where(p => !p.Frozen)], new TensorScope(backend));
        _gradients = new Slice[_parameters.Length];
        _scratch = _scope.Rent(_parameters.Select(p => p.Value.Shape.Length).DefaultIfEmpty().Max());
        _sum = _scope.Rent(1);
    }

    /// <summary>The norm over the parameters that hold a gradient; NaN or infinite where one of their elements is.</summary>
    public double Measure()
    {
        MeasureInto(_sum);
        _backend.Read(_sum, _number);
        return Math.Sqrt(_number[0]);
    }

    /// <summary>The square of the norm where the backend keeps it: <paramref name="squares"/> is [1].</summary>
    internal void MeasureInto(Slice squares)
    {
        int count = 0;
        foreach (Parameter parameter in _parameters)
            if (parameter.HasGradient) _gradients[count++] = parameter.Gradient.Data;
        _backend.SumOfSquares(_gradients.AsSpan(0, count), _scratch, squares);
    }

    /// <summary>The first parameter whose values, else whose gradient, are not finite, in words; null where all are.</summary>
    public string? FirstBad()
    {
        foreach (Parameter parameter in _parameters)
            if (!Finite(parameter.Value)) return $"parameter '{parameter.Name}'";
        foreach (Parameter parameter in _parameters)
            if (parameter.HasGradient && !Finite(parameter.Gradient)) return $"the gradient of parameter '{parameter.Name}'";
        return null;

        static bool Finite(Tensor tensor) => Array.TrueForAll(tensor.ToArray(), float.IsFinite);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _scope.Dispose();
}
