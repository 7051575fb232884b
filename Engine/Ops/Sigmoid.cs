using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Sigmoid, element by element.</summary>
public static class SigmoidOp
{
    /// <summary>y = 1 / (1 + e^-x); dy/dx = y (1 - y). 0 and 1 at the infinities, NaN stays NaN. In float32 within 2.5 units in the last place, and 0 below -88.7.</summary>
    public static Tensor Sigmoid(this Tape tape, Tensor x) =>
        tape.Unary(x, new Forward(), new Backward());

    internal readonly struct Forward : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => TReal.Constant(1) / (TReal.Constant(1) + TReal.Exp(-x));
    }

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => dy * y * (TReal.Constant(1) - y);
    }
}
