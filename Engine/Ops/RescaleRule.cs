using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Ops;

/// <summary>The rescale rule of DeepLIFT at an elementwise op: dy times the secant's slope, and the tangent's where nothing moved.</summary>
internal static class RescaleRule
{
    // Below this the difference quotient loses more digits to cancellation than the tangent differs from it: both are about
    // the root of the numbers' precision.
    private static double LeastMove(Tape tape) => Math.Sqrt(tape.Backend.UnitRoundoff);

    /// <summary>dx (+)= |moved| > least ? dy change / moved : tangent.</summary>
    /// <param name="tape">The tape that walks back.</param>
    /// <param name="moved">x - x'.</param>
    /// <param name="change">y - y'.</param>
    /// <param name="dy">The incoming gradient.</param>
    /// <param name="tangent">dy times the derivative at x; overwritten.</param>
    /// <param name="dx">Output.</param>
    /// <param name="accumulate">Whether to add to it.</param>
    public static void Apply(Tape tape, Slice moved, Slice change, Slice dy, Slice tangent, Slice dx, bool accumulate)
    {
        Secant secant = new(LeastMove(tape));
        tape.Backend.Map(default(Product), change, dy, change, accumulate: false);
        tape.Backend.Map(secant, moved, change, tangent, dx, accumulate);
    }

    internal readonly struct Secant(FormulaNumber least) : ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal moved, TReal change, TReal tangent)
            where TReal : struct, IReal<TReal>
        {
            TReal size = TReal.Abs(moved), bound = TReal.Constant(least);
            TReal divisor = TReal.IfGreater(size, bound, moved, TReal.Constant(1));
            return TReal.IfGreater(size, bound, change / divisor, tangent);
        }
    }
}

/// <summary>y = (a - b) / 2.</summary>
internal readonly struct HalfDifference : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReal Apply<TReal>(TReal a, TReal b)
        where TReal : struct, IReal<TReal> => TReal.Constant(0.5) * (a - b);
}
