using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>The axioms, closed forms and the accuracy of Integrated Gradients.</summary>
public sealed class IntegratedGradientsTests
{
    private const int Time = Models.Time, Features = Models.Features, Length = Time * Features;

    public static TheoryData<string, ModelKind> Kinds => Models.Kinds;

    public static TheoryData<string> Backends => TestBackends.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Attributions_add_up_to_the_change_of_the_logit(string backendName, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier classifier = Models.Small(backend, kind, 3);
        foreach (Kept pair in Attributions.Integrated(classifier, Numbers.Singles(1, 5 * Length), Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length), new PathOptions { Steps = 32 }))
        {
            Assert.Equal(Math.Abs(pair.Values.Sum() - pair.Change), pair.Gap, 1e-14);
            Assert.True(pair.Gap < TestBackends.Bound(backend, 1e-12, 1e-6), $"gap {pair.Gap}");
            Assert.Equal(32, pair.Steps);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_affine_model_is_attributed_exactly_by_every_rule(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        (Classifier classifier, double[] weights) = Attributions.Affine(backend, Time, Features);
        using (classifier)
        {
            float[] clips = Numbers.Singles(1, 2 * Length), baselines = Numbers.Singles(2, Length);
            foreach (QuadratureRule rule in Enum.GetValues<QuadratureRule>())
            {
                foreach (Kept pair in Attributions.Integrated(classifier, clips, Baselines.ForAll(baselines, Length), new PathOptions { Rule = rule, Steps = 3 }))
                    Numbers.Near([.. Enumerable.Range(0, Length).Select(i => weights[i] * ((double)clips[(pair.Clip * Length) + i] - baselines[i]))], pair.Values, TestBackends.Bound(backend, 1e-14, 1e-6));
            }
        }
    }

    // For x y z..., the integral is a polynomial: with f = x y, IG_x = (x - b_x)(y + b_y) / 2; with f = sum x^2, IG = x^2 - b^2.
    [Theory]
    [MemberData(nameof(Backends))]
    public void Products_and_squares_have_their_closed_forms(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        float[] x = [0.5f, -2, 1.5f], b = [1, 0.25f, -1];
        using Classifier product = Attributions.Custom(backend, 1, 3, (t, clips) =>
        {
            Tensor rows = t.Reshape(clips, new Shape(clips.Shape[0], 3));
            return t.Multiply(t.Slice(rows, 1, 0, 1), t.Slice(rows, 1, 1, 1));
        });
        double[] values = Attributions.Integrated(product, x, Baselines.ForAll(b, 3), new PathOptions { Steps = 1 })[0].Values;
        Numbers.Near([(x[0] - b[0]) * (x[1] + b[1]) / 2, (x[1] - b[1]) * (x[0] + b[0]) / 2, 0], values, TestBackends.Bound(backend, 1e-15, 1e-6));
        Assert.Equal(0, values[2]);

        using Classifier square = Attributions.Custom(backend, 1, 3, (t, clips) => t.Sum(t.Square(t.Reshape(clips, new Shape(clips.Shape[0], 3, 1))), 1));
        values = Attributions.Integrated(square, x, Baselines.ForAll(b, 3), new PathOptions { Steps = 1 })[0].Values;
        Numbers.Near([.. x.Zip(b, (u, v) => ((double)u * u) - ((double)v * v))], values, TestBackends.Bound(backend, 1e-15, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_feature_that_does_not_matter_or_does_not_move_scores_exactly_zero(string backendName, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier classifier = Models.Small(backend, kind, 3);
        ChangeWeights(classifier, (values, rows, columns) =>
        {
            for (int row = 2; row < rows; row += Features) values.AsSpan(row * columns, columns).Clear();
        });
        float[] clip = Numbers.Singles(1, Length), baseline = Numbers.Singles(2, Length);
        clip[3] = baseline[3];
        double[] attribution = Attributions.Integrated(classifier, clip, Baselines.ForAll(baseline, Length))[0].Values;
        for (int i = 0; i < Length; i++) Assert.Equal(i % Features == 2 || i == 3, attribution[i] == 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Features_with_the_same_part_score_the_same(string backendName, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier classifier = Models.Small(backend, kind, 3);
        ChangeWeights(classifier, (values, rows, columns) =>
        {
            for (int row = 0; row < rows; row += Features) values.AsSpan((row + 1) * columns, columns).CopyTo(values.AsSpan((row + 4) * columns));
        });
        float[] clip = Numbers.Singles(1, Length), baseline = Numbers.Singles(2, Length);
        for (int t = 0; t < Length; t += Features) (clip[t + 4], baseline[t + 4]) = (clip[t + 1], baseline[t + 1]);
        double[] attribution = Attributions.Integrated(classifier, clip, Baselines.ForAll(baseline, Length))[0].Values;
        double[] one = [.. Enumerable.Range(0, Time).Select(t => attribution[(t * Features) + 1])], other = [.. Enumerable.Range(0, Time).Select(t => attribution[(t * Features) + 4])];
        Assert.True(Numbers.Norm(one) > 1e-3);
        Numbers.Near(one, other, TestBackends.Bound(backend, 1e-13, 1e-5));
    }

    // A classifier without a stem around others also shows implementation invariance: the path then runs over the raw input.
    [Theory]
    [MemberData(nameof(Backends))]
    public void A_sum_of_models_is_attributed_by_the_sum(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier f = Models.Small(backend, ModelKind.Dense, 1), g = Models.Small(backend, ModelKind.BiLstm, 2);
        using Classifier mixed = Attributions.Custom(backend, Time, Features, (t, x) => t.Add(t.Scale(f.Logits(t, x), 2), t.Scale(g.Logits(t, x), -3)));
        float[] clips = Numbers.Singles(1, 3 * Length);
        Baselines baselines = Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length);
        List<Kept> ofF = Attributions.Integrated(f, clips, baselines), ofG = Attributions.Integrated(g, clips, baselines);
        List<Kept> sum = [.. ofF.Zip(ofG, (a, b) => a with { Values = [.. a.Values.Zip(b.Values, (u, v) => (2 * u) - (3 * v))] })];
        Attributions.Same(sum, Attributions.Integrated(mixed, clips, baselines), TestBackends.Bound(backend, 1e-12, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_tolerance_is_kept(string backendName, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        double tolerance = TestBackends.Bound(backend, 1e-9, 1e-4);
        for (ulong seed = 0; seed < 5; seed++)
        {
            using Classifier classifier = Models.Small(backend, kind, seed, activation: Activation.Tanh);
            float[] clips = Numbers.Singles((int)seed, 4 * Length, -3, 3);
            PathOptions options = new() { Steps = 2, Tolerance = tolerance };
            foreach (Kept pair in Attributions.Integrated(classifier, clips, Baselines.Zero(Length), options))
            {
                double rounding = 16 * backend.UnitRoundoff * (Math.Abs(pair.Output) + Math.Abs(pair.BaselineOutput) + pair.Values.Sum(Math.Abs));
                Assert.True(pair.Gap <= Math.Max(rounding, tolerance * Math.Abs(pair.Change)), $"gap {pair.Gap} of {pair.Change} after {pair.Steps} steps");
                Assert.InRange(pair.Steps, 2, 256);
                Assert.True(int.IsPow2(pair.Steps));
            }
        }
    }

    [Fact]
    public void Doubling_ends_at_the_most_steps_and_begins_at_the_first()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier kinked = Models.Small(backend, ModelKind.Dense, 2, activation: Activation.LeakyRelu);
        float[] clips = Numbers.Singles(1, Length, -3, 3);
        PathOptions options = new() { Steps = 5, Tolerance = 1e-14, MaxSteps = 33 };
        Assert.Equal(33, Attributions.Integrated(kinked, clips, Baselines.ForAll(Numbers.Singles(2, Length, -3, 3), Length), options)[0].Steps);
        (Classifier affine, _) = Attributions.Affine(backend, Time, Features);
        using (affine) Assert.Equal(5, Attributions.Integrated(affine, clips, Baselines.Zero(Length), options)[0].Steps);

        // Where nothing changes there is nothing to refine.
        Assert.Equal(5, Attributions.Integrated(kinked, clips, Baselines.ForAll(clips, Length), options)[0].Steps);
    }

    [Theory]
    [InlineData("integrated-gradients")]
    [InlineData("gradient")]
    [InlineData("gradient-x-input")]
    [InlineData("expected-gradients")]
    [InlineData("deeplift-rescale")]
    [InlineData("occlusion")]
    [InlineData("shapley-sampling")]
    [InlineData("variance:gradient")]
    public void Clips_and_baselines_of_another_length_are_refused(string method)
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier classifier = Models.Small(backend, ModelKind.Dense);
        IAttributionMethod found = AttributionMethods.Find(method);
        Assert.Equal(method, found.Name);
        Assert.Contains("baseline", Assert.Throws<ArgumentException>(() => found.Attribute(classifier, new float[Length], Baselines.Zero(Length - 1), new Keeper())).Message, StringComparison.Ordinal);
        Assert.Contains("clips", Assert.Throws<ArgumentException>(() => found.Attribute(classifier, new float[Length + 1], Baselines.Zero(Length), new Keeper())).Message, StringComparison.Ordinal);
        Assert.Contains("clips", Assert.Throws<ArgumentException>(() => found.Attribute(classifier, new float[3 * Length], Baselines.Onset(ClipRows.From(new float[2 * Length], Length), Time, Features), new Keeper())).Message, StringComparison.Ordinal);
        Assert.Empty(Attributions.Of(found, classifier, [], Baselines.Zero(Length)));
        Assert.Contains("integrated-gradients", Assert.Throws<ArgumentException>(() => AttributionMethods.Find("none")).Message, StringComparison.Ordinal);
    }

    // All weights that features meet: the first layer's, and direct links'.
    private static void ChangeWeights(Classifier classifier, Action<double[], int, int> change)
    {
        foreach (Tensor weight in classifier.Parameters.Where((p, i) => i == 0 || p.Name == "direct.weight").Select(p => p.Value))
        {
            double[] values = weight.ToDoubleArray();
            change(values, weight.Shape[0], weight.Shape[1]);
            weight.CopyFrom(values);
        }
    }
}
