using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Log, element by element.</summary>
public static class LogOp
{
    /// <summary>y = ln x; dy/dx = 1/x. -infinity at 0, NaN below.</summary>
    public static Tensor Log(this Tape tape, Tensor x) =>
        tape.Unary(x, new Forward(), new Backward());

    internal readonly struct Forward : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => TReal.Log(x);
    }

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => dy / x;
    }
}
