using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Negate, element by element.</summary>
public static class NegateOp
{
    /// <summary>y = -x; dy/dx = -1. NaN stays NaN.</summary>
    public static Tensor Negate(this Tape tape, Tensor x) =>
        tape.Unary(x, new Forward(), new Backward());

    internal readonly struct Forward : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => -x;
    }

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => -dy;
    }
}
