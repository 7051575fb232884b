using System.Numerics.Tensors;
using EmotionXai.Engine.Algebra;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// Ridge regression on ever more landmarks, judged by people who are left out: for every group of people a regression on all others,
/// in closed form, grown by one landmark at a time. What adding a landmark would bring costs the factor of a matrix of the size of
/// its own features, since the block Cholesky factor of what is already in stays (Golub and Van Loan, Matrix Computations, 4.2).
/// Products of all clips but a group's are those of all clips less the group's: each pair of clips' numbers is multiplied once for all groups.
/// </summary>
internal sealed class LeftOutRegression
{
    private readonly LandmarkComponents _components;
    private readonly Dictionary<int, Landmark> _landmarks = [];
    private readonly Split[] _splits;

    // Clips stand group by group: group g from _starts[g] on. Roots of weights, and targets.
    private readonly int[] _clips, _starts;
    private readonly double[] _roots, _targets;
    private readonly double _lambda, _weightSum;
    private readonly int _q;

    /// <summary>A regression on no landmark.</summary>
    /// <param name="components">What landmarks say.</param>
    /// <param name="targets">[clip]: 1 or 0, predicted as 1 and -1; both classes weigh the same.</param>
    /// <param name="groups">[clip]: the group of people that a clip is left out with, 0 to <paramref name="count"/> - 1.</param>
    /// <param name="count">Groups.</param>
    /// <param name="penalty">Lambda over the mean of what a landmark's features vary.</param>
    public LeftOutRegression(LandmarkComponents components, float[] targets, int[] groups, int count, double penalty)
    {
        (_components, _q) = (components, components.Width);
        double positives = targets.Count(t => t > 0.5f), clips = targets.Length;
        double[] weights = [.. targets.Select(t => clips / (2 * (t > 0.5f ? positives : clips - positives)))];
        _weightSum = weights.Sum();
        double variation = 0;
        for (int i = 0; i < components.Values.Length; i++) variation += weights[i / (components.Landmarks * _q)] * components.Values[i] * components.Values[i];
        _lambda = Math.Max(penalty * variation / components.Landmarks, double.Epsilon);
        _clips = [.. Enumerable.Range(0, groups.Length).OrderBy(i => groups[i])];
        _starts = [.. Enumerable.Range(0, count + 1).Select(g => groups.Count(own => own < g))];
        _roots = [.. _clips.Select(i => Math.Sqrt(weights[i]))];
        _targets = [.. _clips.Select(i => targets[i] > 0.5f ? 1.0 : -1)];
        _splits = [.. Enumerable.Range(0, count).Select(SplitOf)];
    }

    /// <summary>The landmarks taken, in order.</summary>
    public List<int> Taken { get; } = [];

    /// <summary>The weighted mean squared error on people left out, with what is taken.</summary>
    public double Loss => _splits.Sum(s => s.Loss()) / _weightSum;

    /// <summary>The same with one more landmark.</summary>
    public double LossWith(int landmark)
    {
        Landmark one = Of(landmark);
        return _splits.Select((s, g) => s.LossWith(one.Candidates[g])).Sum() / _weightSum;
    }

    /// <summary>Takes a landmark.</summary>
    public void Take(int landmark)
    {
        Landmark one = Of(landmark);
        for (int g = 0; g < _splits.Length; g++) _splits[g].Take(one.Candidates[g]);
        Taken.Add(landmark);
    }

    private Split SplitOf(int group)
    {
        double sum = 0, mean = 0;
        for (int i = 0; i < _clips.Length; i++)
        {
            if (i >= _starts[group] && i < _starts[group + 1]) continue;
            sum += _roots[i] * _roots[i];
            mean += _roots[i] * _roots[i] * _targets[i];
        }

        mean /= sum;
        Range left = _starts[group].._starts[group + 1];
        return new Split(sum, mean, [.. _roots[left].Select(r => r * r)], [.. _targets[left].Select(t => t - mean)]);
    }

    // A landmark as it stands once all taken ones have explained of it what they can.
    private Landmark Of(int landmark)
    {
        if (!_landmarks.TryGetValue(landmark, out Landmark? one)) _landmarks[landmark] = one = Start(landmark);
        for (; one.Seen < Taken.Count; one.Seen++)
        {
            Landmark taken = _landmarks[Taken[one.Seen]];
            double[][] products = Products(one.Rows, taken.Rows);
            for (int g = 0; g < _splits.Length; g++) one.Candidates[g].Explain(taken.Candidates[g], Centred(products[g], one, taken, g));
        }

        return one;
    }

