using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>The root of a sum of squares: a length, which has no direction where it is zero.</summary>
public static class RootOp
{
    /// <summary>y = sqrt(x); dy/dx = 1/(2y), and 0 where y is 0: with the squares' own derivative the gradient of a length of zero is 0, and not 0 times infinity. NaN below 0.</summary>
    public static Tensor Root(this Tape tape, Tensor x) => tape.Unary(x, new SqrtOp.Forward(), new Backward());

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => TReal.IfGreater(y, TReal.Constant(0), dy * TReal.Constant(0.5) / y, TReal.Constant(0));
    }
}
