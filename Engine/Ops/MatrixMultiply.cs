using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
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
        (Tensor c, MatrixProduct product) = Begin(tape, a, b, bias, transposeA, transposeB);
        tape.Record(new ProductNode(tape, a, b, bias, c, product));
        return c;
    }

    /// <summary>
    /// Y = f(A B + bias), a dense layer in one op: what f is applied to is not kept. With Z the product, dZ = f'(Z) dY takes the place of dY,
    /// and the rest is as for a product.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="a">[..., k].</param>
    /// <param name="b">[k, n].</param>
    /// <param name="bias">[n], or null.</param>
    /// <param name="finish">f.</param>
    /// <param name="slope">f'(z) dy; it is given y for z as well, so it must need no more of z than y tells. Not asked for where nothing tracks a gradient.</param>
    internal static Tensor MatrixMultiply<TFinish, TSlope>(this Tape tape, Tensor a, Tensor b, Tensor? bias, TFinish finish, TSlope slope)
        where TFinish : struct, IUnary
        where TSlope : struct, ITernary
    {
        (Tensor y, MatrixProduct product) = Begin(tape, a, b, bias, false, false);
        tape.Record(new FinishedNode<TFinish, TSlope>(tape, a, b, bias, y, product, finish, slope));
        return y;
    }

    private static (Tensor C, MatrixProduct Product) Begin(Tape tape, Tensor a, Tensor b, Tensor? bias, bool transposeA, bool transposeB)
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
        return (c, new MatrixProduct(m, n, k, transposeA, transposeB, Accumulate: false));
    }

    private class ProductNode(Tape tape, Tensor a, Tensor b, Tensor? bias, Tensor c, MatrixProduct product) : SteadyNode
    {
        protected Tensor A => a;

        protected Tensor B => b;

        protected Tensor? Bias => bias;

        protected MatrixProduct Product => product;

        public override void Forward() => tape.Backend.Multiply(product, a.Data, b.Data, bias?.Data, c.Data);

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (tape.IncomingGradient(c) is { } dc) Contribute(dc);
        }

        protected void Contribute(Slice dc)
        {
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
                MatrixProduct gradient = tb ? new(n, k, m, true, ta, false) : new(k, n, m, !ta, false, false);
                (Slice left, Slice right) = tb ? (dc, a.Data) : (a.Data, dc);
                if (!tape.StepsAlong(b, gradient, left, right))
                {
                    (Slice db, bool accumulate) = tape.Contribute(b);
                    tape.Backend.Multiply(gradient with { Accumulate = accumulate }, left, right, null, db);
                }
            }

            if (bias is { TracksGradient: true })
            {
                (Slice dbias, bool accumulate) = tape.Contribute(bias);
                tape.Backend.Sum(new AxisSplit(1, m, n), dc, dbias, 1, accumulate);
            }
        }
    }
    private sealed class FinishedNode<TFinish, TSlope>(Tape tape, Tensor a, Tensor b, Tensor? bias, Tensor y, MatrixProduct product, TFinish finish, TSlope slope)
        : ProductNode(tape, a, b, bias, y, product)
        where TFinish : struct, IUnary
        where TSlope : struct, ITernary
    {
        private readonly Tape _tape = tape;
        private readonly Tensor _y = y;

        public override void Forward() => _tape.Backend.Multiply(Product, A.Data, B.Data, Bias?.Data, finish, _y.Data);

        // Whoever reads y has added its part to dy by now, and nobody asks for dy again.
        public override void Backward()
        {
            if (_tape.IncomingGradient(_y) is not { } dy) return;
            _tape.Backend.Map(slope, _y.Data, _y.Data, dy, dy, accumulate: false);
            Contribute(dy);
        }

        public override void Rescale(Node reference)
        {
            if (_tape.IncomingGradient(_y) is not { } dy) return;
            FinishedNode<TFinish, TSlope> other = (FinishedNode<TFinish, TSlope>)reference;
            Slice moved = _tape.Scratch(_y.Shape.Length), change = _tape.Scratch(_y.Shape.Length), tangent = _tape.Scratch(_y.Shape.Length), dz = _tape.Scratch(_y.Shape.Length);
            _tape.Backend.Multiply(Product, A.Data, B.Data, Bias?.Data, moved);
            _tape.Backend.Multiply(Product, other.A.Data, other.B.Data, other.Bias?.Data, change);
            _tape.Backend.Map(default(Difference), moved, change, moved, accumulate: false);
            _tape.Backend.Map(default(Difference), _y.Data, other._y.Data, change, accumulate: false);
            _tape.Backend.Map(slope, _y.Data, _y.Data, dy, tangent, accumulate: false);
            RescaleRule.Apply(_tape, moved, change, dy, tangent, dz, accumulate: false);
            Contribute(dz);
        }
    }
}
