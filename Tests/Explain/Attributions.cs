using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;

namespace EmotionXai.Tests.Explain;

/// <summary>One attribution, kept.</summary>
internal sealed record Kept(int Clip, int Baseline, double[] Values, double Output, double BaselineOutput, double Gap, int Steps)
{
    public double Change => Output - BaselineOutput;
}

/// <summary>Keeps every attribution.</summary>
internal sealed class Keeper : IAttributionSink
{
    public List<Kept> Pairs { get; } = [];

    public void Add(in PairAttribution pair) =>
        Pairs.Add(new Kept(pair.Clip, pair.Baseline, pair.Values.ToArray(), pair.Output, pair.BaselineOutput, pair.Gap, pair.Steps));
}

/// <summary>A layer with a body of the test's own and no stem.</summary>
internal sealed class BodyLayer(Func<Tape, Tensor, Tensor> body, Shape output) : Layer
{
    public override Tensor Body(Tape tape, Tensor stem) => body(tape, stem);

    public override Shape OutputShape(Shape input) => output;
}

internal static class Attributions
{
    public static List<Kept> Of(IAttributionMethod method, Classifier classifier, float[] clips, Baselines baselines)
    {
        Keeper keeper = new();
        method.Attribute(classifier, clips, baselines, keeper);
        int count = clips.Length / baselines.Length;
        EqualPairs(keeper.Pairs, count, baselines.Count);
        return keeper.Pairs;
    }

    public static List<Kept> Integrated(Classifier classifier, float[] clips, Baselines baselines, PathOptions? options = null) =>
        Of(new IntegratedGradients(options ?? new PathOptions()), classifier, clips, baselines);

    /// <summary>Integrated Gradients as it is printed: every point of the path through the whole classifier, stem and all.</summary>
    public static double[] Plain(Classifier classifier, ReadOnlySpan<float> clip, ReadOnlySpan<float> baseline, Quadrature quadrature)
    {
        using Tape tape = new(classifier.Backend);
        Shape shape = new(1, classifier.Time, classifier.Features);
        double[] difference = new double[clip.Length];
        for (int i = 0; i < clip.Length; i++) difference[i] = (double)clip[i] - baseline[i];
        Tensor start = tape.Input(shape, baseline, tracksGradient: true);
        Tensor logits = classifier.Logits(tape, tape.PathPoints(start, tape.Input(shape, difference), tape.Input(new Shape(quadrature.Nodes.Count), quadrature.Nodes.ToArray())));
        tape.Backward(logits, tape.Input(logits.Shape, quadrature.Weights.ToArray()));
        return [.. tape.GradientOf(start).ToDoubleArray().Zip(difference, (g, d) => g * d)];
    }

    /// <summary>A classifier whose logit is any function of the clip, recorded by the test.</summary>
    public static Classifier Custom(IBackend backend, int time, int features, Func<Tape, Tensor, Tensor> logit) =>
        new(backend, time, features, new BodyLayer(logit, new Shape(1)));

    /// <summary>An affine classifier and its weights.</summary>
    public static (Classifier Classifier, double[] Weights) Affine(IBackend backend, int time, int features)
    {
        Classifier classifier = new(backend, time, features, new Dense(new Initializer(backend, 4), "d", time * features, 1, Activation.Identity));
        return (classifier, classifier.Parameters[0].Value.ToDoubleArray());
    }

    public static void Same(List<Kept> expected, List<Kept> actual, double bound)
    {
        Xunit.Assert.Equal(expected.Count, actual.Count);
        foreach ((Kept e, Kept a) in expected.Zip(actual)) Numbers.Near(e.Values, a.Values, bound, $"clip {e.Clip}, baseline {e.Baseline}");
    }

    private static void EqualPairs(List<Kept> pairs, int clips, int baselines) =>
        Xunit.Assert.Equal(Enumerable.Range(0, clips * baselines).Select(p => (p / baselines, p % baselines)), pairs.Select(p => (p.Clip, p.Baseline)));
}
