using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>
/// Expected gradients (Erion et al. 2021; GradientSHAP of Lundberg and Lee 2017): the expectation of (x + e - b) df/dx at
/// b + a (x + e - b), with a uniform on [0, 1], e normal noise and b drawn from the baselines. The baselines are gone through
/// in turn instead of drawn, a is stratified, and every noise comes with its negative: the same expectation, less variance.
/// Axioms: dummy, linearity (draws depend on the seed alone), implementation invariance; completeness and symmetry in
/// expectation, and exactly on affine models.
/// </summary>
public sealed class ExpectedGradients(int draws = 16, double noise = 0.1, ulong seed = 1) : IAttributionMethod
{
    private const int FractionBits = 24;

    /// <inheritdoc/>
    public string Name => "expected-gradients";

    /// <inheritdoc/>
    public Axioms Axioms => Axioms.Dummy | Axioms.Linearity | Axioms.ImplementationInvariance;

    /// <inheritdoc/>
    public AttributionMeaning Meaning => AttributionMeaning.Contribution;

    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        PairBlock block = new(classifier, clips, baselines);
        int length = block.Length, rows = 2 * draws;
        using Tape tape = new(classifier.Backend);
        Tensor points = tape.Input(new Shape(rows, classifier.Time, classifier.Features), new float[rows * length], tracksGradient: true);
        Tensor logits = classifier.Logits(tape, points);
        double[] at = new double[rows * length], direction = new double[rows * length], slopes = new double[rows * length], values = new double[length];
        for (int pair = 0; pair < block.Pairs; pair++)
        {
            float[] shifts = PairBlock.Normal(classifier.Backend, RandomStream.Key(seed, RandomUse.ExpectedGradientsNoise, (ulong)pair), draws * length);
            ReadOnlySpan<float> clip = clips.Slice(block.ClipOf(pair) * length, length), baseline = block.Baseline(pair);
            for (int row = 0; row < rows; row++)
            {
                int draw = row / 2;
                double sign = row % 2 == 0 ? noise : -noise, place = Place(pair, draw);
                for (int i = 0; i < length; i++)
                {
                    double d = (double)clip[i] - baseline[i] + (sign * shifts[(draw * length) + i]);
                    direction[(row * length) + i] = d;
                    at[(row * length) + i] = baseline[i] + (place * d);
                }
            }

            points.CopyFrom(at);
            tape.Replay();
            tape.Backward(logits);
            tape.GradientOf(points).CopyTo(slopes);
            Array.Clear(values);
            for (int i = 0; i < slopes.Length; i++) values[i % length] += slopes[i] * direction[i] / rows;
            block.Report(pair, values, rows, sink);
        }
    }

    // Uniform within the draw's own part of [0, 1].
    private double Place(int pair, int draw)
    {
        double fraction = RandomOrder.Below(1 << FractionBits, RandomStream.Key(seed, RandomUse.ExpectedGradientsPlaces, (ulong)pair), (ulong)draw) / (double)(1 << FractionBits);
        return (draw + fraction) / draws;
    }
}
