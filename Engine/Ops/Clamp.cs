using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Clamp, element by element.</summary>
public static class ClampOp
{
    /// <summary>y = min(max(x, low), high); dy/dx = 1 inside (low, high), else 0. NaN stays NaN.</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest value.</param>
    public static Tensor Clamp(this Tape tape, Tensor x, double low, double high)
    {
        if (!(low <= high)) Throw.OutOfRange(nameof(Clamp), nameof(low), low, $"at most high = {high}");
        return tape.Unary(x, new Forward(low, high), new Backward(low, high));
    }

    internal readonly struct Forward(FormulaNumber low, FormulaNumber high) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal>
        {
            TReal low1 = TReal.Constant(low);
            TReal high1 = TReal.Constant(high);
            return TReal.IfGreater(low1, x, low1, TReal.IfGreater(x, high1, high1, x));
        }
    }

    internal readonly struct Backward(FormulaNumber low, FormulaNumber high) : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal>
        {
            TReal zero = TReal.Constant(0);
            return TReal.IfGreater(x, TReal.Constant(low), TReal.IfGreater(TReal.Constant(high), x, dy, zero), zero);
        }
    }
}
