namespace EmotionXai.Engine.Algebra;

/// <summary>What a ridge regression found.</summary>
/// <param name="Coefficients">[block][feature].</param>
/// <param name="Bias">The intercept.</param>
/// <param name="Penalty">Lambda over the mean eigenvalue of the centred, weighted Gram matrix.</param>
internal sealed record RidgeSolution(IReadOnlyList<double[]> Coefficients, double Bias, double Penalty);

/// <summary>
/// Weighted ridge regression with a free intercept, in closed form: the least sum over i of w_i (y_i - b - x_i beta)^2 +
/// lambda |beta|^2. With X~ = sqrt(W) (X - weighted mean) and y~ alike, beta = (X~^T X~ + lambda)^-1 X~^T y~ where features are
/// fewer than samples, else X~^T (X~ X~^T + lambda)^-1 y~ (the dual form): the same, by the smaller matrix.
/// <para>
/// The regression on all samples but a group g predicts that group by a formula, without being computed (for single samples:
/// Allen 1974): its residuals are (I - H_gg)^-1 r_g, where H = X~ (X~^T X~ + lambda)^-1 X~^T + q q^T is the hat matrix, q =
/// sqrt(w) / |sqrt(w)| the intercept's part, and r the residuals of the regression on all. A penalty of 0 in
/// <see cref="Solve(double)"/> takes the one whose predictions of left-out groups are best.
/// </para>
/// </summary>
internal sealed class Ridge : IDisposable
{
    // Penalties are tried a factor 10 apart, downhill from a middling one, between these powers.
    private const int First = -1, Least = -6, Most = 2;

    private readonly IReadOnlyList<FeatureBlock> _blocks;
    private readonly int[] _order, _bounds;
    private readonly double[] _targets, _roots, _residualTargets;
    private readonly IRidgeForm _form;
    private readonly double _mean, _weightSum;

    /// <summary>A regression to be solved.</summary>
    /// <param name="blocks">The features; all of the same samples.</param>
    /// <param name="targets">[sample].</param>
    /// <param name="weights">[sample], positive.</param>
    /// <param name="groups">[sample]: samples of one group are left out together; empty leaves out each by itself.</param>
    /// <exception cref="ArithmeticException">A feature is not finite.</exception>
    public Ridge(IReadOnlyList<FeatureBlock> blocks, IReadOnlyList<double> targets, IReadOnlyList<double> weights, IReadOnlyList<int> groups)
    {
        int n = targets.Count, features = blocks.Sum(b => b.Width);
        _blocks = blocks;

        // Samples of a group stand together, so that its part of a matrix is a block.
        _order = groups.Count == 0 ? [.. Enumerable.Range(0, n)] : [.. Enumerable.Range(0, n).OrderBy(i => groups[i])];
        _bounds = [.. Enumerable.Range(0, n).Where(i => i == 0 || groups.Count == 0 || groups[_order[i]] != groups[_order[i - 1]]), n];
        _targets = [.. _order.Select(i => targets[i])];
        _roots = [.. _order.Select(i => Math.Sqrt(weights[i]))];
        _weightSum = weights.Sum();
        for (int i = 0; i < n; i++) _mean += _roots[i] * _roots[i] * _targets[i] / _weightSum;
        _residualTargets = [.. _targets.Select((t, i) => _roots[i] * (t - _mean))];
        _form = features < n ? new PrimalForm(blocks, _order, _roots) : new DualForm(blocks, _order, _roots);
        if (!double.IsFinite(_form.MeanEigenvalue)) throw new ArithmeticException("The read-out cannot be solved: a feature is infinite or NaN; check the clips.");
    }

    /// <summary>Solves the regression.</summary>
    /// <param name="penalty">Lambda over the mean eigenvalue of the centred, weighted Gram matrix; 0 takes the one whose predictions of left-out groups are best.</param>
    public RidgeSolution Solve(double penalty = 0)
    {
        if (penalty <= 0) penalty = ChoosePenalty();
        _form.Factor(penalty);
        return Solve(_residualTargets, _mean, penalty);
    }

