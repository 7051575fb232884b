using CsCheck;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

public sealed class MetricsTests
{
    // Few distinct logits, so that ties abound.
    private static readonly Gen<(int Logit, bool Positive)[]> s_clips = Gen.Select(Gen.Int[-3, 3], Gen.Bool).Array[0, 40];

    [Fact]
    public void Area_under_curve_is_the_share_of_ordered_pairs() => s_clips.Sample(clips =>
    {
        Metrics metrics = Of(clips);
        double wins = 0;
        int pairs = 0;
        foreach ((int positive, _) in clips.Where(c => c.Positive))
        {
            foreach ((int negative, _) in clips.Where(c => !c.Positive))
            {
                wins += positive > negative ? 1 : positive == negative ? 0.5 : 0;
                pairs++;
            }
        }

        if (pairs == 0) Assert.True(double.IsNaN(metrics.Auc));
        else Assert.Equal(wins / pairs, metrics.Auc, 1e-12);
    });

    [Fact]
    public void Counts_are_those_of_a_threshold_at_zero() => s_clips.Sample(clips =>
    {
        Metrics m = Of(clips);
        Assert.Equal(clips.Count(c => c.Positive && c.Logit > 0), m.TruePositives);
        Assert.Equal(clips.Count(c => !c.Positive && c.Logit > 0), m.FalsePositives);
        Assert.Equal(clips.Count(c => c.Positive && c.Logit <= 0), m.FalseNegatives);
        Assert.Equal(clips.Count(c => !c.Positive && c.Logit <= 0), m.TrueNegatives);
    });

    [Fact]
    public void Rates_follow_from_counts()
    {
        Metrics m = new(6, 2, 10, 4, 0.9);
        Assert.Equal(16 / 22.0, m.Accuracy, 1e-15);
        Assert.Equal(0.5 * ((6 / 10.0) + (10 / 12.0)), m.BalancedAccuracy, 1e-15);
        Assert.Equal(2 * 0.75 * 0.6 / (0.75 + 0.6), m.F1, 1e-15);
        Assert.Equal(0, new Metrics(0, 0, 5, 0, 0).F1);
        Assert.True(double.IsNaN(new Metrics(0, 0, 5, 0, 0).BalancedAccuracy));
    }

    [Fact]
    public void NaN_and_missing_targets_are_refused_and_infinities_are_ranked()
    {
        Assert.Throws<ArgumentException>(() => Metrics.Of([1.0], [1f, 0f]));
        Assert.Contains("Logit 1", Assert.Throws<ArgumentException>(() => Metrics.Of([1.0, double.NaN], [1f, 0f])).Message, StringComparison.Ordinal);
        Assert.Equal(1, Metrics.Of([double.PositiveInfinity, double.NegativeInfinity], [1f, 0f]).Auc);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(200)]
    public void Predictor_gives_every_clip_the_logit_it_has_alone(int count)
    {
        using IBackend backend = TestBackends.Create("reference");
        using (Classifier classifier = Models.Small(backend, ModelKind.Lstm))
        {
            int live = backend.LiveBuffers;
            float[] clips = Numbers.Singles(count, count * 24);
            double[] logits = Predictor.Logits(classifier, clips);
            Assert.Equal(count, logits.Length);
            for (int i = 0; i < count; i++) Assert.Equal(Predictor.Logits(classifier, clips.AsSpan(i * 24, 24))[0], logits[i]);
            Assert.Throws<ArgumentException>(() => Predictor.Logits(classifier, new float[25]));
            Assert.Equal(live, backend.LiveBuffers);
        }
    }

    [Fact]
    public void Predictor_confines_NaN_to_its_clip()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier classifier = Models.Small(backend, ModelKind.Gru);
        float[] clips = Numbers.Singles(1, 3 * 24);
        clips[30] = float.NaN;
        Assert.Equal([false, true, false], Predictor.Logits(classifier, clips).Select(double.IsNaN));
    }

    private static Metrics Of((int Logit, bool Positive)[] clips) =>
        Metrics.Of([.. clips.Select(c => (double)c.Logit)], [.. clips.Select(c => c.Positive ? 1f : 0f)]);
}