    private Landmark Start(int landmark)
    {
        int clips = _clips.Length, groups = _splits.Length;
        double[] rows = new double[_q * clips], sums = new double[groups * _q], withTargets = new double[groups * _q];
        for (int g = 0; g < groups; g++)
        {
            for (int i = _starts[g]; i < _starts[g + 1]; i++)
            {
                ReadOnlySpan<float> own = _components.Of(_clips[i], landmark);
                for (int k = 0; k < _q; k++)
                {
                    double weighted = _roots[i] * own[k];
                    rows[(k * clips) + i] = weighted;
                    sums[(g * _q) + k] += _roots[i] * weighted;
                    withTargets[(g * _q) + k] += _roots[i] * weighted * _targets[i];
                }
            }
        }

        // What all others sum to.
        double[] Others(double[] values, int group) => [.. Enumerable.Range(0, _q).Select(k => Enumerable.Range(0, groups).Where(g => g != group).Sum(g => values[(g * _q) + k]))];
        double[][] means = [.. Enumerable.Range(0, groups).Select(g => Others(sums, g).Select(s => s / _splits[g].Weight).ToArray())];
        Landmark one = new(rows, means);
        double[][] grams = Products(rows, rows);
        one.Candidates = [.. Enumerable.Range(0, groups).Select(g =>
        {
            double[] gram = Centred(grams[g], one, one, g), products = [.. Others(withTargets, g).Select((s, k) => s - (_splits[g].Weight * _splits[g].Mean * means[g][k]))];
            for (int k = 0; k < _q; k++) gram[(k * _q) + k] += _lambda;
            double[] test = new double[(_starts[g + 1] - _starts[g]) * _q];
            for (int i = 0; i < test.Length; i++) test[i] = _components.Of(_clips[_starts[g] + (i / _q)], landmark)[i % _q] - means[g][i % _q];
            return new Candidate(_q, gram, products, test);
        })];
        return one;
    }

    // [group][component, component]: the weighted products of two landmarks over all clips but the group's, not centred.
    private double[][] Products(double[] rows, double[] others)
    {
        int clips = _clips.Length;
        double[] all = new double[_q * _q];
        double[][] products = [.. _splits.Select(_ => new double[_q * _q])];
        for (int g = 0; g < products.Length; g++)
        {
            RowProducts.Add(1, new Block(rows, _starts[g], clips), new Block(others, _starts[g], clips), new Block(products[g], 0, _q), _q, _q, _starts[g + 1] - _starts[g]);
            TensorPrimitives.Add<double>(all, products[g], all);
        }

        foreach (double[] own in products) TensorPrimitives.Subtract<double>(all, own, own);
        return products;
    }

    // In place: less the weight times the product of the means.
    private double[] Centred(double[] products, Landmark one, Landmark other, int group)
    {
        for (int i = 0; i < products.Length; i++) products[i] -= _splits[group].Weight * one.Means[group][i / _q] * other.Means[group][i % _q];
        return products;
    }

    /// <summary>A landmark.</summary>
    /// <param name="Rows">[component, clip]: times the roots of the weights.</param>
    /// <param name="Means">[group][component]: over all clips but the group's.</param>
    private sealed record Landmark(double[] Rows, double[][] Means)
    {
        /// <summary>[group]: what it has left to say to the regression without that group.</summary>
        public Candidate[] Candidates { get; set; } = [];

        /// <summary>Taken landmarks that have been allowed for.</summary>
        public int Seen { get; set; }
    }

    /// <summary>One group left out.</summary>
    /// <param name="weight">Of all other clips.</param>
    /// <param name="mean">The weighted mean target of all other clips.</param>
    /// <param name="weights">[clip of the group].</param>
    /// <param name="rest">[clip of the group]: what is left of its target.</param>
    private sealed class Split(double weight, double mean, double[] weights, double[] rest)
    {
        public double Weight => weight;

        public double Mean => mean;

        public double Loss()
        {
            double loss = 0;
            for (int i = 0; i < rest.Length; i++) loss += weights[i] * rest[i] * rest[i];
            return loss;
        }

        public double LossWith(Candidate candidate)
        {
            int q = candidate.Width;
            Span<double> gamma = stackalloc double[q];
            candidate.Coefficients(gamma);
            double loss = 0;
            for (int i = 0; i < rest.Length; i++)
            {
                double left = rest[i] - TensorPrimitives.Dot<double>(candidate.Test.AsSpan(i * q, q), gamma);
                loss += weights[i] * left * left;
            }

            return loss;
        }

