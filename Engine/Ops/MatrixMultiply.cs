using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>The matrix product, with an optional bias on every row.</summary>
public static class MatrixMultiplyOp
{
    /// <summary>
    /// C = op(A) op(B) + bias. B and the result are matrices; A may have any rank, its leading axes are rows (unless transposed,
    /// which needs a matrix). With G = dC: dA = G op(B)^T, dB = op(A)^T G (transposed as stored), dbias = the column sums of G.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="a">[..., k], or [k, m] when <paramref name="transposeA"/>.</param>
    /// <param name="b">[k, n], or [n, k] when <paramref name="transposeB"/>.</param>
    /// <param name="bias">[n], or null.</param>
    /// <param name="transposeA">Whether A is stored transposed.</param>
    /// <param name="transposeB">Whether B is stored transposed.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor MatrixMultiply(
        this Tape tape, Tensor a, Tensor b, Tensor? bias = null, bool transposeA = false, bool transposeB = false)
    {
        const string Op = nameof(MatrixMultiply);
        if (b.Shape.Rank != 2) ShapeError.BadShape(Op, "the right operand is a matrix", b.Shape);
        if (a.Shape.Rank < 1 || (transposeA && a.Shape.Rank != 2)) ShapeError.BadShape(Op, "the left operand has rows (a matrix, if transposed)", a.Shape);

        int m = transposeA ? a.Shape[1] : a.Shape.Rows;
        int k = transposeA ? a.Shape[0] : a.Shape[-1];
        int n = transposeB ? b.Shape[0] : b.Shape[1];
        if (k != (transposeB ? b.Shape[1] : b.Shape[0])) ShapeError.ShapeMismatch(Op, "the inner extents are equal", a.Shape, b.Shape);
        if (bias is not null && bias.Shape != new Shape(n)) ShapeError.ShapeMismatch(Op, "the bias has one element a column", bias.Shape, b.Shape);

        Shape shape = transposeA ? new Shape(m, n) : a.Shape.With(-1, n);
        Tensor c = tape.Output(shape, a.TracksGradient || b.TracksGradient || bias is { TracksGradient: true });
        tape.Record(new ProductNode(tape, a, b, bias, c, new MatrixProduct(m, n, k, transposeA, transposeB, Accumulate: false)));
        return c;
    }

    private sealed class ProductNode(Tape tape, Tensor a, Tensor b, Tensor? bias, Tensor c, MatrixProduct product) : SteadyNode
    {
        public override void Forward() => tape.Backend.Multiply(product, a.Data, b.Data, bias?.Data, c.Data);

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (tape.IncomingGradient(c) is not { } dc) return;
            (int m, int n, int k, bool ta, bool tb, _) = product;
            if (a.TracksGradient)
            {
                (Slice da, bool accumulate) = tape.Contribute(a);

                // A as stored: [m, k] gets G B^T, its transpose [k, m] gets B G^T.
                if (ta) tape.Backend.Multiply(new MatrixProduct(k, m, n, tb, true, accumulate), b.Data, dc, null, da);
                else tape.Backend.Multiply(new MatrixProduct(m, k, n, false, !tb, accumulate), dc, b.Data, null, da);
            }

            if (b.TracksGradient)
            {
                (Slice db, bool accumulate) = tape.Contribute(b);
                if (tb) tape.Backend.Multiply(new MatrixProduct(n, k, m, true, ta, accumulate), dc, a.Data, null, db);
                else tape.Backend.Multiply(new MatrixProduct(k, n, m, !ta, false, accumulate), a.Data, dc, null, db);
            }

            if (bias is { TracksGradient: true })
            {
                (Slice dbias, bool accumulate) = tape.Contribute(bias);
                tape.Backend.Sum(new AxisSplit(1, m, n), dc, dbias, 1, accumulate);
            }
        }
    }
}
