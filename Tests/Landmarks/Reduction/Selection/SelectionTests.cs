using CsCheck;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Regions;
using EmotionXai.Landmarks.Reduction.Selection;
using EmotionXai.Landmarks.Synthesis.Graded;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction.Selection;

public sealed class SelectionTests
{
    private const int Clips = 24, Landmarks = 5, Features = 3, Groups = 4;

    private static int[] GroupOf => [.. Enumerable.Range(0, Clips).Select(i => i % Groups)];

    private static float[] Of(float[] values, int[] some) =>
        [.. Enumerable.Range(0, Clips).SelectMany(c => some.SelectMany(l => values[(((c * Landmarks) + l) * Features)..(((c * Landmarks) + l + 1) * Features)]))];

    // Landmark 0 tells the class; the others are noise.
    private static (LandmarkComponents Components, float[] Targets) Sample(int seed, int width = Features)
    {
        Random random = new(seed);
        float[] targets = [.. Enumerable.Range(0, Clips).Select(i => i / Groups % 2 == 0 ? 1f : 0f)];
        float[] values = [.. Enumerable.Range(0, Clips * Landmarks * Features).Select(i =>
            (float)(random.NextDouble() - 0.5 + (i / Features % Landmarks == 0 ? targets[i / (Features * Landmarks)] : 0)))];
        return (new LandmarkComponents(some => Of(values, some), Clips, Landmarks, 1, Features, width), targets);
    }

    [Fact]
    public void Components_keep_what_varies()
    {
        // A landmark whose six features are two numbers, seen in six ways.
        Random random = new(1);
        double[] a = [.. Enumerable.Range(0, Clips).Select(_ => random.NextDouble())], b = [.. Enumerable.Range(0, Clips).Select(_ => random.NextDouble())];
        float[] values = [.. Enumerable.Range(0, Clips * 6).Select(i => (float)((a[i / 6] * (i % 6)) + (b[i / 6] * (5 - (i % 6)) * (i % 2))))];
        LandmarkComponents two = new(_ => values, Clips, 1, 1, 6, 2), all = new(_ => values, Clips, 1, 1, 6, 6);
        for (int i = 0; i < Clips; i++)
        {
            for (int j = 0; j < Clips; j++) Assert.Equal(Dot(all.Of(i, 0), all.Of(j, 0)), Dot(two.Of(i, 0), two.Of(j, 0)), 1e-4);
        }

        Assert.Equal(Landmarks, Sample(1).Components.Landmarks);
        Assert.True(Sample(1).Components.Of([3, 1]).Of(7, 0).SequenceEqual(Sample(1).Components.Of(7, 3)));
    }

    // Also where all features fit: then they are turned, or the first of them would not be the principal ones.
    [Fact]
    public void Leading_components_are_those_found_when_no_more_are_asked_for()
    {
        Random random = new(2);
        float[] values = [.. Enumerable.Range(0, Clips * Landmarks * Features).Select(i => (float)(random.NextDouble() * (1 + (i % Features))))];
        LandmarkComponents Sized(int width, int leading) => new(some => Of(values, some), Clips, Landmarks, 1, Features, width, leading);
        Assert.Equal(Sized(2, 2).Values, Sized(Features, 2).Leading(2).Values);
    }