        public void Take(Candidate candidate)
        {
            int q = candidate.Width;
            Span<double> gamma = stackalloc double[q];
            candidate.Coefficients(gamma);
            for (int i = 0; i < rest.Length; i++) rest[i] -= TensorPrimitives.Dot<double>(candidate.Test.AsSpan(i * q, q), gamma);
            candidate.Whiten();
        }
    }

    /// <summary>What a landmark has left to say to a regression. With A its Gram matrix and b its products with the targets, both after the taken ones. Row-major.</summary>
    /// <param name="q">Components.</param>
    /// <param name="gram">A.</param>
    /// <param name="products">b.</param>
    /// <param name="test">[tested clip, component], less what the taken landmarks tell of it.</param>
    private sealed class Candidate(int q, double[] gram, double[] products, double[] test)
    {
        // Once taken: L with L L^T = A, L^-1 b, and the rows of test L^-T.
        private double[] _lower = [], _white = [], _whiteTest = [];

        // [own component, taken component]: V^T of all taken ones, side by side.
        private double[] _shared = [];
        private int _stride, _depth;

        public int Width => q;

        public double[] Test => test;

        /// <summary>A^-1 b.</summary>
        public void Coefficients(Span<double> gamma)
        {
            Span<double> lower = stackalloc double[q * q];
            Factor(lower);
            products.CopyTo(gamma);
            Forward(lower, gamma);
            for (int i = q - 1; i >= 0; i--)
            {
                for (int j = i + 1; j < q; j++) gamma[i] -= lower[(j * q) + i] * gamma[j];
                gamma[i] /= lower[(i * q) + i];
            }
        }

        /// <summary>It is taken: from now on it explains others.</summary>
        public void Whiten()
        {
            _lower = new double[q * q];
            Factor(_lower);
            (_white, _whiteTest) = ([.. products], [.. test]);
            Forward(_lower, _white);
            for (int i = 0; i < _whiteTest.Length; i += q) Forward(_lower, _whiteTest.AsSpan(i, q));
        }

        /// <summary>Takes out what one more taken landmark explains: with B their products and V = L^-1 B, A -= V^T V, b -= V^T L^-1 b', test -= test' L^-T V.</summary>
        /// <param name="taken">The taken one.</param>
        /// <param name="v">[own component, taken component]: B^T, before any landmark was taken; overwritten.</param>
        public void Explain(Candidate taken, double[] v)
        {
            RowProducts.Add(-1, new Block(_shared, 0, _stride), new Block(taken._shared, 0, taken._stride), new Block(v, 0, q), q, q, _depth);
            for (int k = 0; k < q; k++) Forward(taken._lower, v.AsSpan(k * q, q));
            Block own = new(v, 0, q);
            RowProducts.Add(-1, own, own, new Block(gram, 0, q), q, q, q);
            for (int k = 0; k < q; k++) products[k] -= TensorPrimitives.Dot<double>(v.AsSpan(k * q, q), taken._white);
            RowProducts.Add(-1, new Block(taken._whiteTest, 0, q), own, new Block(test, 0, q), test.Length / q, q, q);
            Keep(v);
        }

        private void Keep(double[] v)
        {
            if (_depth == _stride)
            {
                int stride = Math.Max(4 * q, 2 * _stride);
                double[] more = new double[q * stride];
                for (int k = 0; k < q; k++) _shared.AsSpan(k * _stride, _depth).CopyTo(more.AsSpan(k * stride));
                (_shared, _stride) = (more, stride);
            }

            for (int k = 0; k < q; k++) v.AsSpan(k * q, q).CopyTo(_shared.AsSpan((k * _stride) + _depth));
            _depth += q;
        }

        private void Factor(Span<double> lower)
        {
            gram.CopyTo(lower);
            for (int j = 0; j < q; j++)
            {
                for (int i = j; i < q; i++)
                {
                    double sum = lower[(i * q) + j];
                    for (int k = 0; k < j; k++) sum -= lower[(i * q) + k] * lower[(j * q) + k];
                    lower[(i * q) + j] = i == j ? Math.Sqrt(Math.Max(sum, double.Epsilon)) : sum / lower[(j * q) + j];
                }
            }
        }

        // x := L^-1 x.
        private void Forward(ReadOnlySpan<double> lower, Span<double> x)
        {
            for (int i = 0; i < q; i++)
            {
                double sum = x[i];
                for (int k = 0; k < i; k++) sum -= lower[(i * q) + k] * x[k];
                x[i] = sum / lower[(i * q) + i];
            }
        }
    }
}
