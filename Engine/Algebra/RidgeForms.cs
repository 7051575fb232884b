using System.Buffers;
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

    /// <summary>The residuals of a group by the regression on all other groups, (I - H_gg)^-1 r_g; null where the others cannot tell anything.</summary>
    /// <param name="from">Where the group begins.</param>
    /// <param name="size">Its samples.</param>
    /// <param name="intercept">[sample]: q.</param>
    /// <param name="residuals">[sample]: r, of the regression on all.</param>
    double[]? LeftOut(int from, int size, double[] intercept, double[] residuals);

    /// <summary>The coefficients, and what they make of each sample, X beta.</summary>
    double[] Solve(double[] targets, out IReadOnlyList<double[]> coefficients);
}

/// <summary>The last step of leaving a group out, where its own matrix is solved.</summary>
internal static class LeftOutSolve
{
    /// <summary>(B - q q^T)^-1 r for the lower triangle of B, [size, size], which is used up; null where that is singular: one group alone, say.</summary>
    public static double[]? Of(double[] block, int from, int size, double[] intercept, ReadOnlySpan<double> residuals)
    {
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++) block[(i * size) + j] -= intercept[from + i] * intercept[from + j];
        return Cholesky.Factor(block, size)?.Solve(residuals);
    }
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
internal sealed class DualForm : IRidgeForm, IDisposable
{
    private readonly IReadOnlyList<FeatureBlock> _blocks;
    private readonly int[] _order;
    private readonly double[] _roots, _kernel, _centred;
    private readonly int _n;

    // Matrices are rented, and one of each serves all penalties: pages that are new to the process cost more than the work on them.
    private readonly double[] _matrix;
    private double[]? _inverse;
    private double _lambda;
    private Cholesky _factor = null!;
    private bool _inverted;

    public DualForm(IReadOnlyList<FeatureBlock> blocks, int[] order, double[] roots)
    {
        (_blocks, _order, _roots, _n) = (blocks, order, roots, order.Length);
        RidgeSize.Check(_n, _n, $"{_n} samples with at least as many features");
        _kernel = Rent();
        _kernel.AsSpan(0, _n * _n).Clear();
        bool sorted = order.Select((o, i) => o == i).All(same => same);
        foreach (FeatureBlock block in blocks) block.AddGram(order, sorted, _kernel);
        _centred = Centre();
        _matrix = Rent();
        for (int i = 0; i < _n; i++) MeanEigenvalue += _centred[(i * _n) + i] / _n;
    }

    public double MeanEigenvalue { get; }

    public void Factor(double penalty)
    {
        double lambda = Math.Max(penalty * MeanEigenvalue, double.Epsilon);
        if (_factor is not null && lambda == _lambda) return;
        _lambda = lambda;
        _centred.AsSpan(0, _n * _n).CopyTo(_matrix);
        for (int i = 0; i < _n; i++) _matrix[(i * _n) + i] += _lambda;
        _factor = Cholesky.Factor(_matrix, _n) ?? throw new ArithmeticException("The read-out cannot be solved: its matrix is singular; raise the ridge penalty.");
        _inverted = false;
    }

    public double[] Residuals(double[] targets)
    {
        double[] residuals = _factor.Solve(targets);
        for (int i = 0; i < _n; i++) residuals[i] *= _lambda;
        return residuals;
    }

    // A^-1 = L^-T L^-1: its blocks are products of rows of L^-T.
    public double[]? LeftOut(int from, int size, double[] intercept, double[] residuals)
    {
        if (!_inverted)
        {
            _inverse ??= Rent();
            _inverse.AsSpan(0, _n * _n).Clear();
            for (int i = 0; i < _n; i++) _inverse[(i * _n) + i] = 1;
            _factor.SolveRows(_inverse, _n, identity: true);
            _inverted = true;
        }

        double[] block = new double[size * size];
        Block rows = new(_inverse!, (from * _n) + from, _n);
        RowProducts.Add(_lambda, rows, rows, new Block(block, 0, size), size, size, _n - from, lowerOnly: true);
        return LeftOutSolve.Of(block, from, size, intercept, residuals.AsSpan(from, size));
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

    public void Dispose()
    {
        foreach (double[]? matrix in (ReadOnlySpan<double[]?>)[_kernel, _centred, _matrix, _inverse])
            if (matrix is not null) ArrayPool<double>.Shared.Return(matrix);
        _inverse = null;
    }

    private double[] Rent() => ArrayPool<double>.Shared.Rent(_n * _n);

    // sqrt(w_i w_j) (K_ij - m_i - m_j + c), with m the weighted means of the rows and c that of m.
    private double[] Centre()
    {
        double[] weights = [.. _roots.Select(r => r * r)], means = KernelTimes(weights), centred = Rent();
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
