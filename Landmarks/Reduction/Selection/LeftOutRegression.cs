using System.Numerics.Tensors;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// Ridge regression on ever more landmarks, judged by people who are left out: for every group of people a regression on all others,
/// in closed form, grown by one landmark at a time. What adding a landmark would bring costs the factor of a matrix of the size of
/// its own features, since the block Cholesky factor of what is already in stays (Golub and Van Loan, Matrix Computations, 4.2).
/// </summary>
internal sealed class LeftOutRegression
{
    private readonly Split[] _splits;
    private readonly double _weightSum;

    /// <summary>A regression on no landmark.</summary>
    /// <param name="components">What landmarks say.</param>
    /// <param name="targets">[clip]: 1 or 0, predicted as 1 and -1; both classes weigh the same.</param>
    /// <param name="groups">[clip]: the group of people that a clip is left out with, 0 to <paramref name="count"/> - 1.</param>
    /// <param name="count">Groups.</param>
    /// <param name="penalty">Lambda over the mean of what a landmark's features vary.</param>
    public LeftOutRegression(LandmarkComponents components, float[] targets, int[] groups, int count, double penalty)
    {
        double positives = targets.Count(t => t > 0.5f), clips = targets.Length;
        double[] signs = [.. targets.Select(t => t > 0.5f ? 1.0 : -1)], weights = [.. targets.Select(t => clips / (2 * (t > 0.5f ? positives : clips - positives)))];
        _weightSum = weights.Sum();
        double variation = 0;
        for (int i = 0; i < components.Values.Length; i++) variation += weights[i / (components.Landmarks * components.Width)] * components.Values[i] * components.Values[i];
        double lambda = Math.Max(penalty * variation / components.Landmarks, double.Epsilon);
        _splits = [.. Enumerable.Range(0, count).Select(g => new Split(components, signs, weights, groups, g, lambda))];
    }

    /// <summary>The landmarks taken, in order.</summary>
    public List<int> Taken { get; } = [];

    /// <summary>The weighted mean squared error on people left out, with what is taken.</summary>
    public double Loss => _splits.Sum(s => s.Loss()) / _weightSum;

    /// <summary>The same with one more landmark.</summary>
    public double LossWith(int landmark) => _splits.Sum(s => s.LossWith(landmark)) / _weightSum;

    /// <summary>Takes a landmark.</summary>
    public void Take(int landmark)
    {
        foreach (Split split in _splits) split.Take(landmark);
        Taken.Add(landmark);
    }

    /// <summary>One group left out. All matrices are row-major; q numbers a landmark.</summary>
    private sealed class Split
    {
        private readonly LandmarkComponents _components;
        private readonly int[] _train, _test;
        private readonly double[] _roots, _testWeights, _trainRest, _testRest;
        private readonly double _lambda;
        private readonly int _q;
        private readonly List<Entry> _taken = [];
        private readonly Dictionary<int, Candidate> _candidates = [];

        public Split(LandmarkComponents components, double[] targets, double[] weights, int[] groups, int group, double lambda)
        {
            (_components, _lambda, _q) = (components, lambda, components.Width);
            _train = [.. Enumerable.Range(0, groups.Length).Where(i => groups[i] != group)];
            _test = [.. Enumerable.Range(0, groups.Length).Where(i => groups[i] == group)];
            double sum = _train.Sum(i => weights[i]), mean = _train.Sum(i => weights[i] * targets[i]) / sum;
            _roots = [.. _train.Select(i => Math.Sqrt(weights[i]))];
            _testWeights = [.. _test.Select(i => weights[i])];
            _trainRest = [.. _train.Select((i, at) => _roots[at] * (targets[i] - mean))];
            _testRest = [.. _test.Select(i => targets[i] - mean)];
        }

        public double Loss()
        {
            double loss = 0;
            for (int i = 0; i < _testRest.Length; i++) loss += _testWeights[i] * _testRest[i] * _testRest[i];
            return loss;
        }

        public double LossWith(int landmark)
        {
            Candidate candidate = Of(landmark);
            Span<double> gamma = stackalloc double[_q];
            candidate.Coefficients(gamma);
            double loss = 0;
            for (int i = 0; i < _testRest.Length; i++)
            {
                double rest = _testRest[i] - TensorPrimitives.Dot<double>(candidate.Test.AsSpan(i * _q, _q), gamma);
                loss += _testWeights[i] * rest * rest;
            }

            return loss;
        }

        public void Take(int landmark)
        {
            Candidate taken = Of(landmark);
            Span<double> gamma = stackalloc double[_q];
            taken.Coefficients(gamma);
            for (int i = 0; i < _testRest.Length; i++) _testRest[i] -= TensorPrimitives.Dot<double>(taken.Test.AsSpan(i * _q, _q), gamma);
            _taken.Add(new Entry(taken, taken.Factor()));
        }

        // A candidate as it stands once all taken landmarks have explained of it what they can.
        private Candidate Of(int landmark)
        {
            if (!_candidates.TryGetValue(landmark, out Candidate? candidate)) _candidates[landmark] = candidate = Start(landmark);
            for (; candidate.Seen < _taken.Count; candidate.Seen++) candidate.Explain(_taken[candidate.Seen]);
            return candidate;
        }

