using System.Numerics.Tensors;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// Integrated Gradients of people whom the network has not seen: for every group of people randomized networks fitted to all others
/// explain theirs, from the mean clip, in closed form. What a network has learnt by heart does not hold for them, and shows.
/// </summary>
internal sealed class LeftOutAttribution
{
    private const int Units = 256, Networks = 3;

    // Components are not scaled, and most vary more than 1: units of this size are neither linear nor saturated.
    private static readonly RandomOptions s_random = new() { InputScale = 0.3 };

    private readonly double[] _signed;
    private readonly float[] _targets;
    private readonly int _landmarks;

    private LeftOutAttribution(double[] signed, float[] targets, int landmarks) => (_signed, _targets, _landmarks) = (signed, targets, landmarks);

    /// <summary>[clip, landmark]: what a landmark adds to the logit of a clip, less that of the mean clip.</summary>
    public IReadOnlyList<double> Signed => _signed;

    /// <summary>Trains and explains.</summary>
    /// <param name="components">What landmarks say of the training clips; zero is their mean.</param>
    /// <param name="targets">[clip]: 1 or 0.</param>
    /// <param name="groups">[clip].</param>
    /// <param name="seed">Of the random layers, the same for all groups.</param>
    public static LeftOutAttribution Of(LandmarkComponents components, float[] targets, int[] groups, ulong seed)
    {
        double[] signed = new double[targets.Length * components.Landmarks];
        double penalty = 0;
        for (int n = 0; n < Networks; n++)
        {
            Garbage.Collect();

            // The penalty hardly depends on what was drawn: it is looked for once.
            LeftOutReadout networks = new(components.Values, targets, groups, Units, s_random, seed, n, penalty);
            penalty = networks.Penalty;
            TensorPrimitives.MultiplyAdd(LeftOutGradients.Attribute(networks, components.Width), 1.0 / Networks, signed, signed);
        }

        // A group with all clips of a class leaves nothing to learn from: its clips say nothing.
        for (int clip = 0; clip < targets.Length; clip++)
        {
            int group = groups[clip];
            bool both = Rest(1) && Rest(0);
            if (!both) signed.AsSpan(clip * components.Landmarks, components.Landmarks).Clear();
            bool Rest(float label) => Enumerable.Range(0, targets.Length).Any(i => groups[i] != group && targets[i] == label);
        }

        return new LeftOutAttribution(signed, targets, components.Landmarks);
    }

    /// <summary>
    /// [landmark]: the aligned relevance, (mean over clips of the emotion - mean over the others) / 2. By completeness they add up to
    /// half the margin between the classes on people left out: each is a share of what generalises, and what does not cancels.
    /// </summary>
    public double[] Aligned()
    {
        double[] mean = new double[_landmarks];
        double positives = _targets.Count(t => t > 0.5f), negatives = _targets.Length - positives;
        for (int clip = 0; clip < _targets.Length; clip++)
        {
            double weight = _targets[clip] > 0.5f ? 0.5 / positives : -0.5 / negatives;
            for (int landmark = 0; landmark < _landmarks; landmark++) mean[landmark] += weight * _signed[(clip * _landmarks) + landmark];
        }

        return mean;
    }
}
