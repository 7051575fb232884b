using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Gelu, element by element.</summary>
public static class GeluOp
{
    /// <summary>y = x/2 (1 + tanh(u)) with u = sqrt(2/pi) (x + 0.044715 x^3) (Hendrycks and Gimpel 2016, the tanh form). NaN stays NaN.</summary>
    public static Tensor Gelu(this Tape tape, Tensor x) =>
        tape.Unary(x, new Forward(), new Backward());

    private const double Root = 0.79788456080286535588;
    private const double Cubic = 0.044715;

    private static TReal Inner<TReal>(TReal x)
        where TReal : struct, IReal<TReal> =>
        TReal.Constant(Root) * (x + (TReal.Constant(Cubic) * x * x * x));

    internal readonly struct Forward : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x)
            where TReal : struct, IReal<TReal> =>
            TReal.Constant(0.5) * x * (TReal.Constant(1) + TReal.Tanh(Inner(x)));
    }

    internal readonly struct Backward : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal x, TReal y, TReal dy)
            where TReal : struct, IReal<TReal>
        {
            // dy/dx = (1 + t)/2 + x/2 (1 - t^2) u', with t = tanh(u) and u' = sqrt(2/pi) (1 + 3 * 0.044715 x^2).
            TReal t = TReal.Tanh(Inner(x));
            TReal slope = TReal.Constant(Root) * (TReal.Constant(1) + (TReal.Constant(3 * Cubic) * x * x));
            TReal half = TReal.Constant(0.5);
            return dy * ((half * (TReal.Constant(1) + t)) + (half * x * (TReal.Constant(1) - (t * t)) * slope));
        }
    }
}
