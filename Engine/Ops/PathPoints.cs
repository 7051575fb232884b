using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>The points of straight paths: what turns a body into a path integral.</summary>
internal static class PathPointsOp
{
    /// <summary>
    /// y[s, p] = start[p] + position[s] * direction[p], for each step s and each pair p. The direction is a constant of the
    /// path, so d start[p] = sum over s of dy[s, p]: one gradient a pair, however many steps the path has.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="start">[pairs, ...]: the stem's output at each baseline.</param>
    /// <param name="direction">The same shape: the stem's output at each sample, less <paramref name="start"/>.</param>
    /// <param name="positions">[steps]: the quadrature's nodes on [0, 1].</param>
    /// <returns>[steps * pairs, ...].</returns>
    /// <exception cref="ArgumentException">The shapes differ, or there is no step.</exception>
    public static Tensor PathPoints(this Tape tape, Tensor start, Tensor direction, Tensor positions)
    {
        if (start.Shape != direction.Shape || start.Shape.Rank == 0)
            ShapeError.ShapeMismatch(nameof(PathPoints), "start and direction have one shape, with pairs first", start.Shape, direction.Shape);
        int steps = positions.Shape.Length;
        if (steps == 0) Throw.BadLength(nameof(PathPoints), nameof(positions), 0, 1);
        Tensor y = tape.Output(start.Shape.With(0, checked(steps * start.Shape[0])), start.TracksGradient);
        tape.Record(new PathNode(tape, start, direction, positions, y));
        return y;
    }

    private sealed class PathNode(Tape tape, Tensor start, Tensor direction, Tensor positions, Tensor y) : SteadyNode
    {
        public override void Forward() => tape.Backend.Points(start.Data, direction.Data, positions.Data, y.Data);

        public override void Backward()
        {
            if (!start.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dstart, bool accumulate) = tape.Contribute(start);
            tape.Backend.Sum(new AxisSplit(1, positions.Shape.Length, start.Shape.Length), dy, dstart, 1, accumulate);
        }
    }
}
