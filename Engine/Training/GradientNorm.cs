using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>The Euclidean norm of the gradients of some parameters together, as clipping needs it. Measuring allocates nothing.</summary>
public sealed class GradientNorm : IDisposable
{
    private readonly IBackend _backend;
    private readonly Parameter[] _parameters;
    private readonly TensorScope _scope;
    private readonly Slice _squares, _sum;
    private readonly float[] _number = new float[1];

    /// <summary>The norm over the parameters that are not frozen.</summary>
    public GradientNorm(IBackend backend, IEnumerable<Parameter> parameters)
    {
        (_backend, _parameters, _scope) = (backend, [.. parameters.Where(p => !p.Frozen)], new TensorScope(backend));
        _squares = _scope.Rent(_parameters.Select(p => p.Value.Shape.Length).DefaultIfEmpty().Max());
        _sum = _scope.Rent(1);
    }

    /// <summary>The norm over the parameters that hold a gradient; NaN or infinite where one of their elements is.</summary>
    public double Measure()
    {
        bool any = false;
        foreach (Parameter parameter in _parameters)
        {
            if (!parameter.HasGradient) continue;
            Slice squares = _squares.Part(0, parameter.Value.Shape.Length);
            _backend.Map(default(Squared), parameter.Gradient.Data, squares, accumulate: false);
            _backend.Sum(new AxisSplit(1, squares.Length, 1), squares, _sum, 1, accumulate: any);
            any = true;
        }

        if (!any) return 0;
        _backend.Read(_sum, _number);
        return Math.Sqrt(_number[0]);
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
