using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>Methods on models whose attributions one can write down.</summary>
public sealed class ClosedFormTests
{
    private const int Time = Models.Time, Features = Models.Features, Length = Time * Features;

    public static TheoryData<string> Backends => TestBackends.Names;

    // f = w x + c: every contribution is w (x - b), however it is found.
    [Theory]
    [MemberData(nameof(Backends))]
    public void An_affine_model_has_one_attribution(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        (Classifier classifier, double[] weights) = Attributions.Affine(backend, Time, Features);
        using (classifier)
        {
            float[] clips = Numbers.Singles(1, 2 * Length), baseline = Numbers.Singles(2, Length);
            FeatureGroups groups = FeatureGroups.OverTime(Time, [0, 0, 1, 1, 2, 2], 3);
            string[] names = ["integrated-gradients", "expected-gradients", "gradient-x-input", "deeplift-rescale", "occlusion", "shapley-sampling", "smooth:gradient-x-input"];
            foreach (string name in names)
            {
                IAttributionMethod method = AttributionMethods.Find(name, new MethodSettings { Groups = groups });
                foreach (Kept pair in Attributions.Of(method, classifier, clips, Baselines.ForAll(baseline, Length)))
                {
                    double[] exact = [.. Enumerable.Range(0, Length).Select(i => weights[i] * ((double)clips[(pair.Clip * Length) + i] - baseline[i]))];

                    // Noisy copies are clips, so float32: their rounding, up to 6e-8 of a value, does not cancel.
                    double bound = method is NoiseTunnel ? 1e-7 : 1e-12;
                    Numbers.Near(Sums(groups, exact), Sums(groups, pair.Values), TestBackends.Bound(backend, bound, 1e-5), name);
                    if (method is not (Occlusion or ShapleySampling)) Numbers.Near(exact, pair.Values, TestBackends.Bound(backend, 1e-6, 1e-5), name);
                    Assert.Equal(AttributionMeaning.Contribution, method.Meaning);
                }
            }

            foreach (Kept pair in Attributions.Of(AttributionMethods.Find("variance:gradient"), classifier, clips, Baselines.ForAll(baseline, Length)))
                Assert.All(pair.Values, v => Assert.True(v < TestBackends.Bound(backend, 1e-15, 1e-10)));
        }
    }

    // f = x y: the halves of the change for methods that share it out, the other's value at the clip for those that do not.
    [Theory]
    [MemberData(nameof(Backends))]
    public void A_product_has_its_closed_forms(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        double[] x = [0.5, -2], b = [1, 0.25];
        using Classifier product = Attributions.Custom(backend, 1, 2, (t, clips) =>
        {
            Tensor rows = t.Reshape(clips, new Shape(clips.Shape[0], 2));
            return t.Multiply(t.Slice(rows, 1, 0, 1), t.Slice(rows, 1, 1, 1));
        });
        double[] halves = [(x[0] - b[0]) * (x[1] + b[1]) / 2, (x[1] - b[1]) * (x[0] + b[0]) / 2];
        double[] atClip = [(x[0] - b[0]) * x[1], (x[1] - b[1]) * x[0]];
        foreach ((string name, double[] exact) in new[]
        {
            ("integrated-gradients", halves), ("deeplift-rescale", halves), ("shapley-sampling", halves),
            ("occlusion", atClip), ("gradient-x-input", atClip), ("gradient", [x[1], x[0]]),
            ("smooth:gradient", [x[1], x[0]]),
        })
        {
            double[] values = Attributions.Of(AttributionMethods.Find(name), product, [.. x.Select(v => (float)v)], Baselines.ForAll([.. b.Select(v => (float)v)], 2))[0].Values;
            Numbers.Near(exact, values, TestBackends.Bound(backend, 1e-7, 1e-6), name);
        }
    }

