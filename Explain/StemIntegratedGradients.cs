using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>
/// Integrated Gradients of the body alone (layer attribution): what each number behind the stem adds to the logit,
/// (z(x) - z(b)) * the path integral of dBody/dz. The stem is affine, so its path is straight and the attribution complete.
/// Values are those of the stem's output, not of the clip: the units of a dense layer, or [time, gates x hidden] of a
/// recurrent one. Axiom: completeness. Not implementation invariance: it
/// speaks of one network's inside.
/// </summary>
public sealed class StemIntegratedGradients(PathOptions options) : IAttributionMethod
{
    /// <summary>With default options.</summary>
    public StemIntegratedGradients()
        : this(new PathOptions())
    {
    }

    /// <inheritdoc/>
    public string Name => "stem-integrated-gradients";

    /// <inheritdoc/>
    public Axioms Axioms => Axioms.Completeness;

    /// <inheritdoc/>
    public AttributionMeaning Meaning => AttributionMeaning.Contribution;

    /// <inheritdoc/>
    public bool AttributesStem => true;

    /// <summary>Numbers behind the stem, a clip.</summary>
    public static int WidthOf(Classifier classifier)
    {
        using Tape tape = new(classifier.Backend);
        Shape one = new(1, classifier.Time, classifier.Features);
        return classifier.Stem(tape, tape.Input(one, new float[one.Length])).Shape.Length;
    }

    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink) =>
        PathIntegral.Attribute(classifier, clips, baselines, options, atStem: true, sink);
}
