using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// Integrated Gradients of people whom the network has not seen: for every group of people a randomized network fitted to all others
/// explains theirs, from the mean clip. What a network has learnt by heart does not hold for them, and shows.
/// </summary>
internal sealed class LeftOutAttribution
{
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
    /// <param name="count">Groups.</param>
    /// <param name="model">A network of one random hidden layer.</param>
    /// <param name="backend">Where the networks live.</param>
    /// <param name="seed">Of the random layer, the same for all groups.</param>
    public static LeftOutAttribution Of(LandmarkComponents components, float[] targets, int[] groups, int count, ClassifierOptions model, IBackend backend, ulong seed)
    {
        int width = components.Landmarks * components.Width;
        double[] signed = new double[targets.Length * components.Landmarks];
        double penalty = 0;
        for (int g = 0; g < count; g++)
        {
            int[] train = [.. Enumerable.Range(0, targets.Length).Where(i => groups[i] != g)], left = [.. Enumerable.Range(0, targets.Length).Where(i => groups[i] == g)];

            // A group with all clips of a class leaves nothing to learn from: its clips say nothing.
            if (left.Length == 0 || !train.Any(i => targets[i] > 0.5f) || !train.Any(i => targets[i] <= 0.5f)) continue;
            ClipData data = new(1, width, Rows(components.Values, train, width), [.. train.Select(i => targets[i])]);
            using Classifier classifier = model.Build(backend, 1, width, seed);

            // The penalty hardly depends on who is left out: it is looked for once.
            penalty = new ReadoutTrainer(data, new TrainingOptions { Ridge = penalty }, [.. train.Select(i => groups[i])]).Train(classifier);
            Sink sink = new(signed, left, components.Landmarks, components.Width);
            new IntegratedGradients(new PathOptions()).Attribute(classifier, Rows(components.Values, left, width), Baselines.Zero(width), sink);
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

    private static float[] Rows(float[] values, int[] rows, int width)
    {
        float[] chosen = new float[rows.Length * width];
        for (int i = 0; i < rows.Length; i++) values.AsSpan(rows[i] * width, width).CopyTo(chosen.AsSpan(i * width));
        return chosen;
    }

    private sealed class Sink(double[] signed, int[] clips, int landmarks, int width) : IAttributionSink
    {
        public void Add(in PairAttribution pair)
        {
            for (int i = 0; i < pair.Values.Length; i++) signed[(clips[pair.Clip] * landmarks) + (i / width)] += pair.Values[i];
        }
    }
}
