using CsCheck;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>What stands behind the numbers of a reduction: nulls, pairs and the joint judgement.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public void Permuted_labels_stay_with_their_person()
    {
        FeatureSet features = Features(people: 5, each: 8, points: 68);
        FoldData data = new(features, "joy", [.. Enumerable.Range(0, 32)], [.. Enumerable.Range(32, 8)]), permuted = data.WithPermutedLabels(7);
        Assert.NotEqual(data.Labels, permuted.Labels);
        Assert.Equal(permuted.Labels, data.WithPermutedLabels(7).Labels);
        Assert.NotEqual(permuted.Labels, data.WithPermutedLabels(8).Labels);
        for (int person = 0; person < 4; person++)
            Assert.Equal(data.Labels[(8 * person)..((8 * person) + 8)].Order(), permuted.Labels[(8 * person)..((8 * person) + 8)].Order());
        Assert.Equal(permuted.Labels.Select(l => l == "joy" ? 1f : 0f), permuted.TrainTargets);
        Assert.Equal(data.TestTargets, permuted.TestTargets);
    }

    [Fact]
    public void Pairs_stay_together_and_as_many_are_kept_as_were_asked_for()
    {
        IReadOnlyList<int> mirror = LandmarkTopology.Ibug68.Mirror;
        KeepRule pairs = new(mirror), alone = new();
        Gen.Select(Gen.Shuffle(Enumerable.Range(0, 68).ToArray()), Gen.Int[1, 68]).Sample(
            (order, count) =>
            {
                int[] kept = pairs.First(order, count);
                Assert.Equal(count, kept.Distinct().Count());
                Assert.Equal(order.Take(count), alone.First(order, count));

                // At most one is parted, and only where no single landmark could take its place.
                int parted = kept.Count(l => !kept.Contains(mirror[l])), singles = order.Count(l => mirror[l] == l), keptSingles = kept.Count(l => mirror[l] == l);
                Assert.True(parted <= 1, $"{parted} parted");
                Assert.True(parted == 0 || keptSingles == singles);
                Assert.Contains(order[0], count > 1 ? kept : [order[0]]);
            },
            iter: 300,
            seed: "0000000000000001");
    }

    [Fact]
    public void Regions_go_whole_and_the_best_that_fit_stay()
    {
        IReadOnlyList<string> regions = LandmarkTopology.Ibug68.Regions;
        KeepRule whole = new(regions: regions);
        Gen.Select(Gen.Shuffle(Enumerable.Range(0, 68).ToArray()), Gen.Int[1, 68]).Sample(
            (order, count) =>
            {
                int[] kept = whole.First(order, count);
                string[] taken = [.. kept.Select(l => regions[l]).Distinct()];
                Assert.True(kept.Length <= count);
                Assert.Equal(kept.Length, regions.Count(r => taken.Contains(r)));

                // Nothing that was passed over would have fitted.
                Assert.DoesNotContain(regions.Where(r => !taken.Contains(r)).CountBy(r => r), r => kept.Length + r.Value <= count);
            },
            iter: 300,
            seed: "0000000000000001");

        string best = regions[10];
        int[] ordered = [.. Enumerable.Range(0, 68).OrderByDescending(l => regions[l] == best)];
        Assert.Equal(Enumerable.Range(0, 68).Where(l => regions[l] == best), whole.First(ordered, regions.Count(r => r == best)));
    }

    [Fact]
    public void Gain_is_the_share_over_that_of_networks_before_training()
    {
        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
        Assert.Equal([0.25, 0.75], Ranking.Gain([0.5, 0.5], [0.75, 0.25]), Near);

        // Where nobody looks before training, a landmark counts as if it had a twentieth of an equal share.
        Assert.Equal([1 / 21.0, 20 / 21.0], Ranking.Gain([0.5, 0.5], [0.5, 0]), Near);
        Assert.Equal([0.5, 0.5], Ranking.Gain([0, 0], [0.5, 0.5]), Near);
    }

    [Fact]
    public void Together_the_largest_logit_judges()
    {
        FeatureSet features = Features(people: 2, each: 3, points: 68);
        string[] labels = [.. features.Labels];
        EmotionResult Emotion(string name, double[] all, double[] kept) => Report.Runs.Of("ibug68").Emotions[0] with
        {
            Name = name,
            Stages = [Report.Runs.Of("ibug68").Emotions[0].Stages[0] with { Logits = all }, Report.Runs.Of("ibug68").Emotions[0].Stages[1] with { Logits = kept }],
        };
        double[] joy = [.. labels.Select(l => l == "joy" ? 1.0 : -1)], fear = [.. labels.Select(l => l == "fear" ? 1.0 : -1)], none = new double[labels.Length];
        TogetherResult result = Together.Of(features, [Emotion("joy", joy, none), Emotion("fear", fear, fear)], [.. Enumerable.Range(0, labels.Length)])!;
        Assert.Equal(labels.Count(l => l is "joy" or "fear"), result.Clips);
        Assert.Equal((1.0, 1.0), (result.AccuracyAll, result.Accuracy));
        Assert.Equal([labels.Count(l => l == "joy"), 0], result.ConfusionAll[0]);
        Assert.Null(Together.Of(features, [Emotion("joy", joy, none)], [0]));
        TogetherResult turned = Together.Of(features, [Emotion("joy", fear, none), Emotion("fear", joy, none)], [.. Enumerable.Range(0, labels.Length)])!;
        Assert.Equal(0, turned.AccuracyAll);
    }

    private static FeatureSet Features(int people, int each, int points)
    {
        string[] labels = ["joy", "fear", "neutral"];
        int clips = people * each;
        return new()
        {
            Time = 1,
            Points = points,
            Dimensions = 2,
            Values = ClipRows.From(EmotionXai.Tests.Engine.Numbers.Singles(1, clips * points * 2), points * 2),
            Names = [.. Enumerable.Range(0, clips).Select(i => $"c{i}")],
            Labels = [.. Enumerable.Range(0, clips).Select(i => labels[i % 3])],
            Subjects = [.. Enumerable.Range(0, clips).Select(i => $"p{i / each}")],
            Skipped = [],
        };
    }
}
