using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Relu, element by element.</summary>
public static class ReluOp
{
    /// <summary>y = max(x, 0); dy/dx = 1 above 0, else 0 (also at 0). NaN stays NaN.</summary>
    public static Tensor Relu(this Tape tape, Tensor x) =>
        tape.Unary(x, new Forward(), new Backward());

    internal readonly struct Forward : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => TReal.IfGreater(TReal.Constant(0), x, TReal.Constant(0), x);
    }

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => TReal.IfGreater(x, TReal.Constant(0), dy, TReal.Constant(0));
    }
}
