using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>
/// DeepLIFT with the rescale rule (Shrikumar, Greenside and Kundaje, ICML 2017): differences from the baseline are carried back
/// through the network, a nonlinear op counting as the secant between its two values. One walk back a pair. Axioms:
/// completeness, dummy, symmetry. Not implementation invariance: the rule depends on how a function is put together. Not
/// linearity in functions that share an op. For networks of dense layers; a recurrent cell has no such rule.
/// </summary>
public sealed class DeepLift : IAttributionMethod
{
    private const int BatchSize = 64;

    /// <inheritdoc/>
    public string Name => "deeplift-rescale";

    /// <inheritdoc/>
    public Axioms Axioms => Axioms.Completeness | Axioms.Dummy | Axioms.Symmetry;

    /// <inheritdoc/>
    public AttributionMeaning Meaning => AttributionMeaning.Contribution;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The network holds a recurrent cell or a maximum.</exception>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        PairBlock block = new(classifier, clips, baselines);
        int length = block.Length;
        double[] values = new double[length];
        for (int at = 0; at < block.Pairs; at += BatchSize)
        {
            int take = Math.Min(BatchSize, block.Pairs - at);
            float[] ends = new float[take * length], starts = new float[take * length];
            for (int i = 0; i < take; i++)
            {
                clips.Slice(block.ClipOf(at + i) * length, length).CopyTo(ends.AsSpan(i * length));
                block.Baseline(at + i).CopyTo(starts.AsSpan(i * length));
            }

            double[] multipliers = Multipliers(classifier, new Shape(take, classifier.Time, classifier.Features), ends, starts);
            for (int i = 0; i < take; i++)
            {
                for (int j = 0; j < length; j++)
                    values[j] = multipliers[(i * length) + j] * ((double)ends[(i * length) + j] - starts[(i * length) + j]);
                block.Report(at + i, values, 1, sink);
            }
        }
    }

    private double[] Multipliers(Classifier classifier, Shape shape, float[] ends, float[] starts)
    {
        using Tape tape = new(classifier.Backend), reference = new(classifier.Backend);
        Tensor input = tape.Input(shape, ends, tracksGradient: true);
        Tensor logits = classifier.Logits(tape, input);
        classifier.Logits(reference, reference.Input(shape, starts, tracksGradient: true));
        try
        {
            tape.BackwardFrom(reference, logits);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException($"{Name}: {e.Message}");
        }

        return tape.GradientOf(input).ToDoubleArray();
    }
}