    // Nothing interacts in f = sum of tanh(3 x_i) + x_i^2, so taking a group away, in whatever order, takes its own part.
    [Theory]
    [MemberData(nameof(Backends))]
    public void On_an_additive_model_occlusion_and_Shapley_values_equal_Integrated_Gradients(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier additive = Attributions.Custom(backend, Time, Features, (t, clips) =>
        {
            Tensor rows = t.Reshape(clips, new Shape(clips.Shape[0], Length));
            return t.Reshape(t.Sum(t.Add(t.Tanh(t.Scale(rows, 3)), t.Square(rows)), 1), new Shape(clips.Shape[0], 1));
        });
        float[] clips = Numbers.Singles(1, 3 * Length);
        Baselines baselines = Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length);
        FeatureGroups[] partitions = [FeatureGroups.OverTime(Time, [0, 1, 1, 2, 2, 2], 3), FeatureGroups.ByFrame(Time, [0, 0, 0, 1, 1, 1], 2)];
        foreach (FeatureGroups groups in partitions)
        {
            List<Kept> integrated = Attributions.Integrated(additive, clips, baselines, new PathOptions { Steps = 64 });
            foreach (IAttributionMethod method in new IAttributionMethod[] { new Occlusion(groups), new ShapleySampling(groups), new ShapleySampling(groups, orders: 2) })
            {
                foreach ((Kept a, Kept e) in Attributions.Of(method, additive, clips, baselines).Zip(integrated))
                    Numbers.Near(Sums(groups, e.Values), Sums(groups, a.Values), TestBackends.Bound(backend, 1e-8, 1e-4), method.Name);
            }
        }
    }

    [Fact]
    public void Sampled_Shapley_values_are_complete_and_near_the_enumerated()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier classifier = Models.Small(backend, ModelKind.Lstm, 3);
        float[] clips = Numbers.Singles(1, Length, -2, 2);
        Baselines baselines = Baselines.ForAll(Numbers.Singles(2, Length, -2, 2), Length);
        Kept exact = Attributions.Of(new ShapleySampling(orders: 16), classifier, clips, baselines)[0];
        Assert.Equal(1 << Features, exact.Steps);
        double Error(int orders)
        {
            Kept sampled = Attributions.Of(new ShapleySampling(FeatureGroups.ByFrame(Time, [0, 1, 2, 3, 4, 5], Features), orders), classifier, clips, baselines)[0];
            Assert.True(sampled.Gap < 1e-12);
            Kept reference = Attributions.Of(new ShapleySampling(FeatureGroups.ByFrame(Time, [0, 1, 2, 3, 4, 5], Features), 4000), classifier, clips, baselines)[0];
            return Numbers.RelativeDistance(reference.Values, sampled.Values);
        }

        Assert.InRange(Error(400), 0, 0.5 * Error(4));
    }

    // E[d f/dx] over noise: 2 x for squares, and its variance 4 Var(noise) is that of the noise drawn.
    [Fact]
    public void A_noise_tunnel_keeps_mean_square_and_variance()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier square = Attributions.Custom(backend, 1, 3, (t, clips) => t.Sum(t.Square(t.Reshape(clips, new Shape(clips.Shape[0], 3, 1))), 1));
        float[] x = [0.5f, -2, 1.5f];
        double[] Of(NoiseSummary summary) => Attributions.Of(new NoiseTunnel(new Gradient(timesInput: false), summary, copies: 512, noise: 0.25), square, x, Baselines.Zero(3))[0].Values;
        double[] mean = Of(NoiseSummary.Mean), squares = Of(NoiseSummary.Square), variance = Of(NoiseSummary.Variance);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(2 * x[i], mean[i], 1e-6);
            Assert.InRange(variance[i], 0.7 * 4 * 0.0625, 1.3 * 4 * 0.0625);
            Assert.Equal(squares[i], variance[i] + (mean[i] * mean[i]), 1e-9);
        }
    }

    [Fact]
    public void What_a_method_cannot_do_it_says()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier recurrent = Models.Small(backend, ModelKind.Lstm);
        Assert.Contains("dense", Assert.Throws<ArgumentException>(() => Attributions.Of(new DeepLift(), recurrent, new float[Length], Baselines.Zero(Length))).Message, StringComparison.Ordinal);
        using Classifier dense = Models.Small(backend, ModelKind.Dense);
        Assert.Throws<ArgumentException>(() => Attributions.Of(new Occlusion(FeatureGroups.Single(2, 2)), dense, new float[Length], Baselines.Zero(Length)));
        Assert.Throws<ArgumentException>(() => FeatureGroups.OverTime(2, [0, 3], 2));
        Assert.Contains("smoothgrad", Assert.Throws<ArgumentException>(() => AttributionMethods.Find("smooth:none")).Message, StringComparison.Ordinal);
        Assert.Equal("smooth:gradient", AttributionMethods.Find("smoothgrad").Name);
    }

    [Theory]
    [InlineData("deeplift-rescale", true)]
    [InlineData("smooth:integrated-gradients", false)]
    [InlineData("expected-gradients", false)]
    public void Baselines_of_each_clip_s_own_are_taken(string name, bool complete)
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier classifier = Models.Small(backend, ModelKind.Dense, 2, normalize: true);
        float[] clips = Numbers.Singles(1, 70 * Length);
        List<Kept> kept = Attributions.Of(AttributionMethods.Find(name), classifier, clips, Baselines.Onset(ClipRows.From(clips, Length), Time, Features));
        Assert.Equal(70, kept.Count);
        if (complete) Assert.All(kept, k => Assert.True(k.Gap < 1e-8, $"{k.Gap}"));
    }

    private static double[] Sums(FeatureGroups groups, double[] values)
    {
        double[] sums = new double[groups.Count];
        for (int i = 0; i < values.Length; i++) sums[groups.GroupOf[i]] += values[i];
        return sums;
    }
}
