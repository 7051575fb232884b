using System.Numerics.Tensors;
using EmotionXai.Engine.Algebra;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Training;

/// <summary>
/// Random networks that leave people out: one hidden layer of tanh units and direct links (see <see cref="RandomNetwork"/>), and for every
/// group of samples a read-out fitted to all others. Hidden layer and penalty are shared, and all read-outs come from one factor
/// of one matrix: as many networks as there are groups for little more than the price of one.
/// </summary>
public sealed class LeftOutReadout
{
    private readonly double[] _weights, _sums, _bias;
    private readonly int[] _group;
    private readonly float[] _values;
    private readonly IReadOnlyList<RidgeSolution> _readouts;

    /// <summary>Draws the hidden layer and fits the read-outs.</summary>
    /// <param name="values">[sample, feature]; the mean of a feature is zero.</param>
    /// <param name="targets">[sample]: above one half is positive; both classes, which weigh the same.</param>
    /// <param name="groups">[sample]: samples of one group are left out together; at least two groups.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="options">How weights are drawn; sparsity does not count.</param>
    /// <param name="seed">Of the hidden layer.</param>
    /// <param name="network">Which of the seed's layers.</param>
    /// <param name="penalty">Over the mean eigenvalue of the Gram matrix; 0 takes the one that best predicts groups left out.</param>
    /// <exception cref="ArgumentException">A class is missing, or the values are no whole number of samples.</exception>
    /// <exception cref="ArithmeticException">A value is NaN or infinite.</exception>
    public LeftOutReadout(float[] values, IReadOnlyList<float> targets, IReadOnlyList<int> groups, int units, RandomOptions options, ulong seed, int network = 0, double penalty = 0)
    {
        int samples = targets.Count, positives = targets.Count(t => t > 0.5f);
        if (positives == 0 || positives == samples) throw new ArgumentException("A class is missing.", nameof(targets));
        if (values.Length % samples != 0) throw new ArgumentException($"{values.Length} values are no whole number for each of {samples} samples.", nameof(values));
        (_values, Features, Units) = (values, values.Length / samples, units);
        int[] distinct = [.. groups.Distinct().Order()];
        _group = [.. groups.Select(g => Array.BinarySearch(distinct, g))];

        _weights = RandomUnits.Uniform(units * Features, RandomStream.Key(seed, RandomUse.LeftOutWeights, (ulong)network));
        TensorPrimitives.Multiply(_weights, RandomUnits.Scale(options, Features), _weights);
        _bias = RandomUnits.Uniform(units, RandomStream.Key(seed, RandomUse.LeftOutBias, (ulong)network));
        TensorPrimitives.Multiply(_bias, options.InputScale, _bias);
        _sums = RandomUnits.Sums(values, samples, _weights, Features, units);
        List<FeatureBlock> blocks = [new(RandomUnits.Tanh(_sums, _bias), units, RandomUnits.Share(options, units, Features)) { UsedOnce = true }];
        if (options.Direct > 0) blocks.Add(new FeatureBlock(values, Features, 1) { UsedOnce = true });
        double weight = (double)(samples - positives) / positives;
        using Ridge ridge = new(blocks, [.. targets.Select(t => t > 0.5f ? 1.0 : -1)], [.. targets.Select(t => t > 0.5f ? weight : 1)], _group);
        Penalty = penalty > 0 ? penalty : ridge.ChoosePenalty();
        _readouts = ridge.SolveWithoutEach(Penalty);
    }

    /// <summary>Features of a sample.</summary>
    public int Features { get; }

    /// <summary>Hidden units.</summary>
    public int Units { get; }

    /// <summary>The penalty, over the mean eigenvalue of the Gram matrix.</summary>
    public double Penalty { get; }

    /// <summary>[sample, feature].</summary>
    internal ReadOnlySpan<float> Values => _values;

    /// <summary>[unit, feature]: the hidden weights.</summary>
    internal ReadOnlySpan<double> Weights => _weights;

    /// <summary>[unit]: the hidden biases.</summary>
    internal ReadOnlySpan<double> Bias => _bias;

    /// <summary>[sample, unit]: what comes into the units, without their bias.</summary>
    internal ReadOnlySpan<double> Sums => _sums;

    /// <summary>[unit]: the read-out of the network that has not seen a sample.</summary>
    internal ReadOnlySpan<double> UnitReadout(int sample) => _readouts[_group[sample]].Coefficients[0];

    /// <summary>[feature]: the direct links of the network that has not seen a sample; empty where there are none.</summary>
    internal ReadOnlySpan<double> DirectReadout(int sample) => _readouts[_group[sample]].Coefficients is [_, var direct] ? direct : [];

    /// <summary>The logit of a sample by the network that has not seen it.</summary>
    public double Logit(int sample)
    {
        double logit = _readouts[_group[sample]].Bias;
        ReadOnlySpan<double> readout = UnitReadout(sample), direct = DirectReadout(sample), sums = Sums.Slice(sample * Units, Units);
        for (int u = 0; u < Units; u++) logit += readout[u] * Math.Tanh(sums[u] + _bias[u]);
        ReadOnlySpan<float> own = _values.AsSpan(sample * Features, Features);
        for (int f = 0; f < direct.Length; f++) logit += direct[f] * own[f];
        return logit;
    }
}
