using System.Runtime.CompilerServices;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>
/// The losses and gradient norms of an epoch's steps where the backend keeps them, and the factor that each step's gradients are
/// clipped with. The host reads them once, at the end. From the first step on whose loss or norm is not finite the factor is NaN and
/// no step changes a parameter.
/// </summary>
internal sealed class StepEnds : IDisposable
{
    private readonly IBackend _backend;
    private readonly TensorScope _scope;
    private readonly GradientNorm _norm;
    private readonly double _most;
    private readonly float[] _numbers;
    private readonly Slice _all, _factor;
    private int _steps;

    /// <param name="backend">Where the steps are taken.</param>
    /// <param name="norm">What measures the gradients.</param>
    /// <param name="most">The longest gradient; 0 or less leaves them as they are.</param>
    /// <param name="steps">Steps of an epoch.</param>
    public StepEnds(IBackend backend, GradientNorm norm, double most, int steps)
    {
        (_backend, _norm, _most, _numbers, _scope) = (backend, norm, most, new float[2 * steps], new TensorScope(backend));
        (_all, _factor) = (_scope.Rent(2 * steps), _scope.Rent(1));
    }

    /// <summary>Begins an epoch.</summary>
    public void Begin()
    {
        _steps = 0;
        _backend.Fill(_all, 0);
        _backend.Fill(_factor, 1);
    }

    /// <summary>Takes note of a step; returns the factor on its gradients.</summary>
    public Slice Take(Slice loss)
    {
        Slice own = _all.Part(2 * _steps, 1), squares = _all.Part((2 * _steps) + 1, 1);
        _steps++;
        _backend.Map(default(Identity), loss, own, accumulate: false);
        if (_most > 0) _norm.MeasureInto(squares);
        _backend.Map(new ClipFactor(_most), own, squares, _factor, _factor, accumulate: false);
        return _factor;
    }

    /// <summary>Waits for the steps so far; afterwards <see cref="Loss"/> and <see cref="Norm"/> tell of them.</summary>
    public void Read() => _backend.Read(_all.Part(0, 2 * _steps), _numbers.AsSpan(0, 2 * _steps));

    /// <summary>The loss of a step.</summary>
    public double Loss(int step) => _numbers[2 * step];

    /// <summary>The norm of its gradients; 0 where none is measured.</summary>
    public double Norm(int step) => Math.Sqrt(_numbers[(2 * step) + 1]);

    public void Dispose() => _scope.Dispose();

    /// <summary>min(1, most / sqrt(squares)), 1 where most is 0; NaN where the loss, the squares or the factor before is not finite.</summary>
    internal readonly struct ClipFactor(FormulaNumber most) : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal loss, TReal squares, TReal before)
            where TReal : struct, IReal<TReal>
        {
            TReal bound = TReal.Constant(most), norm = TReal.Sqrt(squares), one = TReal.Constant(1), none = TReal.Constant(double.NaN), endless = TReal.Constant(double.PositiveInfinity);
            TReal factor = TReal.IfGreater(bound, TReal.Constant(0), TReal.IfGreater(norm, bound, bound / norm, one), one);
            return TReal.IfGreater(endless, TReal.Abs(loss), TReal.IfGreater(endless, squares, TReal.IfGreater(endless, TReal.Abs(before), factor, none), none), none);
        }
    }
}
