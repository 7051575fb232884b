using CsCheck;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>Baselines, medoids, clusters, group relevance and plain gradients.</summary>
public sealed class BaselineTests
{
    private const int Length = 5;

    private static ClipRows Rows(float[] clips) => ClipRows.From(clips, Length);

    // Distances are summed in float32: the medoid may be one whose sum is larger by some roundings.
    [Fact]
    public void A_medoid_has_the_least_sum_of_squared_distances() => Gen.Select(Gen.Int[1, 12], Gen.Int[0, 10_000]).Sample((count, seed) =>
    {
        float[] clips = Numbers.Singles(seed, 20 * Length);
        int[] members = [.. Enumerable.Range(0, 20).OrderBy(i => (i * 7919 + seed) % 101).Take(count)];
        double Sum(int member) => members.Sum(m => Distance(clips, member, m));
        int medoid = Clustering.Medoid(Rows(clips), members);
        Assert.Contains(medoid, members);
        Assert.True(Sum(medoid) <= members.Min(Sum) * (1 + 1e-5));
    });

    [Fact]
    public void The_first_of_equal_medoids_is_taken()
    {
        float[] clips = [.. Numbers.Singles(1, Length), .. Numbers.Singles(2, Length), .. Numbers.Singles(1, Length)];
        Assert.Equal(2, Clustering.Medoid(Rows(clips), [2, 0]));
        Assert.Equal(0, Clustering.Medoid(Rows(clips), [0, 2]));
        Assert.Throws<ArgumentException>(() => Clustering.Medoid(Rows(clips), []));
    }

    [Fact]
    public void Clusters_partition_the_members_the_same_way_each_time() => Gen.Select(Gen.Int[1, 6], Gen.Int[0, 10_000]).Sample((count, seed) =>
    {
        float[] clips = Numbers.Singles(seed, 15 * Length);
        int[] members = [.. Enumerable.Range(0, 15).Where(i => i % 4 != 1)];
        IReadOnlyList<int[]> clusters = Clustering.Cluster(Rows(clips), members, count), again = Clustering.Cluster(Rows(clips), members, count);
        Assert.Equal(clusters, again);
        Assert.Equal(members, clusters.SelectMany(c => c).Order());
        Assert.Equal(count, clusters.Count);
        Assert.All(clusters, Assert.NotEmpty);
    });

    [Fact]
    public void Clouds_far_apart_become_clusters()
    {
        float[] clips = Numbers.Singles(1, 30 * Length, -0.1, 0.1);
        for (int clip = 0; clip < 30; clip++) clips[(clip * Length) + (clip % 3)] += 5;
        IReadOnlyList<int[]> clusters = Clustering.Cluster(Rows(clips), [.. Enumerable.Range(0, 30)], 3);
        Assert.Equal(3, clusters.Count);
        Assert.All(clusters, c => Assert.Single(c.Select(i => i % 3).Distinct()));
        Assert.Single(Clustering.Cluster(Rows(new float[30 * Length]), [.. Enumerable.Range(0, 30)], 3));
        Assert.Throws<ArgumentException>(() => Clustering.Cluster(Rows(clips), [1, 2], 3));
        Assert.Throws<ArgumentException>(() => Clustering.Cluster(Rows(clips), [1, 2], 0));
        Baselines medoids = Baselines.Medoids(Rows(clips), clusters);
        Assert.True(medoids.Shared);
        for (int k = 0; k < 3; k++)
        {
            int medoid = Clustering.Medoid(Rows(clips), clusters[k]);
            Assert.Equal(clips[(medoid * Length)..((medoid + 1) * Length)], medoids.Of(9, k).ToArray());
        }
    }

    [Fact]
    public void Baselines_hold_what_they_say()
    {
        float[] clips = [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60];
        Assert.Equal([5.5f, 11, 16.5f, 22, 27.5f, 33], Baselines.Mean(ClipRows.From(clips, 6)).Of(0, 0).ToArray());
        Assert.Equal(new float[6], Baselines.Zero(6).Of(3, 0).ToArray());
        Baselines onset = Baselines.Onset(ClipRows.From(clips, 6), 3, 2);
        Assert.False(onset.Shared);
        Assert.Equal((1, 6), (onset.Count, onset.Length));
        Assert.Equal([1, 2, 1, 2, 1, 2], onset.Of(0, 0).ToArray());
        Assert.Equal([10, 20, 10, 20, 10, 20], onset.Of(1, 0).ToArray());
        Assert.Throws<ArgumentException>(() => Baselines.ForAll(new float[5], 2));
        Assert.Throws<ArgumentException>(() => Baselines.ForAll([], 2));
        Assert.Throws<ArgumentException>(() => Baselines.Mean(ClipRows.From([], 2)));
    }

