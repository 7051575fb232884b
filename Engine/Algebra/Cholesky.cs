using System.Buffers;
using System.Numerics.Tensors;

namespace EmotionXai.Engine.Algebra;

/// <summary>
/// The Cholesky factor of a symmetric, positive definite matrix: A = L L^T in float64, worked on in blocks of columns. What
/// stands above the diagonal is neither read nor written.
/// </summary>
internal sealed class Cholesky
{
    private const int Columns = 32;
    private readonly double[] _l;

    // The inverses of the factor's diagonal blocks, [block][32, 32]: a solution then consists of products alone.
    private readonly double[] _inverses;

    private Cholesky(double[] l, int n)
    {
        (_l, Size) = (l, n);
        _inverses = new double[(n + Columns - 1) / Columns * Columns * Columns];
    }

    /// <summary>Rows.</summary>
    public int Size { get; }

    /// <summary>L, [n, n]: its lower triangle.</summary>
    public ReadOnlySpan<double> Lower => _l;

    /// <summary>Factors [n, n] in place; null where it is not positive definite to working precision.</summary>
    public static Cholesky? Factor(double[] a, int n)
    {
        Cholesky factor = new(a, n);
        for (int at = 0; at < n; at += Columns)
        {
            // The block column less what the columns before it explain; then its own factor, and the rows below.
            int width = Math.Min(Columns, n - at), below = n - at - width;
            Block column = new(a, (at * n) + at, n), before = new(a, at * n, n);
            RowProducts.Add(-1, before, before, column, width, width, at, lowerOnly: true);
            if (!factor.FactorDiagonal(at, width)) return null;
            if (below == 0) continue;
            Block rest = new(a, ((at + width) * n) + at, n);
            RowProducts.Add(-1, new Block(a, (at + width) * n, n), before, rest, below, width, at);
            factor.Divide(rest, below, at, width);
        }

        return factor;
    }

    /// <summary>Every row y of a matrix becomes the solution of L x = y.</summary>
    /// <param name="y">[rows, n].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="identity">Whether y is the identity: row i of it is then zero before column i, and its work is left out.</param>
    public void SolveRows(double[] y, int rows, bool identity = false)
    {
        int n = Size;
        for (int at = 0; at < n; at += Columns)
        {
            int width = Math.Min(Columns, n - at);
            int most = identity ? Math.Min(rows, at + width) : rows, step = identity ? Columns : most;

            // A block of the identity's rows is zero before its own columns: its products start there.
            for (int first = 0; first < most; first += step)
            {
                int from = identity ? first : 0, count = Math.Min(step, most - first);
                RowProducts.Add(-1, new Block(y, (first * n) + from, n), new Block(_l, (at * n) + from, n), new Block(y, (first * n) + at, n), count, width, at - from);
            }

            Divide(new Block(y, at, n), most, at, width);
        }
    }

    /// <summary>The solution of A x = b.</summary>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        int n = Size;
        double[] x = b.ToArray();
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = _l.AsSpan(i * n, i);
            x[i] = (x[i] - TensorPrimitives.Dot(row, x.AsSpan(0, i))) / _l[(i * n) + i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            x[i] /= _l[(i * n) + i];
            ReadOnlySpan<double> row = _l.AsSpan(i * n, i);
            TensorPrimitives.MultiplyAdd(row, -x[i], x.AsSpan(0, i), x.AsSpan(0, i));
        }

        return x;
    }

    private bool FactorDiagonal(int at, int width)
    {
        int n = Size;
        for (int j = 0; j < width; j++)
        {
            Span<double> row = _l.AsSpan(((at + j) * n) + at, width);
            double pivot = row[j];
            for (int k = 0; k < j; k++) pivot -= row[k] * row[k];
            if (!(pivot > 0) || double.IsInfinity(pivot)) return false;
            row[j] = Math.Sqrt(pivot);
            for (int i = j + 1; i < width; i++)
            {
                Span<double> lower = _l.AsSpan(((at + i) * n) + at, width);
                double sum = lower[j];
                for (int k = 0; k < j; k++) sum -= lower[k] * row[k];
                lower[j] = sum / row[j];
            }
        }

        Span<double> inverse = _inverses.AsSpan(at * Columns, Columns * Columns);
        for (int i = 0; i < width; i++)
        {
            ReadOnlySpan<double> row = _l.AsSpan(((at + i) * n) + at, width);
            inverse[(i * Columns) + i] = 1 / row[i];
            for (int j = 0; j < i; j++)
            {
                double sum = 0;
                for (int k = j; k < i; k++) sum += row[k] * inverse[(k * Columns) + j];
                inverse[(i * Columns) + j] = -sum / row[i];
            }
        }

        return true;
    }

    // rows <- rows (L_block)^-T, by the block's inverse.
    private void Divide(Block rows, int count, int at, int width)
    {
        double[] copy = ArrayPool<double>.Shared.Rent(count * Columns);
        copy.AsSpan(0, count * Columns).Clear();
        for (int i = 0; i < count; i++)
        {
            Span<double> row = rows.Data.AsSpan(rows.Offset + (i * rows.Stride), width);
            row.CopyTo(copy.AsSpan(i * Columns));
            row.Clear();
        }

        RowProducts.Add(1, new Block(copy, 0, Columns), new Block(_inverses, at * Columns, Columns), rows, count, width, Columns);
        ArrayPool<double>.Shared.Return(copy);
    }
}