    /// <summary>
    /// [group, in ascending order]: the regression on all samples but the group's, under the same lambda. It is the regression on all
    /// with the group's targets replaced by what the others predict of it: targets that lie on a regression do not change it.
    /// </summary>
    /// <param name="penalty">Lambda over the mean eigenvalue of the Gram matrix of all samples.</param>
    public IReadOnlyList<RidgeSolution> SolveWithoutEach(double penalty)
    {
        double[] predictions = LeaveOut(penalty).Predictions;
        RidgeSolution[] solutions = new RidgeSolution[_bounds.Length - 1];
        for (int g = 0; g < solutions.Length; g++)
        {
            double[] targets = [.. _targets];
            double mean = _mean;
            for (int i = _bounds[g]; i < _bounds[g + 1]; i++)
            {
                targets[i] = predictions[_order[i]];
                mean += _roots[i] * _roots[i] * (targets[i] - _targets[i]) / _weightSum;
            }

            for (int i = 0; i < targets.Length; i++) targets[i] = _roots[i] * (targets[i] - mean);
            solutions[g] = Solve(targets, mean, penalty);
        }

        return solutions;
    }

    /// <summary>Gives matrices back that the next regression can use. Solutions stay.</summary>
    public void Dispose() => (_form as IDisposable)?.Dispose();

    private RidgeSolution Solve(double[] residualTargets, double mean, double penalty)
    {
        double[] fitted = _form.Solve(residualTargets, out IReadOnlyList<double[]> coefficients);
        double bias = mean;
        for (int i = 0; i < fitted.Length; i++) bias -= _roots[i] * _roots[i] * fitted[i] / _weightSum;
        return new RidgeSolution(coefficients, bias, penalty);
    }

    /// <summary>The penalty whose predictions of left-out groups are best: a walk downhill in powers of ten, then the lowest point of the parabola through the best and its neighbours.</summary>
    public double ChoosePenalty()
    {
        Dictionary<int, double> losses = [];
        int best = First;
        while (true)
        {
            int next = best - 1 >= Least && Loss(best - 1) < Loss(best) ? best - 1 : best + 1 <= Most && Loss(best + 1) < Loss(best) ? best + 1 : best;
            if (next == best) break;
            best = next;
        }

        if (best == Least || best == Most) return Math.Pow(10, best);
        double low = Loss(best - 1), middle = Loss(best), high = Loss(best + 1), curve = low - (2 * middle) + high;

        // Where a penalty cannot be judged its loss is infinite, and there is no parabola.
        return Math.Pow(10, best + (curve > 0 && double.IsFinite(curve) ? 0.5 * (low - high) / curve : 0));

        double Loss(int power)
        {
            if (!losses.TryGetValue(power, out double loss)) losses[power] = loss = LeaveOut(Math.Pow(10, power)).Loss;
            return loss;
        }
    }

    /// <summary>The prediction of every sample by the regression on all other groups, and the weighted mean of its squared error.</summary>
    public (double[] Predictions, double Loss) LeaveOut(double penalty)
    {
        int n = _targets.Length;
        _form.Factor(penalty);
        double[] residuals = _form.Residuals(_residualTargets), predictions = new double[n], intercept = [.. _roots.Select(r => r / Math.Sqrt(_weightSum))];
        double loss = 0;
        for (int g = 0; g + 1 < _bounds.Length; g++)
        {
            // Where the rest cannot tell anything, errors are without bound.
            int from = _bounds[g], size = _bounds[g + 1] - from;
            double[]? errors = _form.LeftOut(from, size, intercept, residuals);
            for (int i = 0; i < size; i++)
            {
                double error = errors is null ? double.PositiveInfinity : errors[i];
                predictions[_order[from + i]] = _targets[from + i] - (error / _roots[from + i]);
                loss += error * error / _weightSum;
            }
        }

        return (predictions, loss);
    }
}
