using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;

namespace EmotionXai.Explain;

/// <summary>
/// Occlusion (Zeiler and Fergus 2014): a group's score is f(x) less f(x with the group's values taken from the baseline). It
/// looks at no gradient and no inside of the model, which makes it the honest check of those that do; it is blind to what
/// other groups say as well. Axioms: dummy, symmetry, linearity, implementation invariance; complete on additive models, where
/// it equals Integrated Gradients group by group. A group's score is spread evenly over its numbers.
/// </summary>
/// <param name="groups">What is taken away together; null takes each feature over all time.</param>
public sealed class Occlusion(FeatureGroups? groups = null) : IAttributionMethod
{
    /// <inheritdoc/>
    public string Name => "occlusion";

    /// <inheritdoc/>
    public Axioms Axioms => Axioms.Dummy | Axioms.Symmetry | Axioms.Linearity | Axioms.ImplementationInvariance;

    /// <inheritdoc/>
    public AttributionMeaning Meaning => AttributionMeaning.Contribution;

    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        PairBlock block = new(classifier, clips, baselines);
        FeatureGroups taken = groups ?? FeatureGroups.Single(classifier.Time, classifier.Features);
        taken.CheckLength(block.Length);
        float[] rows = new float[taken.Count * block.Length];
        double[] byGroup = new double[taken.Count], values = new double[block.Length];
        for (int pair = 0; pair < block.Pairs; pair++)
        {
            ReadOnlySpan<float> clip = clips.Slice(block.ClipOf(pair) * block.Length, block.Length), baseline = block.Baseline(pair);
            for (int g = 0; g < taken.Count; g++)
            {
                Span<float> row = rows.AsSpan(g * block.Length, block.Length);
                clip.CopyTo(row);
                foreach (int i in taken.Members[g]) row[i] = baseline[i];
            }

            double[] without = Predictor.Logits(classifier, rows);
            for (int g = 0; g < taken.Count; g++) byGroup[g] = block.Output(pair) - without[g];
            taken.Distribute(byGroup, values);
            block.Report(pair, values, 1, sink);
        }
    }
}
