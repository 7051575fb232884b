using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Shift, element by element.</summary>
public static class ShiftOp
{
    /// <summary>y = x + offset; dy/dx = 1. NaN stays NaN.</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="offset">The constant offset.</param>
    public static Tensor Shift(this Tape tape, Tensor x, double offset) =>
        tape.Unary(x, new Forward(offset), new Backward());

    internal readonly struct Forward(FormulaNumber offset) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => x + TReal.Constant(offset);
    }

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => dy;
    }
}