    // Up to four landmarks stand under the penalty of few, and those behind them under that of many, which has seen the first four too.
    [Fact]
    public void Few_landmarks_bear_half_the_penalty_of_many()
    {
        (LandmarkComponents components, float[] targets) = Sample(3);
        LeftOutRegression Of(double penalty) => new(components, targets, GroupOf, Groups, penalty);
        GrowingLoss loss = new(Of);
        LeftOutRegression few = Of(1), many = Of(2);
        int[] order = [2, 0, 4, 1];
        foreach (int taken in order)
        {
            Assert.Equal(few.LossWith(3), loss.With(3));
            loss.Take(taken);
            few.Take(taken);
            many.Take(taken);
        }

        Assert.Equal(many.LossWith(3), loss.With(3));
        Assert.NotEqual(few.LossWith(3), many.LossWith(3));
    }

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += (double)x[i] * y[i];
        return sum;
    }

    [Fact]
    public void The_loss_on_people_left_out_is_that_of_regressions_fitted_without_them() => Gen.Int[1, 1000].Sample(seed =>
    {
        (LandmarkComponents components, float[] targets) = Sample(seed);
        LeftOutRegression grown = new(components, targets, GroupOf, Groups, 0.1);
        List<int> taken = [];
        Assert.Equal(Plain(components, targets, taken), grown.Loss, 1e-8);
        foreach (int landmark in new[] { 3, 0, 4 })
        {
            for (int next = 0; next < Landmarks; next++)
                if (!taken.Contains(next)) Assert.Equal(Plain(components, targets, [.. taken, next]), grown.LossWith(next), 1e-8);
            grown.Take(landmark);
            taken.Add(landmark);
            Assert.Equal(Plain(components, targets, taken), grown.Loss, 1e-8);
        }

        Assert.Equal(taken, grown.Taken);
    }, iter: 5);

    // The definition, by plain elimination: for each group a weighted ridge regression on the others, with a free intercept.
    private static double Plain(LandmarkComponents components, float[] targets, List<int> landmarks)
    {
        double positives = targets.Count(t => t > 0.5f), negatives = Clips - positives;
        double[] y = [.. targets.Select(t => t > 0.5f ? 1.0 : -1)], w = [.. targets.Select(t => Clips / (2 * (t > 0.5f ? positives : negatives)))];
        double[][] x = [.. Enumerable.Range(0, Clips).Select(i => landmarks.SelectMany(l => components.Of(i, l).ToArray().Select(v => (double)v)).ToArray())];
        double lambda = 0.1 * Enumerable.Range(0, Clips).Sum(i => Enumerable.Range(0, Landmarks).Sum(l => w[i] * Dot(components.Of(i, l), components.Of(i, l)))) / Landmarks;
        double loss = 0;
        for (int g = 0; g < Groups; g++)
        {
            int[] train = [.. Enumerable.Range(0, Clips).Where(i => GroupOf[i] != g)], test = [.. Enumerable.Range(0, Clips).Where(i => GroupOf[i] == g)];
            int p = landmarks.Count * Features;
            double sum = train.Sum(i => w[i]), mean = train.Sum(i => w[i] * y[i]) / sum;
            double[] centre = [.. Enumerable.Range(0, p).Select(f => train.Sum(i => w[i] * x[i][f]) / sum)];
            double[][] a = [.. Enumerable.Range(0, p).Select(f => Enumerable.Range(0, p + 1).Select(h => h == p
                ? train.Sum(i => w[i] * (x[i][f] - centre[f]) * (y[i] - mean))
                : train.Sum(i => w[i] * (x[i][f] - centre[f]) * (x[i][h] - centre[h])) + (f == h ? lambda : 0)).ToArray())];
            double[] beta = Eliminate(a);
            loss += test.Sum(i => w[i] * Math.Pow(y[i] - mean - Enumerable.Range(0, p).Sum(f => beta[f] * (x[i][f] - centre[f])), 2));
        }

        return loss / w.Sum();
    }

    private static double[] Eliminate(double[][] a)
    {
        int n = a.Length;
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
            {
                double factor = i == k ? 0 : a[i][k] / a[k][k];
                for (int j = k; j <= n; j++) a[i][j] -= factor * a[k][j];
            }
        }

        return [.. a.Select((row, i) => row[n] / row[i])];
    }

    [Fact]
    public void Aligned_relevance_adds_up_to_half_the_margin_on_people_left_out()
    {
        (LandmarkComponents components, float[] targets) = Sample(5);
        double[] aligned = LeftOutAttribution.Of(components, targets, GroupOf, 3).Aligned();

        // The same networks, asked for logits.
        double margin = 0, penalty = 0;
        for (int n = 0; n < 3; n++)
        {
            LeftOutReadout networks = new(components.Values, targets, GroupOf, 256, new RandomOptions { InputScale = 0.3 }, 3, n, penalty);
            penalty = networks.Penalty;
            margin += Enumerable.Range(0, Clips).Sum(i => networks.Logit(i) * (targets[i] > 0.5f ? 2.0 : -2.0) / Clips / 3);
        }

        // Groups are balanced, so that what a network says of the mean clip cancels.
        Assert.Equal(margin / 2, aligned.Sum(), 1e-5);
        Assert.Equal(0, Array.IndexOf(aligned, aligned.Max()));
        Assert.True(aligned[0] > 5 * aligned.Skip(1).Max(Math.Abs), string.Join(' ', aligned));
    }

    // With all coefficients at zero the error's slope along a landmark is the size of its products with the targets.
    [Fact]
    public void The_first_to_enter_the_lasso_is_the_landmark_whose_slope_is_steepest() => Gen.Int[1, 1000].Sample(seed =>
    {
        (LandmarkComponents components, float[] targets) = Sample(seed);
        int[] order = GroupLasso.Order(components, targets, [.. Enumerable.Range(0, Landmarks)]);
        double[] slopes = [.. Enumerable.Range(0, Landmarks).Select(l => Math.Sqrt(Enumerable.Range(0, Features).Sum(k =>
            Math.Pow(Enumerable.Range(0, Clips).Sum(i => components.Of(i, l)[k] * (targets[i] > 0.5f ? 1.0 : -1)), 2))))];
        Assert.Equal(Array.IndexOf(slopes, slopes.Max()), order[0]);
        Assert.Equal(Enumerable.Range(0, Landmarks), order.Order());
    }, iter: 10);

    [Fact]
    public void A_group_that_holds_a_whole_class_says_nothing()
    {
        (LandmarkComponents components, _) = Sample(5);
        float[] targets = [.. GroupOf.Select(g => g == 0 ? 1f : 0f)];
        IReadOnlyList<double> signed = LeftOutAttribution.Of(components, targets, GroupOf, 3).Signed;
        Assert.All(signed.Where((_, i) => GroupOf[i / Landmarks] == 0), v => Assert.Equal(0, v));
        Assert.Contains(signed, v => v != 0);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(7)]
    public void Patches_part_the_face(int count)
    {
        LandmarkTopology mesh = LandmarkTopology.MediaPipe468;
        IReadOnlyList<int[]> patches = Patches.Of(mesh, count);
        Assert.Equal(count, patches.Count);
        Assert.Equal(Enumerable.Range(0, 468), patches.SelectMany(p => p).Order());

        // Every landmark is nearer to its own patch's centre than to any other.
        (double X, double Y)[] centres = [.. patches.Select(p => (p.Average(i => (double)mesh.Neutral[i].X), p.Average(i => (double)mesh.Neutral[i].Y)))];
        for (int k = 0; k < count; k++)
        {
            foreach (int i in patches[k])
                Assert.Equal(k, Enumerable.Range(0, count).MinBy(c => Math.Pow(mesh.Neutral[i].X - centres[c].X, 2) + Math.Pow(mesh.Neutral[i].Y - centres[c].Y, 2)));
        }

        Assert.Equal(68, Patches.Of(LandmarkTopology.Ibug68, 68).Count);
    }

    [Theory]
    [InlineData(SelectionRule.Explained, true)]
    [InlineData(SelectionRule.Forward, true)]
    [InlineData(SelectionRule.Aligned, true)]
    [InlineData(SelectionRule.Pursuit, true)]
    [InlineData(SelectionRule.Lasso, true)]
    [InlineData(SelectionRule.Explained, false)]
    public void An_order_holds_every_landmark_once_finds_evidence_and_does_not_see_the_tested(SelectionRule rule, bool sparse)
    {
        LandmarkTopology topology = sparse ? LandmarkTopology.Ibug68 : LandmarkTopology.MediaPipe468;
        GradedCase plain = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Plain, Topology = topology, People = 16, Clips = 2, NewPeople = 4, Intensity = 2 });
        FeatureSet features = new Preprocessor(new PreprocessingOptions { Frames = 8, Features = "displacement" }).Apply(plain.Set);
        int[] train = [.. Enumerable.Range(0, features.Clips).Where(i => !GradedCase.IsNew(features.Subjects[i]))], test = [.. Enumerable.Range(0, features.Clips).Except(train)];
        Selector selector = new(new ReductionOptions { Select = rule }, topology);
        SelectedOrder selected = selector.Select(new FoldData(features, GradedCase.Signal, train, test), 1);
        Assert.Equal(Enumerable.Range(0, topology.Count), selected.Order.Order());
        Assert.Equal(1, selected.Relevance.Sum(), 1e-9);
        double evidence = plain.Truth.Evidence.Count(e => e) / (double)topology.Count, found = selected.Order.Take(6).Count(l => plain.Truth.Evidence[l]) / 6.0;
        Assert.True(found > evidence + 0.1, $"{found:0.00} of the first six are evidence, {evidence:0.00} of all");

        // Other tested clips, the same order.
        float[] values = features.Values.ToArray();
        int length = values.Length / features.Clips;
        foreach (int clip in test) values.AsSpan(clip * length, length).Fill(7);
        Assert.Equal(selected.Order, selector.Select(new FoldData(features with { Values = ClipRows.From(values, length) }, GradedCase.Signal, train, test), 1).Order);
    }

    [Theory]
    [InlineData(SelectionRule.Explained)]
    [InlineData(SelectionRule.Forward)]
    [InlineData(SelectionRule.Aligned)]
    [InlineData(SelectionRule.Pursuit)]
    [InlineData(SelectionRule.Lasso)]
    public void Inside_regions_their_landmarks_come_first_and_the_tested_choose_nothing(SelectionRule rule)
    {
        LandmarkTopology topology = LandmarkTopology.Ibug68;
        GradedCase plain = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Plain, Topology = topology, People = 16, Clips = 2, NewPeople = 4, Intensity = 2 });
        FeatureSet features = new Preprocessor(new PreprocessingOptions { Frames = 8, Features = "displacement" }).Apply(plain.Set);
        int[] train = [.. Enumerable.Range(0, features.Clips).Where(i => !GradedCase.IsNew(features.Subjects[i]))], test = [.. Enumerable.Range(0, features.Clips).Except(train)];
        Selector selector = new(new ReductionOptions { Select = rule, InsideRegions = true }, topology);
        SelectedOrder selected = selector.Select(new FoldData(features, GradedCase.Signal, train, test), 1);
        Assert.Equal(Enumerable.Range(0, topology.Count), selected.Order.Order());
        int[] inside = [.. RegionGroups.Of(topology, RegionSides.Pairs).Where(g => selected.Regions.Contains(g.Name)).SelectMany(g => g.Landmarks).Order()];
        Assert.InRange(inside.Length, 1, topology.Count);
        Assert.Equal(inside, selected.Order.Take(inside.Length).Order());

        // The chosen regions hold evidence, and other tested clips choose the same.
        Assert.Contains(inside, l => plain.Truth.Evidence[l]);
        float[] values = features.Values.ToArray();
        int length = values.Length / features.Clips;
        foreach (int clip in test) values.AsSpan(clip * length, length).Fill(7);
        SelectedOrder again = selector.Select(new FoldData(features with { Values = ClipRows.From(values, length) }, GradedCase.Signal, train, test), 1);
        Assert.Equal(selected.Order, again.Order);
        Assert.Equal(selected.Regions, again.Regions);
    }

    // Two landmarks share the shape of whoever's face it is, and tell the class by what they differ in. Under a penalty in proportion to how
    // much landmarks vary, here most of them far more, that is lost; in many single frames the loss on people left out sees it.
    [Theory]
    [InlineData(600, 1, true)]
    [InlineData(600, 2, false)]
    [InlineData(100, 1, false)]
    public void In_many_single_frames_the_loss_decides_on_the_penalty(int people, int frames, bool decides)
    {
        const int Told = 0, Other = 1, LastAlone = 6;
        Random random = new(4);
        int width = 68 * 2;
        float[] values = new float[people * frames * width];
        for (int person = 0; person < people; person++)
        {
            double face = Normal(), sign = person % 2 == 0 ? 1 : -1;
            for (int l = 0; l < 68; l++)
            {
                double value = l switch
                {
                    Told => face + (0.3 * sign) + (0.05 * Normal()),
                    Other => face + (0.05 * Normal()),
                    <= LastAlone => (0.2 * sign) + Normal(),
                    _ => 6 * Normal(),
                };
                for (int t = 0; t < frames; t++) values[(((person * frames) + t) * width) + (l * 2)] = (float)value;
            }
        }

        FeatureSet features = new()
        {
            Time = frames,
            Points = 68,
            Dimensions = 2,
            Values = ClipRows.From(values, frames * width),
            Names = [.. Enumerable.Range(0, people).Select(p => $"clip {p}")],
            Subjects = [.. Enumerable.Range(0, people).Select(p => $"person {p}")],
            Labels = [.. Enumerable.Range(0, people).Select(p => p % 2 == 0 ? "joy" : "rest")],
            Skipped = [],
        };
        Selector selector = new(new ReductionOptions { Select = SelectionRule.Forward }, LandmarkTopology.Ibug68);
        int[] first = selector.Select(new FoldData(features, "joy", [.. Enumerable.Range(0, people)], []), 1).Order[..2];
        Assert.True(decides == (first.Contains(Told) && first.Contains(Other)), string.Join(",", first));

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
    }
}
