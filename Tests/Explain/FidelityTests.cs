using CsCheck;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

public sealed class FidelityTests
{
    private static readonly FeatureGroups s_groups = FeatureGroups.OverTime(Models.Time, [0, 0, 1, 1, 2, 2], 3);

    [Fact]
    public void Kendalls_tau_and_jaccard_by_hand()
    {
        Assert.Equal(1, Kendall.Tau([1, 2, 3], [10, 20, 30]));
        Assert.Equal(-1, Kendall.Tau([1, 2, 3], [3, 2, 1]));

        // Six pairs: five agree, one does not.
        Assert.Equal(4 / 6.0, Kendall.Tau([1, 2, 3, 4], [1, 2, 4, 3]), 1e-12);

        // One tie in a: 2 of its pairs count of 3.
        Assert.Equal(2 / Math.Sqrt(2 * 3), Kendall.Tau([1, 1, 2], [1, 2, 3]), 1e-12);
        Assert.Equal(1 / 3.0, Kendall.Jaccard([4, 3, 2, 1], [4, 1, 3, 2], 2), 1e-12);
        Gen.Shuffle(Enumerable.Range(0, 12).ToArray()).Sample(a => Assert.Equal(1, Kendall.Tau([.. a.Select(v => (double)v)], [.. a.Select(v => (3.0 * v * v) + v)]), 1e-12), iter: 50, seed: "0000000000000001");
    }

    // On an affine model contributions say exactly what taking groups away does; on none is it worse to say nothing.
    [Fact]
    public void Infidelity_is_nothing_on_an_affine_model_and_one_where_nothing_is_said()
    {
        using IBackend backend = TestBackends.Create("reference");
        (Classifier affine, _) = Attributions.Affine(backend, Models.Time, Models.Features);
        using (affine)
        {
            float[] clips = Numbers.Singles(1, 3 * Models.Time * Models.Features);
            Baselines zero = Baselines.Zero(Models.Time * Models.Features);
            foreach (string name in new[] { "integrated-gradients", "gradient", "gradient-x-input", "occlusion" })
                Assert.InRange(Fidelity.Infidelity(affine, AttributionMethods.Find(name, new MethodSettings { Groups = s_groups }), clips, zero, s_groups, 6, 1), 0, 1e-12);
            Assert.Equal(1, Fidelity.Infidelity(affine, new Silent(), clips, zero, s_groups, 6, 1));
            Assert.InRange(Fidelity.Infidelity(affine, new Wrong(), clips, zero, s_groups, 6, 1), 0.1, 1);
        }
    }

    // f = 4 a + 2 b + c, x = 1, b = 0: the best order deletes 7 -> 3 -> 1 -> 0 and inserts 0 -> 4 -> 6 -> 7.
    [Fact]
    public void Deletion_and_insertion_by_hand()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier sum = Attributions.Custom(backend, 1, 3, (t, clips) =>
            t.Sum(t.Multiply(t.Reshape(clips, new Shape(clips.Shape[0], 3)), t.Input(new Shape(3), [4.0, 2, 1])), 1));
        FeatureGroups each = FeatureGroups.Single(1, 3);
        RemovalCurves curves = RemovalCurves.Of(sum, [1, 1, 1], Baselines.Zero(3), each, [0, 1, 2]);
        Assert.Equal((7 + 3 + 1 + 0) / 28.0, curves.Deletion, 1e-12);
        Assert.Equal((0 + 4 + 6 + 7) / 28.0, curves.Insertion, 1e-12);
        Assert.Equal([6 / 28.0], curves.Leads, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([4 / 7.0, 6 / 7.0, 1], [curves.Reached(1), curves.Lost(2), curves.Lost(9)], (a, b) => Math.Abs(a - b) < 1e-12);
        curves = RemovalCurves.Of(sum, [1, 1, 1], Baselines.Zero(3), each, [2, 1, 0]);
        Assert.Equal((7 + 6 + 4 + 0) / 28.0, curves.Deletion, 1e-12);
        Assert.Equal((0 + 1 + 3 + 7) / 28.0, curves.Insertion, 1e-12);
    }

