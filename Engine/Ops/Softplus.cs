using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Softplus, element by element.</summary>
public static class SoftplusOp
{
    /// <summary>y = ln(1 + e^x), as max(x, 0) + ln(1 + e^-|x|), which neither overflows nor loses the tail; dy/dx = sigmoid(x). NaN stays NaN.</summary>
    public static Tensor Softplus(this Tape tape, Tensor x) =>
        tape.Unary(x, new Forward(), new Backward());

    internal readonly struct Forward : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal>
        {
            TReal zero = TReal.Constant(0);
            TReal one = TReal.Constant(1);

            // ln(1 + t) with what rounding takes from 1 + t put back (Kahan; Goldberg 1991, theorem 4).
            TReal t = TReal.Exp(-TReal.Abs(x));
            TReal u = one + t;
            TReal tail = TReal.IfGreater(u, one, TReal.Log(u) * t / (u - one), t);
            return TReal.IfGreater(zero, x, zero, x) + tail;
        }
    }

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => dy / (TReal.Constant(1) + TReal.Exp(-x));
    }
}
