using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Distances between all pairs of points.</summary>
public static class PairDistancesOp
{
    /// <summary>
    /// y[b, p] = |x_j - x_i| for the pairs of <see cref="PairDifferencesOp.PairsOf"/>; dy/dx_j = (x_j - x_i) / y = -dy/dx_i: a distance belongs to
    /// its two ends alike. Where the two coincide both are 0.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="points">[batch, points, coordinates].</param>
    /// <returns>[batch, points (points - 1) / 2].</returns>
    /// <exception cref="ArgumentException">The shape is another, or points have no coordinate.</exception>
    public static Tensor PairDistances(this Tape tape, Tensor points)
    {
        if (points.Shape.Rank != 3 || points.Shape[2] == 0) ShapeError.BadShape(nameof(PairDistances), "the input is [batch, points, coordinates], with a coordinate at least", points.Shape);
        Shape row = new(points.Shape[0], points.Shape[1]);
        Tensor squares = Enumerable.Range(0, points.Shape[2])
            .Select(d => tape.Square(tape.PairDifferences(tape.Reshape(tape.Slice(points, 2, d, 1), row)))).Aggregate(tape.Add);
        return tape.Root(squares);
    }
}