    // Logits of 7 and 3 over baselines at 0: parts are of the mean change, so that a clip that hardly changes weighs little.
    [Fact]
    public void Curves_of_several_clips_are_parts_of_the_mean_change()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier sum = Attributions.Custom(backend, 1, 2, (t, clips) => t.Sum(t.Reshape(clips, new Shape(clips.Shape[0], 2)), 1));
        RemovalCurves curves = RemovalCurves.Of(sum, [5, 2, 3, 0], Baselines.Zero(2), FeatureGroups.Single(1, 2), [0, 1]);
        Assert.Equal([7 / 5.0, 2 / 5.0, 0], curves.Deleted[0], (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0, 3 / 5.0, 3 / 5.0], curves.Inserted[1], (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(1, (curves.Deleted[0][0] + curves.Deleted[1][0]) / 2, 1e-12);
    }

    [Fact]
    public void Complexity_counts_the_groups_that_matter()
    {
        Assert.Equal(1, Complexity.EffectiveGroups([0, 3, 0]), 1e-12);
        Assert.Equal(4, Complexity.EffectiveGroups([2, 2, 2, 2, 0]), 1e-12);
        Assert.Equal((0.5 * Math.Log(2)) + (0.5 * Math.Log(4)), Complexity.Entropy([0.5, 0.25, 0.25]), 1e-12);
        Assert.Throws<ArgumentException>(() => Complexity.Entropy([1, -1]));
        Assert.Throws<ArgumentException>(() => Complexity.Entropy([0, 0]));
        Gen.Double[0, 1].Array[2, 12].Where(a => a.Sum() > 0).Sample(
            a => Assert.InRange(Complexity.EffectiveGroups(a), 1 - 1e-12, a.Length + 1e-9), iter: 100, seed: "0000000000000001");
    }

    [Fact]
    public void Blocks_of_rows_cut_groups_and_frames_that_only_repeat_say_nothing()
    {
        FeatureGroups blocks = FeatureGroups.InBlocks([0, 0, 1], 2, [0, 0, 1], 2);
        Assert.Equal([0, 0, 1, 0, 0, 1, 2, 2, 3], blocks.GroupOf);
        Assert.Throws<ArgumentException>(() => FeatureGroups.InBlocks([0, 2], 2, [0], 1));

        // The last frames of clip and baseline are the same: no method that multiplies with the difference may give them anything.
        using IBackend backend = TestBackends.Create("reference");
        using Classifier dense = Models.Small(backend, ModelKind.Dense);
        int length = Models.Time * Models.Features;
        float[] clip = Numbers.Singles(1, length), still = Numbers.Singles(2, length);
        clip.AsSpan(length / 2).CopyTo(still.AsSpan(length / 2));
        GroupRelevance relevance = new(Models.Time, [0, 0, 1, 1, 2, 2], 3);
        AttributionMethods.Find("integrated-gradients").Attribute(dense, clip, Baselines.ForAll(still, length), relevance);
        Assert.InRange(relevance.TimeProfile.Skip(3 * (Models.Time / 2)).Sum(), 0, 0.01);
    }

    [Fact]
    public void Sensitivity_grows_with_the_noise_and_is_nothing_for_constant_slopes()
    {
        using IBackend backend = TestBackends.Create("reference");
        float[] clips = Numbers.Singles(1, 3 * Models.Time * Models.Features);
        Baselines zero = Baselines.Zero(Models.Time * Models.Features);
        static GroupRelevance Empty() => new(Models.Time, [0, 0, 1, 1, 2, 2], 3);
        double Of(Classifier c, string method, double radius) => Fidelity.MaxSensitivity(c, AttributionMethods.Find(method), clips, zero, Empty, radius, 3, 1);
        (Classifier affine, _) = Attributions.Affine(backend, Models.Time, Models.Features);
        using (affine) Assert.InRange(Of(affine, "gradient", 0.5), 0, 1e-12);
        using Classifier dense = Models.Small(backend, ModelKind.Dense);
        Assert.True(Of(dense, "gradient", 0.01) < Of(dense, "gradient", 0.5));
        Assert.Equal(0, Of(dense, "gradient", 0));
    }

    private sealed class Silent : Fixed
    {
        protected override double Value(int i) => 0;
    }

    private sealed class Wrong : Fixed
    {
        protected override double Value(int i) => i % 7 - 3;
    }

    /// <summary>Says the same whatever it is asked.</summary>
    private abstract class Fixed : IAttributionMethod
    {
        public string Name => "fixed";

        public Axioms Axioms => Axioms.None;

        public AttributionMeaning Meaning => AttributionMeaning.Contribution;

        public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
        {
            int length = classifier.Time * classifier.Features;
            double[] values = [.. Enumerable.Range(0, length).Select(Value)];
            double[] logits = EmotionXai.Engine.Training.Predictor.Logits(classifier, clips);
            for (int clip = 0; clip < logits.Length; clip++)
                sink.Add(new PairAttribution { Clip = clip, Baseline = 0, Values = values, Output = logits[clip], BaselineOutput = 0, Gap = 0, Steps = 1 });
        }

        protected abstract double Value(int i);
    }
}
