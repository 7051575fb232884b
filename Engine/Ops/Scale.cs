using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Scale, element by element.</summary>
public static class ScaleOp
{
    /// <summary>y = factor x; dy/dx = factor. NaN stays NaN.</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="factor">The constant factor.</param>
    public static Tensor Scale(this Tape tape, Tensor x, double factor) =>
        tape.Unary(x, new Forward(factor), new Backward(factor));

    internal readonly struct Forward(FormulaNumber factor) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => TReal.Constant(factor) * x;
    }

    internal readonly struct Backward(FormulaNumber factor) : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => TReal.Constant(factor) * dy;
    }
}