        private Candidate Start(int landmark)
        {
            double[] train = new double[_q * _train.Length], test = new double[_test.Length * _q];
            double sum = 0;
            for (int i = 0; i < _train.Length; i++) sum += _roots[i] * _roots[i];
            for (int k = 0; k < _q; k++)
            {
                double mean = 0;
                for (int i = 0; i < _train.Length; i++) mean += _roots[i] * _roots[i] * At(_train[i], k) / sum;
                for (int i = 0; i < _train.Length; i++) train[(k * _train.Length) + i] = _roots[i] * (At(_train[i], k) - mean);
                for (int i = 0; i < _test.Length; i++) test[(i * _q) + k] = At(_test[i], k) - mean;
            }

            return new Candidate(train, test, _trainRest, _q, _lambda);

            double At(int clip, int k) => _components.Of(clip, landmark)[k];
        }
    }

    /// <summary>A landmark that is in, with the Cholesky factor L of what it had left to say.</summary>
    private sealed record Entry(Candidate Landmark, double[] Lower);

    /// <summary>What a landmark has left to say to a regression. With A its Gram matrix and b its products with the targets, both after the taken ones.</summary>
    private sealed class Candidate
    {
        private readonly double[] _train, _gram, _products;
        private readonly List<double[]> _shared = [];
        private readonly int _q, _n;

        public Candidate(double[] train, double[] test, double[] targets, int q, double lambda)
        {
            (_train, Test, _q, _n) = (train, test, q, targets.Length);
            (_gram, _products) = (new double[q * q], new double[q]);
            for (int k = 0; k < q; k++)
            {
                ReadOnlySpan<double> row = train.AsSpan(k * _n, _n);
                _products[k] = TensorPrimitives.Dot<double>(row, targets);
                for (int l = 0; l <= k; l++) _gram[(k * q) + l] = _gram[(l * q) + k] = TensorPrimitives.Dot<double>(row, train.AsSpan(l * _n, _n));
                _gram[(k * q) + k] += lambda;
            }
        }

        /// <summary>[tested clip, component], less what the taken landmarks tell of it.</summary>
        public double[] Test { get; }

        /// <summary>Taken landmarks that have been allowed for.</summary>
        public int Seen { get; set; }

        /// <summary>L with L L^T = A.</summary>
        public double[] Factor()
        {
            double[] lower = [.. _gram];
            for (int j = 0; j < _q; j++)
            {
                for (int i = j; i < _q; i++)
                {
                    double sum = lower[(i * _q) + j] - TensorPrimitives.Dot<double>(lower.AsSpan(i * _q, j), lower.AsSpan(j * _q, j));
                    lower[(i * _q) + j] = i == j ? Math.Sqrt(Math.Max(sum, double.Epsilon)) : sum / lower[(j * _q) + j];
                }
            }

            return lower;
        }

        /// <summary>A^-1 b.</summary>
        public void Coefficients(Span<double> gamma)
        {
            double[] lower = Factor();
            _products.CopyTo(gamma);
            Forward(lower, gamma);
            for (int i = _q - 1; i >= 0; i--)
            {
                for (int j = i + 1; j < _q; j++) gamma[i] -= lower[(j * _q) + i] * gamma[j];
                gamma[i] /= lower[(i * _q) + i];
            }
        }

        /// <summary>Takes out what one more taken landmark explains: with B their products and V = L^-1 B, A -= V^T V, b -= V^T L^-1 b', test -= test' L^-T V.</summary>
        public void Explain(Entry taken)
        {
            Candidate other = taken.Landmark;
            double[] v = new double[_q * _q];
            for (int k = 0; k < _q; k++)
                for (int l = 0; l < _q; l++) v[(k * _q) + l] = TensorPrimitives.Dot<double>(other._train.AsSpan(k * _n, _n), _train.AsSpan(l * _n, _n));
            for (int earlier = 0; earlier < Seen; earlier++) Subtract(v, other._shared[earlier], _shared[earlier]);
            ForwardRows(taken.Lower, v);
            _shared.Add(v);
            Subtract(_gram, v, v);

            Span<double> products = stackalloc double[_q];
            other._products.CopyTo(products);
            Forward(taken.Lower, products);
            for (int k = 0; k < _q; k++)
                for (int l = 0; l < _q; l++) _products[l] -= v[(k * _q) + l] * products[k];

            Span<double> row = stackalloc double[_q];
            for (int i = 0; i < Test.Length; i += _q)
            {
                other.Test.AsSpan(i, _q).CopyTo(row);
                Forward(taken.Lower, row);
                Span<double> own = Test.AsSpan(i, _q);
                for (int k = 0; k < _q; k++) TensorPrimitives.MultiplyAdd(v.AsSpan(k * _q, _q), -row[k], own, own);
            }
        }

        // x := L^-1 x.
        private void Forward(double[] lower, Span<double> x)
        {
            for (int i = 0; i < _q; i++) x[i] = (x[i] - TensorPrimitives.Dot<double>(lower.AsSpan(i * _q, i), x[..i])) / lower[(i * _q) + i];
        }

        // Every column of V: V := L^-1 V.
        private void ForwardRows(double[] lower, double[] v)
        {
            for (int i = 0; i < _q; i++)
            {
                Span<double> row = v.AsSpan(i * _q, _q);
                for (int j = 0; j < i; j++) TensorPrimitives.MultiplyAdd(v.AsSpan(j * _q, _q), -lower[(i * _q) + j], row, row);
                TensorPrimitives.Divide(row, lower[(i * _q) + i], row);
            }
        }

        // M -= P^T Q.
        private void Subtract(double[] m, double[] p, double[] q)
        {
            for (int k = 0; k < _q; k++)
                for (int i = 0; i < _q; i++)
                {
                    Span<double> row = m.AsSpan(i * _q, _q);
                    TensorPrimitives.MultiplyAdd(q.AsSpan(k * _q, _q), -p[(k * _q) + i], row, row);
                }
        }
    }
}
