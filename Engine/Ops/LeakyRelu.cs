using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>LeakyRelu, element by element.</summary>
public static class LeakyReluOp
{
    internal const double Slope = 0.01;

    /// <summary>y = x above 0, slope x elsewhere; dy/dx = 1 or slope. NaN stays NaN.</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="slope">The factor at and below 0.</param>
    public static Tensor LeakyRelu(this Tape tape, Tensor x, double slope = Slope) =>
        tape.Unary(x, new Forward(slope), new Backward(slope));

    internal readonly struct Forward(FormulaNumber slope) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => TReal.IfGreater(x, TReal.Constant(0), x, TReal.Constant(slope) * x);
    }

    internal readonly struct Backward(FormulaNumber slope) : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal> => TReal.IfGreater(x, TReal.Constant(0), dy, TReal.Constant(slope) * dy);
    }
}
