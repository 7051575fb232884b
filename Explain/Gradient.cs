using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>
/// The gradient of the logit at the clip (Simonyan et al. 2014), alone or times the difference from the baseline (gradient x
/// input, Shrikumar et al. 2017). Cheap, and blind to saturation. Axioms: dummy, symmetry, linearity, implementation invariance;
/// complete only on affine models, and then only times the input.
/// </summary>
public sealed class Gradient(bool timesInput) : IAttributionMethod
{
    private const int BatchSize = 64;

    /// <inheritdoc/>
    public string Name => timesInput ? "gradient-x-input" : "gradient";

    /// <inheritdoc/>
    public Axioms Axioms => Axioms.Dummy | Axioms.Symmetry | Axioms.Linearity | Axioms.ImplementationInvariance;

    /// <inheritdoc/>
    public AttributionMeaning Meaning => timesInput ? AttributionMeaning.Contribution : AttributionMeaning.Slope;

    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        int length = classifier.Time * classifier.Features, count = baselines.CountOf(clips, length);
        double[] gradient = new double[BatchSize * length], values = new double[length];
        for (int at = 0; at < count; at += BatchSize)
        {
            int take = Math.Min(BatchSize, count - at);
            using Tape tape = new(classifier.Backend);
            Tensor input = tape.Input(new Shape(take, classifier.Time, classifier.Features), clips.Slice(at * length, take * length), tracksGradient: true);
            Tensor logits = classifier.Logits(tape, input);
            tape.Backward(logits);
            double[] outputs = logits.ToDoubleArray();
            tape.GradientOf(input).CopyTo(gradient);
            for (int i = 0; i < take; i++)
            {
                ReadOnlySpan<float> clip = clips.Slice((at + i) * length, length);
                for (int k = 0; k < baselines.Count; k++)
                {
                    ReadOnlySpan<float> baseline = baselines.Of(at + i, k);
                    for (int j = 0; j < length; j++)
                        values[j] = gradient[(i * length) + j] * (timesInput ? (double)clip[j] - baseline[j] : 1);
                    double baselineOutput = LogitOf(classifier, baseline);
                    sink.Add(new PairAttribution
                    {
                        Clip = at + i,
                        Baseline = k,
                        Values = values,
                        Output = outputs[i],
                        BaselineOutput = baselineOutput,
                        Gap = Math.Abs(values.Sum() - (outputs[i] - baselineOutput)),
                        Steps = 1,
                    });
                }
            }
        }
    }

    private static double LogitOf(Classifier classifier, ReadOnlySpan<float> clip)
    {
        using Tape tape = new(classifier.Backend);
        return classifier.Logits(tape, tape.Input(new Shape(1, classifier.Time, classifier.Features), clip)).ToDoubleArray()[0];
    }
}
