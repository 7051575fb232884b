using CsCheck;
using EmotionXai.Engine.Algebra;
using Xunit;

namespace EmotionXai.Tests.Engine.Algebra;

/// <summary>Ridge regression against its normal equations, solved plainly, and its leave-out formula against leaving out.</summary>
public sealed class RidgeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void The_factor_times_its_transpose_is_the_matrix(int n)
    {
        double[] a = Definite(n);
        Cholesky factor = Cholesky.Factor([.. a], n)!;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k <= j; k++) sum += factor.Lower[(i * n) + k] * factor.Lower[(j * n) + k];
                Assert.Equal(a[(i * n) + j], sum, 1e-10 * n);
            }
        }

        double[] b = Numbers.Random(2, n), x = factor.Solve(b);
        for (int i = 0; i < n; i++) Assert.Equal(b[i], Enumerable.Range(0, n).Sum(j => a[(i * n) + j] * x[j]), 1e-9 * n);
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_has_no_factor()
    {
        Assert.Null(Cholesky.Factor([1, 0, 2, 1], 2));
        Assert.Null(Cholesky.Factor([double.NaN], 1));
        Assert.Null(Cholesky.Factor([double.PositiveInfinity], 1));
    }

    [Fact]
    public void More_samples_than_the_square_root_of_an_array_s_length_are_solved_by_features()
    {
        // 50,000 squared is more than an array holds. The targets are the features' own sum, which a small penalty hardly shrinks.
        const int Samples = 50_000, Width = 3;
        double[] drawn = Numbers.Random(1, Samples * Width);
        float[] values = [.. drawn.Select(v => (float)v)];
        double[] targets = [.. Enumerable.Range(0, Samples).Select(i => (2.0 * values[i * Width]) - values[(i * Width) + 1] + 5)], weights = new double[Samples];
        Array.Fill(weights, 1);
        RidgeSolution solution = new Ridge([new FeatureBlock(values, Width, 1)], targets, weights, []).Solve(1e-9);
        Assert.Equal([2, -1, 0], solution.Coefficients[0], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(5, solution.Bias, 1e-6);
    }

    [Fact]
    public void A_matrix_that_no_array_holds_is_refused_before_it_is_made()
    {
        const int Many = 50_000;
        double[] ones = new double[Many];
        Array.Fill(ones, 1);
        FeatureBlock wide = new([], Many, 1);
        Assert.Contains("50000 samples", Assert.Throws<EmotionXai.Engine.EngineException>(() => new Ridge([wide], ones, ones, [])).Message, StringComparison.Ordinal);
    }

    // Fewer features than samples take the primal form, more the dual one.
    [Theory]
    [InlineData(30, 4, 3)]
    [InlineData(30, 70, 9)]
    [InlineData(90, 40, 60)]
    public void The_solution_is_that_of_the_normal_equations(int samples, int width1, int width2)
    {
        Problem problem = new(samples, width1, width2, 1);
        foreach (double penalty in new[] { 1e-4, 0.1, 10 })
        {
            RidgeSolution solution = problem.Ridge().Solve(penalty);
            (double[] beta, double bias) = problem.Plain([.. Enumerable.Range(0, samples)], penalty * problem.MeanEigenvalue());
            double[] found = [.. solution.Coefficients[0], .. solution.Coefficients[1]];
            for (int f = 0; f < found.Length; f++) Assert.Equal(beta[f], found[f], 1e-8);
            Assert.Equal(bias, solution.Bias, 1e-8);
            Assert.Equal(penalty, solution.Penalty);
        }
    }

    [Theory]
    [InlineData(24, 5, 4, false)]
    [InlineData(24, 5, 4, true)]
    [InlineData(60, 3, 2, true)]
    [InlineData(1400, 3, 2, true)]
    [InlineData(24, 60, 10, false)]
    [InlineData(24, 60, 10, true)]
    public void Left_out_groups_are_predicted_and_the_others_solved_as_if_they_had_been_left_out(int samples, int width1, int width2, bool people)
    {
        Problem problem = new(samples, width1, width2, 2);
        int[] groups = [.. Enumerable.Range(0, samples).Select(i => people ? i * 7 % 5 : i)];
        double penalty = 0.05, lambda = penalty * problem.MeanEigenvalue(), loss = 0;
        (double[] predictions, double told) = problem.Ridge(people ? groups : []).LeaveOut(penalty);
        foreach (int group in groups.Distinct())
        {
            (double[] beta, double bias) = problem.Plain([.. Enumerable.Range(0, samples).Where(i => groups[i] != group)], lambda);
            for (int i = 0; i < samples; i++)
            {
                if (groups[i] != group) continue;
                double plain = bias + problem.Row(i).Select((x, f) => x * beta[f]).Sum();
                Assert.Equal(plain, predictions[i], 1e-8);
                loss += problem.Weights[i] * (plain - problem.Targets[i]) * (plain - problem.Targets[i]) / problem.Weights.Sum();
            }
        }

        Assert.Equal(loss, told, 1e-8);
        if (!people) return;
        IReadOnlyList<RidgeSolution> without = problem.Ridge(groups).SolveWithoutEach(penalty);
        Assert.Equal(5, without.Count);
        for (int g = 0; g < 5; g++)
        {
            (double[] beta, double bias) = problem.Plain([.. Enumerable.Range(0, samples).Where(i => groups[i] != g)], lambda);
            Assert.Equal(beta, without[g].Coefficients.SelectMany(c => c), (a, b) => Math.Abs(a - b) < 1e-8);
            Assert.Equal(bias, without[g].Bias, 1e-8);
        }
    }

    [Fact]
    public void The_chosen_penalty_is_about_the_best_of_a_fine_grid()
    {
        Problem problem = new(60, 20, 15, 3);
        Ridge ridge = problem.Ridge();
        double chosen = ridge.Solve().Penalty, best = double.PositiveInfinity;
        for (double power = -6; power <= 2; power += 0.05) best = Math.Min(best, ridge.LeaveOut(Math.Pow(10, power)).Loss);
        Assert.InRange(ridge.LeaveOut(chosen).Loss, best, best * 1.02);
    }

    // Few samples, some of them twice, in groups that hold most of them: many penalties cannot be judged.
    [Fact]
    public void A_penalty_is_found_for_the_smallest_data()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            int samples = 4 + (seed % 5), width = 1 + (seed * 7 % 40);
            float[] values = Numbers.Singles(seed, samples * width);
            values.AsSpan(0, width).CopyTo(values.AsSpan(width));
            double[] targets = [.. Enumerable.Range(0, samples).Select(i => i % 4 == 0 ? 1.0 : -1)], weights = [.. targets.Select(t => t > 0 ? 3.0 : 1)];
            RidgeSolution solution = new Ridge([new FeatureBlock(values, width, 1)], targets, weights, [.. Enumerable.Range(0, samples).Select(i => i / 2 % 2)]).Solve();
            Assert.InRange(solution.Penalty, 1e-7, 1e3);
            Assert.All(solution.Coefficients[0], c => Assert.True(double.IsFinite(c)));
        }
    }

    [Fact]
    public void A_feature_that_is_not_finite_is_one_clear_error()
    {
        FeatureBlock block = new([1, float.NaN, 2, 3], 1, 1);
        ArithmeticException e = Assert.Throws<ArithmeticException>(() => new Ridge([block], [1, -1, 1, -1], [1, 1, 1, 1], []).Solve());
        Assert.Contains("infinite or NaN", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_products_are_sums_of_products()
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 600], Gen.Int[0, 1000]).Sample(
            (m, n, k, seed) =>
            {
                double[] a = Numbers.Random(seed, m * k), b = Numbers.Random(seed + 1, n * k), c = new double[m * n];
                RowProducts.Add(-1, new Block(a, 0, k), new Block(b, 0, k), new Block(c, 0, n), m, n, k);
                for (int i = 0; i < m; i++)
                    for (int j = 0; j < n; j++)
                        Assert.Equal(-Enumerable.Range(0, k).Sum(l => a[(i * k) + l] * b[(j * k) + l]), c[(i * n) + j], 1e-12 * k);
            },
            iter: 60,
            seed: "0000000000000001");
    }

    private static double[] Definite(int n)
    {
        double[] rows = Numbers.Random(n, n * n), a = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                a[(i * n) + j] = Enumerable.Range(0, n).Sum(k => rows[(i * n) + k] * rows[(j * n) + k]) + (i == j ? 1 : 0);
        return a;
    }

    /// <summary>A regression in two blocks, the second scaled.</summary>
    private sealed class Problem(int samples, int width1, int width2, int seed)
    {
        private const double Scale = 0.7;

        private readonly float[] _first = Numbers.Singles(seed, samples * width1), _second = Numbers.Singles(seed + 100, samples * width2);

        public double[] Targets { get; } = [.. Enumerable.Range(0, samples).Select(i => i % 3 == 0 ? 1.0 : -1)];

        public double[] Weights { get; } = [.. Enumerable.Range(0, samples).Select(i => i % 3 == 0 ? 2.0 : 1)];

        public Ridge Ridge(params IReadOnlyList<int> groups) => new([new FeatureBlock(_first, width1, 1), new FeatureBlock(_second, width2, Scale)], Targets, Weights, groups);

        /// <summary>The features of a sample as they are.</summary>
        public double[] Row(int i) => [.. _first.AsSpan(i * width1, width1).ToArray().Select(v => (double)v), .. _second.AsSpan(i * width2, width2).ToArray().Select(v => (double)v)];

        /// <summary>The trace of the centred, weighted Gram matrix of the scaled features, over the samples.</summary>
        public double MeanEigenvalue()
        {
            int[] all = [.. Enumerable.Range(0, samples)];
            double[] means = Means(all);
            return all.Sum(i => Weights[i] * Row(i).Select((x, f) => Square(Factor(f) * (x - means[f]))).Sum()) / samples;
        }

        /// <summary>The regression on some samples, by Gaussian elimination: coefficients of the features as they are.</summary>
        public (double[] Beta, double Bias) Plain(int[] on, double lambda)
        {
            int p = width1 + width2;
            double[] means = Means(on);
            double weight = on.Sum(i => Weights[i]), target = on.Sum(i => Weights[i] * Targets[i]) / weight;
            double[,] system = new double[p, p + 1];
            foreach (int i in on)
            {
                double[] x = [.. Row(i).Select((v, f) => Factor(f) * (v - means[f]))];
                for (int f = 0; f < p; f++)
                {
                    for (int g = 0; g < p; g++) system[f, g] += Weights[i] * x[f] * x[g];
                    system[f, p] += Weights[i] * x[f] * (Targets[i] - target);
                }
            }

            for (int f = 0; f < p; f++) system[f, f] += lambda;
            double[] beta = [.. Eliminate(system, p).Select((b, f) => Factor(f) * b)];
            return (beta, target - means.Select((m, f) => m * beta[f]).Sum());
        }

        private double Factor(int feature) => feature < width1 ? 1 : Scale;

        private double[] Means(int[] on)
        {
            double weight = on.Sum(i => Weights[i]);
            return [.. Enumerable.Range(0, width1 + width2).Select(f => on.Sum(i => Weights[i] * Row(i)[f]) / weight)];
        }

        private static double Square(double x) => x * x;

        private static double[] Eliminate(double[,] system, int p)
        {
            for (int k = 0; k < p; k++)
            {
                for (int row = k + 1; row < p; row++)
                {
                    double factor = system[row, k] / system[k, k];
                    for (int column = k; column <= p; column++) system[row, column] -= factor * system[k, column];
                }
            }

            double[] x = new double[p];
            for (int k = p - 1; k >= 0; k--)
            {
                x[k] = system[k, p];
                for (int column = k + 1; column < p; column++) x[k] -= system[k, column] * x[column];
                x[k] /= system[k, k];
            }

            return x;
        }
    }
}
