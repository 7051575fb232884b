using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Differences between all pairs of numbers in a row.</summary>
public static class PairDifferencesOp
{
    /// <summary>
    /// y[..., p] = x[..., j] - x[..., i] for the pairs i &lt; j of <see cref="PairsOf"/>. dx_j is the sum of dy over the pairs that end in j,
    /// less that over the pairs that begin there.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">[..., n].</param>
    /// <returns>[..., n (n - 1) / 2].</returns>
    /// <exception cref="ArgumentException">There is no axis.</exception>
    public static Tensor PairDifferences(this Tape tape, Tensor x)
    {
        if (x.Shape.Rank == 0) ShapeError.BadShape(nameof(PairDifferences), "there is an axis of numbers to pair", x.Shape);
        int axis = x.Shape.Rank - 1;
        Tensor y = tape.Output(x.Shape.With(axis, CountOf(x.Shape[axis])), x.TracksGradient);
        tape.Record(new PairNode(tape, x, y));
        return y;
    }

    /// <summary>How many pairs there are of so many numbers.</summary>
    public static int CountOf(int numbers) => checked(numbers * Math.Max(0, numbers - 1)) / 2;

    /// <summary>The pairs in order: those next to each other first, then those with one between them, and so on, so that a step j - i is two spans of a row.</summary>
    public static IEnumerable<(int First, int Second)> PairsOf(int numbers) =>
        from step in Enumerable.Range(1, Math.Max(0, numbers - 1))
        from first in Enumerable.Range(0, numbers - step)
        select (first, first + step);

    private sealed class PairNode(Tape tape, Tensor x, Tensor y) : SteadyNode
    {
        private readonly int _numbers = x.Shape[-1], _pairs = y.Shape[-1];

        public override void Forward()
        {
            if (y.Data.Length == 0) return;
            for (int step = 1, at = 0; step < _numbers; at += _numbers - step++)
            {
                tape.Backend.Copy(Span(step, _numbers, _pairs, 1), After(x.Data, step), After(y.Data, at), accumulate: false);
                tape.Backend.Copy(Span(step, _numbers, _pairs, -1), x.Data, After(y.Data, at), accumulate: true);
            }
        }

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            if (!accumulate) tape.Backend.Fill(dx, 0);
            if (dy.Length == 0) return;
            for (int step = 1, at = 0; step < _numbers; at += _numbers - step++)
            {
                tape.Backend.Copy(Span(step, _pairs, _numbers, 1), After(dy, at), After(dx, step), accumulate: true);
                tape.Backend.Copy(Span(step, _pairs, _numbers, -1), After(dy, at), dx, accumulate: true);
            }
        }

        // A span of every row, between rows of other lengths.
        private BlockCopy Span(int step, int from, int to, double scale) => new(y.Shape.Length / _pairs, 1, _numbers - step, from, 0, to, 0) { Scale = scale };

        private static Slice After(Slice all, int offset) => all.Part(offset, all.Length - offset);
    }
}
