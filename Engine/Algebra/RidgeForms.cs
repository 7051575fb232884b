using System.Numerics.Tensors;

namespace EmotionXai.Engine.Algebra;

/// <summary>The matrix work of a ridge regression, by features or by samples. Samples stand in the order of their groups.</summary>
internal interface IRidgeForm
{
    /// <summary>The trace of X~ X~^T over the number of samples.</summary>
    double MeanEigenvalue { get; }

    /// <summary>Factors the matrix of a penalty, given in mean eigenvalues.</summary>
    void Factor(double penalty);

    /// <summary>y~ - X~ beta.</summary>
    double[] Residuals(double[] targets);

    /// <summary>The lower triangle of the diagonal block of I - X~ (X~^T X~ + lambda)^-1 X~^T.</summary>
    void Unexplained(int from, int size, double[] block);

    /// <summary>The coefficients, and what they make of each sample, X beta.</summary>
    double[] Solve(double[] targets, out IReadOnlyList<double[]> coefficients);
}

/// <summary>What fits: a matrix is one array.</summary>
internal static class RidgeSize
{
    /// <exception cref="EngineException">rows x columns numbers are more than an array holds.</exception>
    public static void Check(int rows, int columns, string what)
    {
        if ((long)rows * columns > Array.MaxLength)
            throw new EngineException($"The read-out cannot be solved: {what} make a matrix of {(long)rows * columns} numbers, more than the {Array.MaxLength} of an array; take fewer of them.");
    }
}

/// <summary>By samples: A = X~ X~^T + lambda I, [n, n]. I - X~ (X~^T X~ + lambda)^-1 X~^T = lambda A^-1.</summary>
internal sealed class DualForm : IRidgeForm
{
    private readonly IReadOnlyList<FeatureBlock> _blocks;
    private readonly int[] _order;
    private readonly double[] _roots, _kernel, _centred;
    private readonly int _n;
    private double _lambda;
    private Cholesky _factor = null!;
    private double[]? _inverse;

    public DualForm(IReadOnlyList<FeatureBlock> blocks, int[] order, double[] roots)
    {
        (_blocks, _order, _roots, _n) = (blocks, order, roots, order.Length);
        RidgeSize.Check(_n, _n, $"{_n} samples with at least as many features");
        _kernel = new double[_n * _n];
        bool sorted = order.Select((o, i) => o == i).All(same => same);
        foreach (FeatureBlock block in blocks) block.AddGram(order, sorted, _kernel);
        _centred = Centre();
        for (int i = 0; i < _n; i++) MeanEigenvalue += _centred[(i * _n) + i] / _n;
    }

    public double MeanEigenvalue { get; }

    public void Factor(double penalty)
    {
        double lambda = Math.Max(penalty * MeanEigenvalue, double.Epsilon);
        if (_factor is not null && lambda == _lambda) return;
        _lambda = lambda;
        double[] a = [.. _centred];
        for (int i = 0; i < _n; i++) a[(i * _n) + i] += _lambda;
        _factor = Cholesky.Factor(a, _n) ?? throw new ArithmeticException("The read-out cannot be solved: its matrix is singular; raise the ridge penalty.");
        _inverse = null;
    }

    public double[] Residuals(double[] targets)
    {
        double[] residuals = _factor.Solve(targets);
        for (int i = 0; i < _n; i++) residuals[i] *= _lambda;
        return residuals;
    }

    // A^-1 = L^-T L^-1: its blocks are products of rows of L^-T.
    public void Unexplained(int from, int size, double[] block)
    {
        if (_inverse is null)
        {
            _inverse = new double[_n * _n];
            for (int i = 0; i < _n; i++) _inverse[(i * _n) + i] = 1;
            _factor.SolveRows(_inverse, _n, identity: true);
        }

        Block rows = new(_inverse, (from * _n) + from, _n);
        RowProducts.Add(_lambda, rows, rows, new Block(block, 0, size), size, size, _n - from, lowerOnly: true);
    }

    public double[] Solve(double[] targets, out IReadOnlyList<double[]> coefficients)
    {
        double[] dual = _factor.Solve(targets), sorted = new double[_n], all = new double[_n];
        for (int i = 0; i < _n; i++)
        {
            // sqrt(W) A^-1 y~ sums to zero, so the features need not be centred.
            sorted[i] = _roots[i] * dual[i];
            all[_order[i]] = sorted[i];
        }

        coefficients = [.. _blocks.Select(b => b.Coefficients(all))];
        return KernelTimes(sorted);
    }

    // sqrt(w_i w_j) (K_ij - m_i - m_j + c), with m the weighted means of the rows and c that of m.
    private double[] Centre()
    {
        double[] weights = [.. _roots.Select(r => r * r)], means = KernelTimes(weights), centred = new double[_n * _n];
        double sum = weights.Sum(), centre = 0;
        for (int i = 0; i < _n; i++)
        {
            means[i] /= sum;
            centre += weights[i] * means[i] / sum;
        }

        for (int i = 0; i < _n; i++)
        {
            Span<double> row = centred.AsSpan(i * _n, i + 1);
            TensorPrimitives.Subtract(_kernel.AsSpan(i * _n, i + 1), means.AsSpan(0, i + 1), row);
            TensorPrimitives.AddMultiply(row, centre - means[i], _roots.AsSpan(0, i + 1), row);
            TensorPrimitives.Multiply(row, _roots[i], row);
        }

        return centred;
    }

