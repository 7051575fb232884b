using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Divide, element by element.</summary>
public static class DivideOp
{
    /// <summary>y = a / b; dy/da = 1/b, dy/db = -a/b^2. Infinite or NaN where b is 0. Axes that one operand lacks, or has with extent one, are repeated. NaN propagates.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Divide(this Tape tape, Tensor a, Tensor b) =>
        tape.Binary(nameof(Divide), a, b, new Forward(), new BackwardA(), new BackwardB());

    internal readonly struct Forward : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal a, TReal b)
            where TReal : struct, IReal<TReal> => a / b;
    }

    internal readonly struct BackwardA : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal a, TReal b, TReal dy)
            where TReal : struct, IReal<TReal> => dy / b;
    }

    internal readonly struct BackwardB : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal a, TReal b, TReal dy)
            where TReal : struct, IReal<TReal> => -(dy * a / (b * b));
    }
}
