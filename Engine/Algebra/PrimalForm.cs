using System.Numerics.Tensors;

namespace EmotionXai.Engine.Algebra;

/// <summary>
/// By features: M = X~^T X~ + lambda I = L L^T, [p, p]. X~ M^-1 X~^T = V V^T with V = X~ L^-T. Samples are looked at some at a time, so that
/// beside M nothing grows with their number.
/// </summary>
internal sealed class PrimalForm : IRidgeForm
{
    // Samples at a time: deep enough for the product of a chunk, and few enough to stay small.
    private const int Chunk = 256;

    private readonly IReadOnlyList<FeatureBlock> _blocks;
    private readonly int[] _order;
    private readonly double[] _moment, _matrix, _means, _roots;
    private readonly int _n, _p;

    // Room that every group and penalty takes again: pages that are new to the process cost more than the work on them.
    private readonly double[] _rows, _transposed;
    private double[]? _inner;
    private double _penalty = double.NaN;
    private Cholesky _factor = null!;

    public PrimalForm(IReadOnlyList<FeatureBlock> blocks, int[] order, double[] roots)
    {
        (_blocks, _order, _roots, _n, _p) = (blocks, order, roots, order.Length, blocks.Sum(b => b.Width));
        RidgeSize.Check(_p, _p, $"{_p} features");
        _means = new double[_p];
        double sum = roots.Sum(r => r * r);
        double[] row = new double[_p];
        _rows = new double[Math.Min(Chunk, Math.Max(1, _n)) * _p];
        _transposed = new double[(_p + 1) * Chunk];
        for (int i = 0; i < _n; i++)
        {
            CopyRow(i, row);
            TensorPrimitives.MultiplyAdd(row, roots[i] * roots[i] / sum, _means, _means);
        }

        (_moment, _matrix) = (new double[_p * _p], new double[_p * _p]);
        Block features = new(_transposed, 0, Chunk);
        InChunks((_, count, rows) =>
        {
            for (int i = 0; i < count; i++)
                for (int f = 0; f < _p; f++) _transposed[(f * Chunk) + i] = rows[(i * _p) + f];
            RowProducts.Add(1, features, features, new Block(_moment, 0, _p), _p, _p, count, lowerOnly: true);
        });
        for (int f = 0; f < _p; f++) MeanEigenvalue += _moment[(f * _p) + f] / _n;
    }

    public double MeanEigenvalue { get; }

    public void Factor(double penalty)
    {
        if (penalty == _penalty) return;
        _penalty = penalty;
        _moment.CopyTo(_matrix, 0);
        for (int f = 0; f < _p; f++) _matrix[(f * _p) + f] += Math.Max(penalty * MeanEigenvalue, double.Epsilon);
        _factor = Cholesky.Factor(_matrix, _p) ?? throw new ArithmeticException("The read-out cannot be solved: its matrix is singular; raise the ridge penalty.");
    }

    public double[] Residuals(double[] targets)
    {
        double[] explained = Times(Beta(targets));
        for (int i = 0; i < _n; i++) explained[i] = targets[i] - explained[i];
        return explained;
    }

    // With U = [V_g, q], I - H_gg = I - U U^T. Of a large group the inverse comes from the smaller matrix: I + U (I - U^T U)^-1 U^T.
    public double[]? LeftOut(int from, int size, double[] intercept, double[] residuals)
    {
        ReadOnlySpan<double> own = residuals.AsSpan(from, size);
        if (size <= _p + 1)
        {
            double[] projected = new double[size * _p], left = new double[size * size];
            Project(from, size, projected);
            for (int i = 0; i < size; i++) left[(i * size) + i] = 1;
            Block rows = new(projected, 0, _p);
            RowProducts.Add(-1, rows, rows, new Block(left, 0, size), size, size, _p, lowerOnly: true);
            return LeftOutSolve.Of(left, from, size, intercept, own);
        }

        int width = _p + 1;
        double[] inner = _inner ??= new double[width * width], products = new double[width];
        Array.Clear(inner);
        for (int i = 0; i < width; i++) inner[(i * width) + i] = 1;
        Block columns = new(_transposed, 0, Chunk);
        for (int at = 0; at < size; at += Chunk)
        {
            int count = Math.Min(Chunk, size - at);
            Project(from + at, count, _rows);
            for (int i = 0; i < count; i++)
            {
                for (int f = 0; f < _p; f++) _transposed[(f * Chunk) + i] = _rows[(i * _p) + f];
                _transposed[(_p * Chunk) + i] = intercept[from + at + i];
            }

            RowProducts.Add(-1, columns, columns, new Block(inner, 0, width), width, width, count, lowerOnly: true);
            for (int f = 0; f < width; f++) products[f] += TensorPrimitives.Dot(_transposed.AsSpan(f * Chunk, count), own.Slice(at, count));
        }

        double[]? solved = Cholesky.Factor(inner, width)?.Solve(products);
        if (solved is null) return null;
        double[] errors = own.ToArray();
        for (int at = 0; at < size; at += Chunk)
        {
            int count = Math.Min(Chunk, size - at);
            Project(from + at, count, _rows);
            for (int i = 0; i < count; i++) errors[at + i] += TensorPrimitives.Dot(_rows.AsSpan(i * _p, _p), solved.AsSpan(0, _p)) + (intercept[from + at + i] * solved[_p]);
        }

        return errors;
    }

    public double[] Solve(double[] targets, out IReadOnlyList<double[]> coefficients)
    {
        double[] beta = Beta(targets), fitted = Times(beta);
        List<double[]> all = [];
        int at = 0;
        foreach (FeatureBlock block in _blocks)
        {
            all.Add(block.Coefficients(beta, at));
            at += block.Width;
        }

        coefficients = all;
        double centre = TensorPrimitives.Dot(_means, beta);
        for (int i = 0; i < _n; i++) fitted[i] = (fitted[i] / _roots[i]) + centre;
        return fitted;
    }

    private double[] Beta(double[] targets)
    {
        double[] products = new double[_p];
        InChunks((from, count, rows) =>
        {
            for (int i = 0; i < count; i++) TensorPrimitives.MultiplyAdd(rows.AsSpan(i * _p, _p), targets[from + i], products, products);
        });
        return _factor.Solve(products);
    }

    private double[] Times(double[] beta)
    {
        double[] product = new double[_n];
        InChunks((from, count, rows) =>
        {
            for (int i = 0; i < count; i++) product[from + i] = TensorPrimitives.Dot(rows.AsSpan(i * _p, _p), beta);
        });
        return product;
    }

    // The rows of V.
    private void Project(int from, int count, double[] rows)
    {
        for (int i = 0; i < count; i++) Row(from + i, rows.AsSpan(i * _p, _p));
        _factor.SolveRows(rows, count);
    }

    private void InChunks(Action<int, int, double[]> work)
    {
        for (int from = 0; from < _n; from += Chunk)
        {
            int count = Math.Min(Chunk, _n - from);
            for (int i = 0; i < count; i++) Row(from + i, _rows.AsSpan(i * _p, _p));
            work(from, count, _rows);
        }
    }

    // A row of X~.
    private void Row(int i, Span<double> row)
    {
        CopyRow(i, row);
        TensorPrimitives.Subtract(row, _means, row);
        TensorPrimitives.Multiply(row, _roots[i], row);
    }

    private void CopyRow(int i, Span<double> row)
    {
        int at = 0;
        foreach (FeatureBlock block in _blocks)
        {
            block.CopyTo(_order[i], row[at..]);
            at += block.Width;
        }
    }
}
