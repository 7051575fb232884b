using CsCheck;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Regions;
using EmotionXai.Landmarks.Statistics;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>What regions are worth: Shapley values, networks on subsets, and what is said where one region, all or none tell of the emotion.</summary>
public sealed class RegionTests
{
    private const string Seed = "0000000000000001";

    [Fact]
    public void Shapley_values_of_known_games()
    {
        // A pair of gloves: players 0 and 1 have a left one, player 2 the right one (1/6, 1/6, 2/3).
        Assert.Equal([1 / 6.0, 1 / 6.0, 2 / 3.0], ExactShapley.Of([0, 0, 0, 0, 0, 1, 1, 1]), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([3.0], ExactShapley.Of([1, 4]));
        Assert.Throws<ArgumentException>(() => ExactShapley.Of([0, 1, 2]));
    }

    [Fact]
    public void Shapley_values_add_up_and_know_no_names() => Gen.Double[-1, 1].Array[16].Sample(
        worth =>
        {
            double[] values = ExactShapley.Of(worth);
            Assert.Equal(worth[15] - worth[0], values.Sum(), 1e-12);

            // Players 0 and 3 change places; player 1 adds a constant to everything.
            static int Turned(int s) => (s & 6) | ((s & 1) << 3) | ((s >> 3) & 1);
            double[] turned = ExactShapley.Of([.. Enumerable.Range(0, 16).Select(s => worth[Turned(s)] + ((s & 2) != 0 ? 0.5 : 0))]);
            Assert.Equal([values[3], values[1] + 0.5, values[2], values[0]], turned, (a, b) => Math.Abs(a - b) < 1e-12);
        },
        iter: 200,
        seed: Seed);

    [Fact]
    public void A_subset_does_not_feel_the_other_groups_and_its_loss_is_that_of_people_left_out()
    {
        const int Clips = 24, Width = 5;
        float[] Values(int seed, int clips) => EmotionXai.Tests.Engine.Numbers.Singles(seed, clips * Width);
        float[] targets = [.. Enumerable.Range(0, Clips).Select(i => i % 3 == 0 ? 1f : 0f)];
        int[] people = [.. Enumerable.Range(0, Clips).Select(i => i / 6)];
        float[][] train = [Values(1, Clips), Values(2, Clips), Values(3, Clips)], test = [Values(4, 4), Values(5, 4), Values(6, 4)];
        SubsetReadout all = new(train, test, Clips, 4, 8, new RandomOptions(), 7), two = new(train[..2], test[..2], Clips, 4, 8, new RandomOptions(), 7);
        (double[] logits, double loss) = all.Of([0, 1]).Fit(targets, people, 0.1);
        (double[] same, double sameLoss) = two.Of([1, 0]).Fit(targets, people, 0.1);
        Assert.Equal(logits, same, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(loss, sameLoss, 1e-6);
        Assert.NotEqual(logits[0], all.Of([0, 2]).Fit(targets, people, 0.1).Logits[0]);

        // Person 3 left out in earnest: the class weights of the others would differ, so that the classes are of equal size in everybody.
        float[] even = [.. Enumerable.Range(0, Clips).Select(i => i % 2f)];
        double left = 0;
        for (int person = 0; person < 4; person++)
        {
            int[] inside = [.. Enumerable.Range(0, Clips).Where(i => people[i] != person)], outside = [.. Enumerable.Range(0, Clips).Where(i => people[i] == person)];
            float[][] Of(int[] clips) => [.. train.Select(t => clips.SelectMany(c => t[(c * Width)..((c + 1) * Width)]).ToArray())];
            double[] tested = new SubsetReadout(Of(inside), Of(outside), inside.Length, outside.Length, 8, new RandomOptions(), 7)
                .Of([0, 1, 2]).Fit([.. inside.Select(i => even[i])], [.. inside.Select(i => people[i])], 1e-6).Logits;
            left += tested.Zip(outside, (l, i) => Math.Pow(l - ((2 * even[i]) - 1), 2)).Sum() / Clips;
        }

        // The penalty counts in mean eigenvalues, which differ a little with the clips: a tiny one hardly depends on them.
        Assert.Equal(left, all.Of([0, 1, 2]).Fit(even, people, 1e-6).Loss, 1e-3 * left);
    }

    [Theory]
    [InlineData("brows", "needed most: brows")]
    [InlineData("all", "redundant: no region is needed more than another")]
    [InlineData("none", "nothing is found: no region tells anything of new people")]
    public void Regions_are_needed_redundant_or_empty(string evidence, string verdict)
    {
        FeatureSet features = Features(evidence);
        ReductionOptions options = new() { Regions = RegionSides.Pairs };
        IReadOnlyList<Fold> folds = [.. SubjectFolds.Split(features.Subjects, features.Labels, "4", 1)];
        RegionResult result = new RegionStudy(features, options, LandmarkTopology.Ibug68, folds).Run(["joy"], TestContext.Current.CancellationToken).Single();
        Assert.Equal(verdict, result.Verdict);
        Assert.Equal(["brows", "eyes", "inner_lips", "jaw", "nose", "outer_lips"], result.Regions.Select(r => r.Region).Order(StringComparer.Ordinal));
        Assert.Equal(result.Auc - 0.5, result.Regions.Sum(r => r.Shapley), 1e-9);
        Assert.Equal(4, result.Best.ByFold.Count);
        if (evidence != "brows") return;
        Assert.Equal("brows", result.Regions[0].Region);
        Assert.Contains("brows", result.Best.Regions);
        Assert.True(result.Regions[0].Without < 0.65 && result.Regions[0].Alone > 0.9, $"{result.Regions[0]}");
    }

    [Fact]
    public void Too_many_regions_are_refused()
    {
        Assert.Equal(8, RegionGroups.Of(LandmarkTopology.Ibug68, RegionSides.Apart).Count);
        Assert.True(RegionGroups.Of(LandmarkTopology.MediaPipe468, RegionSides.Pairs).Count <= 10);
        Assert.Contains("--regions pairs", Assert.Throws<ArgumentException>(() => RegionGroups.Of(LandmarkTopology.MediaPipe468, RegionSides.Apart)).Message);
    }

    // 12 people with 6 clips each; a landmark that tells moves by 1 with noise of 1 where the emotion is shown.
    private static FeatureSet Features(string evidence)
    {
        const int Clips = 72, Points = 68;
        IReadOnlyList<string> regions = LandmarkTopology.Ibug68.Regions;
        string[] labels = [.. Enumerable.Range(0, Clips).Select(i => i % 2 == 0 ? "joy" : "neutral")];
        float[] values = EmotionXai.Tests.Engine.Numbers.Singles(5, Clips * Points * 2);
        for (int i = 0; i < values.Length; i++)
        {
            bool tells = evidence == "all" || (evidence == "brows" && regions[i / 2 % Points].EndsWith("brow", StringComparison.Ordinal));
            if (tells && labels[i / 2 / Points] == "joy") values[i] += 1;
        }

        return new()
        {
            Time = 1,
            Points = Points,
            Dimensions = 2,
            Values = ClipRows.From(values, Points * 2),
            Names = [.. Enumerable.Range(0, Clips).Select(i => $"c{i}")],
            Labels = labels,
            Subjects = [.. Enumerable.Range(0, Clips).Select(i => $"p{i / 6}")],
            Skipped = [],
        };
    }
}
