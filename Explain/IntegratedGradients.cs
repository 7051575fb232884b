using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>
/// Integrated Gradients (Sundararajan, Taly and Yan, ICML 2017) of the logit f at x from baseline b:
/// IG_i = (x_i - b_i) * sum over s of w_s df/dx_i(b + a_s (x - b)).
/// The stem z of a classifier is affine, so z(b + a (x - b)) = z(b) + a (z(x) - z(b)): it runs once for each clip, once for each
/// baseline and once backwards for each pair, however many steps the path has. Blocks of clips go to the backend's lanes; what
/// a block computes depends on nothing but its clips. Axioms: completeness (up to the quadrature's gap), dummy, linearity,
/// implementation invariance, symmetry.
/// </summary>
public sealed class IntegratedGradients(PathOptions options) : IAttributionMethod
{
    /// <summary>With default options.</summary>
    public IntegratedGradients()
        : this(new PathOptions())
    {
    }

    /// <inheritdoc/>
    public string Name => "integrated-gradients";

    /// <inheritdoc/>
    public Axioms Axioms => Axioms.Completeness | Axioms.Dummy | Axioms.Symmetry | Axioms.Linearity | Axioms.ImplementationInvariance;

    /// <inheritdoc/>
    public AttributionMeaning Meaning => AttributionMeaning.Contribution;

    /// <inheritdoc/>
    public unsafe void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        int length = classifier.Time * classifier.Features, count = baselines.CountOf(clips, length);
        fixed (float* values = clips) PathIntegral.Attribute(classifier, new PinnedClips(values, count, length), baselines, options, sink);
    }

    /// <summary>The same of clips that are read a block at a time.</summary>
    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ClipRows clips, Baselines baselines, IAttributionSink sink)
    {
        if (clips.Count == 0) return;
        if (clips.Length != classifier.Time * classifier.Features) throw new ArgumentException($"The clips have {clips.Length} numbers each, but the classifier takes {classifier.Time} x {classifier.Features}.", nameof(clips));
        baselines.Check(clips.Count, clips.Length);
        PathIntegral.Attribute(classifier, clips, baselines, options, sink);
    }
}
