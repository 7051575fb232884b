using EmotionXai.Engine.Algebra;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>
/// Fits the read-outs of random networks to some clips: weighted ridge regression of the targets 1 and -1 on hidden units and
/// direct links, in closed form and float64. The penalty is the one that best predicts groups of clips (people) from the
/// others, by a formula that trains nothing. What hardly depends on the random weights, that penalty and the direct links' part
/// of the Gram matrix, is computed with the first network and kept for the next ones.
/// </summary>
public sealed class ReadoutTrainer
{
    private const int BatchSize = 128;

    private readonly ClipData _data;
    private readonly double[] _targets, _weights;
    private readonly IReadOnlyList<int> _groups;
    private readonly PartGrams? _shared;
    private readonly IReadOnlyList<int> _parts;
    private double _penalty;
    private FeatureBlock? _direct;

    /// <summary>A trainer on some clips.</summary>
    /// <param name="data">Clips of both classes.</param>
    /// <param name="options">The positive weight and the ridge penalty; all else is the gradient trainer's.</param>
    /// <param name="groups">[clip]: clips of one group, such as one person's, are left out together; empty leaves out each by itself.</param>
    /// <param name="shared">Gram matrices of the parts that these clips' features are some of; null where none are known.</param>
    /// <param name="parts">Those parts, in the order in which they lie side by side in every row of a clip.</param>
    /// <exception cref="ArgumentException">A class is missing, or groups or parts are not the clips'.</exception>
    public ReadoutTrainer(ClipData data, TrainingOptions options, IReadOnlyList<int> groups, PartGrams? shared = null, IReadOnlyList<int>? parts = null)
    {
        (_shared, _parts) = (shared, parts ?? []);
        if (shared is not null && (shared.Clips != data.Count || shared.Rows * _parts.Count * shared.Channels != data.Time * data.Features))
            throw new ArgumentException($"{_parts.Count} parts of {shared.Rows} x {shared.Channels} features of {shared.Clips} clips are not the {data.Count} clips of {data.Time} x {data.Features}.", nameof(parts));
        if (groups.Count != 0 && groups.Count != data.Count) throw new ArgumentException($"{groups.Count} groups were given for {data.Count} clips.", nameof(groups));
        double positive = options.PositiveWeight > 0 ? options.PositiveWeight : Trainer.Balance(data);
        (_data, _groups, _penalty) = (data, groups, options.Ridge);
        _targets = [.. data.Targets.Select(t => (2.0 * t) - 1)];
        _weights = [.. data.Targets.Select(t => 1 + ((positive - 1) * t))];
    }

    /// <summary>Fits a network's read-out in place. Networks after the first are of the same options, and differ in their seed.</summary>
    /// <returns>The ridge penalty, over the mean eigenvalue of the Gram matrix of its features.</returns>
    /// <exception cref="ArgumentException">The network is not random, or of another shape than the clips.</exception>
    /// <exception cref="ArithmeticException">A clip holds NaN or infinity.</exception>
    public double Train(Classifier classifier)
    {
        RandomNetwork network = classifier.Random ?? throw new ArgumentException("Only random networks have a read-out in closed form; train others by gradients.", nameof(classifier));
        Trainer.CheckShape(classifier, _data, nameof(classifier));

        // Only ratios count under a penalty that is relative: where Gram matrices are shared, units are scaled instead of the direct links.
        bool inParts = _shared is not null && network.SeesAll && network.DirectLinks > 0;
        double direct = network.DirectLinks > 0 ? Math.Sqrt(network.DirectScale / network.DirectLinks) : 1;
        List<FeatureBlock> blocks = [new(Hidden(classifier, network), network.Units, 1 / Math.Sqrt(network.Units) / (inParts ? direct : 1)) { UsedOnce = true }];
        if (inParts) blocks.AddRange(_parts.Select(p => _shared!.Of(p)));
        else if (network.DirectLinks > 0) blocks.Add(_direct ??= new FeatureBlock(network.Seen(_data.Clips), direct));
        using Ridge ridge = new(blocks, _targets, _weights, _groups);
        RidgeSolution solution = ridge.Solve(_penalty);
        _penalty = solution.Penalty;
        network.SetReadout(solution.Coefficients[0], inParts ? SideBySide(solution.Coefficients) : network.DirectLinks > 0 ? solution.Coefficients[1] : [], solution.Bias);
        return solution.Penalty;
    }

    // [row, part, channel] from [part][row, channel], which stands behind the units.
    private double[] SideBySide(IReadOnlyList<double[]> coefficients)
    {
        int rows = _shared!.Rows, channels = _shared.Channels, count = _parts.Count;
        double[] all = new double[rows * count * channels];
        for (int p = 0; p < count; p++)
            for (int row = 0; row < rows; row++) coefficients[p + 1].AsSpan(row * channels, channels).CopyTo(all.AsSpan(((row * count) + p) * channels));
        return all;
    }

    private float[] Hidden(Classifier classifier, RandomNetwork network)
    {
        float[] hidden = new float[_data.Count * network.Units], read = _data.Clips.Whole is null ? new float[Math.Min(BatchSize, _data.Count) * _data.Clips.Length] : [];
        for (int at = 0; at < _data.Count; at += BatchSize)
        {
            int count = Math.Min(BatchSize, _data.Count - at);
            using Tape tape = new(classifier.Backend);
            Tensor clips = tape.Input(new Shape(count, classifier.Time, classifier.Features), _data.Clips.Range(at, count, read));
            network.Hidden(tape, clips).CopyTo(hidden.AsSpan(at * network.Units, count * network.Units));
        }

        return hidden;
    }
}
