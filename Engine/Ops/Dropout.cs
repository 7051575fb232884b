using System.Runtime.CompilerServices;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>How far a dropout has read its random stream; shared by every tape of a training run.</summary>
public sealed class RandomCursor(RandomKey key)
{
    /// <summary>The stream.</summary>
    public RandomKey Key { get; } = key;

    internal ulong Position { get; set; }
}

/// <summary>Dropout (Srivastava et al. 2014), inverted.</summary>
public static class DropoutOp
{
    /// <summary>
    /// On a training tape y = x / (1 - rate) with probability 1 - rate, else 0, drawn anew on every replay; dx = dy times the
    /// same factor. On any other tape y is x itself. NaN stays NaN where it is kept and becomes NaN * 0 = NaN where dropped.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="rate">The probability of dropping, in [0, 1).</param>
    /// <param name="cursor">Where the random numbers come from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside [0, 1).</exception>
    public static Tensor Dropout(this Tape tape, Tensor x, double rate, RandomCursor cursor)
    {
        if (!(rate is >= 0 and < 1)) Throw.OutOfRange(nameof(Dropout), nameof(rate), rate, "in [0, 1)");
        if (!tape.Training || rate == 0) return x;
        Tensor y = tape.Output(x.Shape, x.TracksGradient);
        tape.Record(new DropoutNode(tape, x, y, rate, cursor));
        return y;
    }

    internal readonly struct Mask(double rate) : IUnary
    {
        private readonly FormulaNumber _rate = rate, _kept = 1 / (1 - rate);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TReal Apply<TReal>(TReal uniform)
            where TReal : struct, IReal<TReal> =>
            TReal.IfGreater(TReal.Constant(_rate), uniform, TReal.Constant(0), TReal.Constant(_kept));
    }

    private sealed class DropoutNode(Tape tape, Tensor x, Tensor y, double rate, RandomCursor cursor) : SteadyNode
    {
        private readonly Slice _mask = tape.Scratch(x.Shape.Length);

        // The place in the random stream is another every time.
        public override bool IsForwardSteady => false;

        public override void Forward()
        {
            tape.Backend.Random(Distribution.Uniform, cursor.Key, cursor.Position, _mask);
            cursor.Position += (ulong)_mask.Length;
            tape.Backend.Map(new Mask(rate), _mask, _mask, accumulate: false);
            tape.Backend.Map(default(Product), x.Data, _mask, y.Data, accumulate: false);
        }

        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            tape.Backend.Map(default(Product), dy, _mask, dx, accumulate);
        }
    }
}
