using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Add, element by element.</summary>
public static class AddOp
{
    /// <summary>y = a + b; dy/da = dy/db = 1. Axes that one operand lacks, or has with extent one, are repeated. NaN propagates.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Add(this Tape tape, Tensor a, Tensor b) =>
        tape.Binary(nameof(Add), a, b, new Forward(), new BackwardA(), new BackwardB());

    internal readonly struct Forward : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal a, TReal b)
            where TReal : struct, IReal<TReal> => a + b;
    }

    internal readonly struct BackwardA : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal a, TReal b, TReal dy)
            where TReal : struct, IReal<TReal> => dy;
    }

    internal readonly struct BackwardB : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal a, TReal b, TReal dy)
            where TReal : struct, IReal<TReal> => dy;
    }
}
