using System.Numerics.Tensors;
using EmotionXai.Engine.Algebra;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Training;

/// <summary>
/// Random networks on every subset of some groups of features (regions of a face, say): one hidden layer of tanh units and direct
/// links, as <see cref="RandomNetwork"/> has them, the read-out in closed form. What a group adds to the units' sums and to the Gram
/// matrix of the direct links does not depend on the others, so that it is computed once, and a subset costs a sum, the units
/// and one small ridge regression.
/// </summary>
internal sealed class SubsetReadout
{
    private readonly FeatureBlock[] _direct;
    private readonly IReadOnlyList<float[]> _test;
    private readonly int[] _widths;
    private readonly double[][] _trainSums, _testSums;
    private readonly double[] _bias;
    private readonly int _units, _trainClips, _testClips;
    private readonly RandomOptions _options;

    /// <summary>Draws the weights and multiplies them with the features.</summary>
    /// <param name="train">[group]: [clip, feature] of the training clips.</param>
    /// <param name="test">[group]: [clip, feature] of the tested clips.</param>
    /// <param name="trainClips">Training clips.</param>
    /// <param name="testClips">Tested clips.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="options">How weights are drawn; sparsity does not count.</param>
    /// <param name="seed">Of the weights.</param>
    public SubsetReadout(IReadOnlyList<float[]> train, IReadOnlyList<float[]> test, int trainClips, int testClips, int units, RandomOptions options, ulong seed)
    {
        (_test, _units, _options, _trainClips, _testClips) = (test, units, options, trainClips, testClips);
        _widths = [.. train.Select(t => t.Length / trainClips)];
        _direct = [.. train.Select((t, g) => new FeatureBlock(t, _widths[g], 1))];
        _bias = RandomUnits.Uniform(units, RandomStream.Key(seed, RandomUse.SubsetBias, 0));
        TensorPrimitives.Multiply(_bias, options.InputScale, _bias);
        double[][] weights = [.. _widths.Select((w, g) => RandomUnits.Uniform(units * w, RandomStream.Key(seed, RandomUse.SubsetWeights, (ulong)g)))];
        _trainSums = [.. train.Select((t, g) => RandomUnits.Sums(t, trainClips, weights[g], _widths[g], units))];
        _testSums = [.. test.Select((t, g) => RandomUnits.Sums(t, testClips, weights[g], _widths[g], units))];
    }

    /// <summary>The network of some groups, for any number of targets.</summary>
    /// <param name="groups">At least one.</param>
    public SubsetNetwork Of(IReadOnlyList<int> groups)
    {
        int links = groups.Sum(g => _widths[g]);
        double scale = RandomUnits.Scale(_options, links);
        float[] hidden = Hidden(_trainSums, _trainClips, scale, groups), tested = Hidden(_testSums, _testClips, scale, groups);

        // The direct links' part of the variance is set by the units' scale, so that Gram matrices stay; a common factor changes nothing.
        double share = RandomUnits.Share(_options, _units, links);
        List<FeatureBlock> blocks = [new(hidden, _units, share)];
        List<(float[] Values, int Width)> tests = [(tested, _units)];
        if (_options.Direct > 0)
        {
            blocks.AddRange(groups.Select(g => _direct[g]));
            tests.AddRange(groups.Select(g => (_test[g], _widths[g])));
        }

        return new SubsetNetwork(blocks, tests, _testClips);
    }

    private float[] Hidden(double[][] sums, int clips, double scale, IReadOnlyList<int> groups)
    {
        double[] total = new double[clips * _units];
        foreach (int g in groups) TensorPrimitives.Add(total, sums[g], total);
        TensorPrimitives.Multiply(total, scale, total);
        return RandomUnits.Tanh(total, _bias);
    }
}

/// <summary>A network of a subset, before its read-out.</summary>
internal sealed class SubsetNetwork
{
    private readonly List<FeatureBlock> _blocks;
    private readonly List<(float[] Values, int Width)> _tests;
    private readonly int _testClips;

    internal SubsetNetwork(List<FeatureBlock> blocks, List<(float[] Values, int Width)> tests, int testClips) => (_blocks, _tests, _testClips) = (blocks, tests, testClips);

    /// <summary>Fits the read-out.</summary>
    /// <param name="targets">[training clip]: above one half is positive; both classes.</param>
    /// <param name="groups">[training clip]: clips of one group, such as one person's, are left out together.</param>
    /// <param name="ridge">The penalty over the mean eigenvalue of the Gram matrix; 0 takes the one that best predicts groups left out.</param>
    /// <returns>[tested clip]: its logit; and the weighted mean squared error on groups left out, the classes of equal weight.</returns>
    public (double[] Logits, double Loss) Fit(IReadOnlyList<float> targets, IReadOnlyList<int> groups, double ridge)
    {
        double positives = targets.Count(t => t > 0.5f), weight = (targets.Count - positives) / positives;
        Ridge regression = new(_blocks, [.. targets.Select(t => t > 0.5f ? 1.0 : -1)], [.. targets.Select(t => t > 0.5f ? weight : 1)], groups);
        RidgeSolution solution = regression.Solve(ridge);
        double loss = regression.LeaveOut(solution.Penalty).Loss;
        double[] logits = new double[_testClips];
        for (int clip = 0; clip < _testClips; clip++)
        {
            double sum = solution.Bias;
            for (int b = 0; b < _tests.Count; b++)
            {
                (float[] values, int width) = _tests[b];
                double[] coefficients = solution.Coefficients[b];
                ReadOnlySpan<float> row = values.AsSpan(clip * width, width);
                for (int i = 0; i < row.Length; i++) sum += coefficients[i] * row[i];
            }

            logits[clip] = sum;
        }

        return (logits, loss);
    }
}