    // K v, of which only the lower triangle stands in memory.
    private double[] KernelTimes(double[] v)
    {
        double[] product = new double[_n];
        for (int i = 0; i < _n; i++)
        {
            ReadOnlySpan<double> row = _kernel.AsSpan(i * _n, i);
            product[i] += TensorPrimitives.Dot(row, v.AsSpan(0, i)) + (_kernel[(i * _n) + i] * v[i]);
            TensorPrimitives.MultiplyAdd(row, v[i], product.AsSpan(0, i), product.AsSpan(0, i));
        }

        return product;
    }
}

/// <summary>By features: M = X~^T X~ + lambda I = L L^T, [p, p]. X~ M^-1 X~^T = V V^T with V = X~ L^-T.</summary>
internal sealed class PrimalForm : IRidgeForm
{
    private readonly IReadOnlyList<FeatureBlock> _blocks;
    private readonly double[] _rows, _moment;
    private readonly double[] _means, _roots;
    private readonly int _n, _p;
    private double _penalty = double.NaN;
    private Cholesky _factor = null!;
    private double[]? _projected;

    public PrimalForm(IReadOnlyList<FeatureBlock> blocks, int[] order, double[] roots)
    {
        (_blocks, _roots, _n, _p) = (blocks, roots, order.Length, blocks.Sum(b => b.Width));
        RidgeSize.Check(_n, _p, $"{_n} samples of {_p} features");
        RidgeSize.Check(_p, _p, $"{_p} features");
        _rows = new double[_n * _p];
        _means = new double[_p];
        double sum = roots.Sum(r => r * r);
        for (int i = 0; i < _n; i++)
        {
            Span<double> row = _rows.AsSpan(i * _p, _p);
            int at = 0;
            foreach (FeatureBlock block in blocks)
            {
                block.CopyTo(order[i], row[at..]);
                at += block.Width;
            }

            for (int f = 0; f < _p; f++) _means[f] += roots[i] * roots[i] * row[f] / sum;
        }

        double[] turned = new double[_p * _n];
        for (int i = 0; i < _n; i++)
        {
            for (int f = 0; f < _p; f++)
            {
                double value = roots[i] * (_rows[(i * _p) + f] - _means[f]);
                _rows[(i * _p) + f] = value;
                turned[(f * _n) + i] = value;
            }
        }

        _moment = new double[_p * _p];
        Block features = new(turned, 0, _n);
        RowProducts.Add(1, features, features, new Block(_moment, 0, _p), _p, _p, _n, lowerOnly: true);
        for (int f = 0; f < _p; f++) MeanEigenvalue += _moment[(f * _p) + f] / _n;
    }

    public double MeanEigenvalue { get; }

    public void Factor(double penalty)
    {
        if (penalty == _penalty) return;
        _penalty = penalty;
        double[] m = [.. _moment];
        for (int f = 0; f < _p; f++) m[(f * _p) + f] += Math.Max(penalty * MeanEigenvalue, double.Epsilon);
        _factor = Cholesky.Factor(m, _p) ?? throw new ArithmeticException("The read-out cannot be solved: its matrix is singular; raise the ridge penalty.");
        _projected = null;
    }

    public double[] Residuals(double[] targets)
    {
        double[] explained = Times(Beta(targets));
        for (int i = 0; i < _n; i++) explained[i] = targets[i] - explained[i];
        return explained;
    }

    public void Unexplained(int from, int size, double[] block)
    {
        if (_projected is null)
        {
            _projected = [.. _rows];
            _factor.SolveRows(_projected, _n);
        }

        for (int i = 0; i < size; i++) block[(i * size) + i] = 1;
        Block rows = new(_projected, from * _p, _p);
        RowProducts.Add(-1, rows, rows, new Block(block, 0, size), size, size, _p, lowerOnly: true);
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
        double centre = _means.Select((m, f) => m * beta[f]).Sum();
        for (int i = 0; i < _n; i++) fitted[i] = (fitted[i] / _roots[i]) + centre;
        return fitted;
    }

    private double[] Beta(double[] targets)
    {
        double[] products = new double[_p];
        for (int i = 0; i < _n; i++)
        {
            ReadOnlySpan<double> row = _rows.AsSpan(i * _p, _p);
            for (int f = 0; f < _p; f++) products[f] += targets[i] * row[f];
        }

        return _factor.Solve(products);
    }

    private double[] Times(double[] beta)
    {
        double[] product = new double[_n];
        RowProducts.Add(1, new Block(_rows, 0, _p), new Block(beta, 0, _p), new Block(product, 0, 1), _n, 1, _p);
        return product;
    }
}