    [Fact]
    public void Groups_share_one_and_keep_their_sign_and_their_time()
    {
        // Features 0 and 2 belong to group 1, feature 1 to group 0; group 2 has none.
        GroupRelevance relevance = new(2, [1, 0, 1], 3);
        Assert.Equal([1 / 3.0, 1 / 3.0, 1 / 3.0], relevance.Scores);
        relevance.Add(new PairAttribution { Clip = 0, Baseline = 0, Values = [1, -2, 3, -1, 0, 0], Output = 2, BaselineOutput = 1, Gap = 0.25, Steps = 8 });
        relevance.Add(new PairAttribution { Clip = 0, Baseline = 1, Values = [0, 1, 0, 0, 1, -1], Output = -1, BaselineOutput = 3, Gap = 0.25, Steps = 16 });
        Assert.Equal([0.4, 0.6, 0], relevance.Scores, Near);
        Assert.Equal([0, 1, 0], relevance.Signed, Near);
        Assert.Equal([0.3, 0.4, 0, 0.1, 0.2, 0], relevance.TimeProfile, Near);
        Assert.Equal((2L, 12.0, 0.1, 0.25), (relevance.Pairs, relevance.MeanSteps, relevance.RelativeGap, relevance.WorstRelativeGap));

        // Both pairs are of one clip: 0.5 of 5. A second clip has a worse one.
        Assert.Equal(0.1, relevance.WorstClipGap);
        relevance.Add(new PairAttribution { Clip = 1, Baseline = 0, Values = [0, 0, 0, 0, 0, 0], Output = 2, BaselineOutput = 0, Gap = 0.4, Steps = 8 });
        relevance.Add(new PairAttribution { Clip = 1, Baseline = 1, Values = [0, 0, 0, 0, 0, 0], Output = 2, BaselineOutput = 2, Gap = 0, Steps = 8 });
        Assert.Equal(0.2, relevance.WorstClipGap);

        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-15;
    }

    [Fact]
    public void Group_scores_of_a_model_sum_to_one()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Classifier classifier = Models.Small(backend, ModelKind.Gru);
        GroupRelevance relevance = new(Models.Time, [0, 0, 1, 1, 2, 2], 3);
        new IntegratedGradients().Attribute(classifier, Numbers.Singles(1, 5 * 24), Baselines.Zero(24), relevance);
        Assert.Equal(5, relevance.Pairs);
        Assert.Equal(1, relevance.Scores.Sum(), 1e-14);
        Assert.Equal(1, relevance.TimeProfile.Sum(), 1e-14);
        for (int g = 0; g < 3; g++) Assert.Equal(relevance.Scores[g], Enumerable.Range(0, Models.Time).Sum(t => relevance.TimeProfile[(t * 3) + g]), 1e-14);
        Assert.True(relevance.WorstRelativeGap < 1e-8);
    }

    [Fact]
    public void Gradients_of_an_affine_model_are_its_weights()
    {
        using IBackend backend = TestBackends.Create("reference");
        (Classifier classifier, double[] weights) = Attributions.Affine(backend, 2, 3);
        using (classifier)
        {
            int live = backend.LiveBuffers;
            float[] clips = Numbers.Singles(1, 70 * 6), b = Numbers.Singles(2, 2 * 6);
            foreach (Kept pair in Attributions.Of(new Gradient(timesInput: false), classifier, clips, Baselines.ForAll(b, 6)))
                Numbers.Near(weights, pair.Values, 1e-15);
            foreach (Kept pair in Attributions.Of(new Gradient(timesInput: true), classifier, clips, Baselines.ForAll(b, 6)))
            {
                Numbers.Near([.. Enumerable.Range(0, 6).Select(i => weights[i] * ((double)clips[(pair.Clip * 6) + i] - b[(pair.Baseline * 6) + i]))], pair.Values, 1e-14);
                Assert.True(pair.Gap < 1e-14);
                Assert.Equal(1, pair.Steps);
            }

            Assert.Equal(live, backend.LiveBuffers);
        }
    }

    private static double Distance(float[] clips, int a, int b) =>
        Enumerable.Range(0, Length).Sum(i => Math.Pow((double)clips[(a * Length) + i] - clips[(b * Length) + i], 2));
}
