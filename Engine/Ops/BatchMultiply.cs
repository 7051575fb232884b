using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>A matrix product for each element of a batch.</summary>
public static class BatchMultiplyOp
{
    /// <summary>C[i] = A[i] B[i], both operands of a batch's own. With G = dC: dA = G B^T, dB = A^T G.</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="a">[batch, m, k].</param>
    /// <param name="b">[batch, k, n], or [batch, n, k] when <paramref name="transposeB"/>.</param>
    /// <param name="transposeB">Whether the matrices of B are stored transposed.</param>
    /// <returns>[batch, m, n].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor BatchMultiply(this Tape tape, Tensor a, Tensor b, bool transposeB = false)
    {
        if (a.Shape.Rank != 3 || b.Shape.Rank != 3 || a.Shape[0] != b.Shape[0] || a.Shape[2] != b.Shape[transposeB ? 2 : 1])
            ShapeError.ShapeMismatch(nameof(BatchMultiply), "operands are [batch, m, k] and [batch, k, n]", a.Shape, b.Shape);
        int m = a.Shape[1], k = a.Shape[2], n = b.Shape[transposeB ? 1 : 2];
        Tensor c = tape.Output(new Shape(a.Shape[0], m, n), a.TracksGradient || b.TracksGradient);
        tape.Record(new BatchNode(tape, a, b, c, new MatrixProduct(m, n, k, false, transposeB, Accumulate: false)));
        return c;
    }

    private sealed class BatchNode(Tape tape, Tensor a, Tensor b, Tensor c, MatrixProduct product) : SteadyNode
    {
        private readonly int _left = product.M * product.K, _right = product.K * product.N, _result = product.M * product.N;

        public override void Forward()
        {
            for (int i = 0; i < a.Shape[0]; i++)
                tape.Backend.Multiply(product, a.Data.Part(i * _left, _left), b.Data.Part(i * _right, _right), null, c.Data.Part(i * _result, _result));
        }

        public override void Backward()
        {
            if (tape.IncomingGradient(c) is not { } dc) return;
            (int m, int n, int k, _, bool tb, _) = product;
            if (a.TracksGradient)
            {
                (Slice da, bool accumulate) = tape.Contribute(a);
                for (int i = 0; i < a.Shape[0]; i++)
                    tape.Backend.Multiply(new MatrixProduct(m, k, n, false, !tb, accumulate), dc.Part(i * _result, _result), b.Data.Part(i * _right, _right), null, da.Part(i * _left, _left));
            }

            if (!b.TracksGradient) return;
            (Slice db, bool adds) = tape.Contribute(b);
            for (int i = 0; i < a.Shape[0]; i++)
            {
                Slice left = a.Data.Part(i * _left, _left), incoming = dc.Part(i * _result, _result), to = db.Part(i * _right, _right);
                if (tb) tape.Backend.Multiply(new MatrixProduct(n, k, m, true, false, adds), incoming, left, null, to);
                else tape.Backend.Multiply(new MatrixProduct(k, n, m, true, false, adds), left, incoming, null, to);
            }
        }
    }
}
