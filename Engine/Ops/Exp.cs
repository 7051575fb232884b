using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Exp, element by element.</summary>
public static class ExpOp
{
    /// <summary>y = e^x; dy/dx = y. NaN stays NaN.</summary>
    public static Tensor Exp(this Tape tape, Tensor x) =>
        tape.Unary(x, new Forward(), new Backward());

    internal readonly struct Forward : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => TReal.Exp(x);
    }

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => dy * y;
    }
}
