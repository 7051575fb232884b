using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>The landmarks that a ranking is compared with.</summary>
public sealed class ControlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_list_is_read_and_a_mistake_is_named()
    {
        ControlSpec some = ControlSpec.Parse("random:4, fisher-mrmr");
        Assert.Equal((4, 1, 0, 5), (some.Draws("random"), some.Draws("fisher-mrmr"), some.Draws("motion"), some.Sets));
        ControlSpec all = ControlSpec.Parse("all");
        Assert.All(ControlSpec.Names, name => Assert.True(all.Has(name), name));
        Assert.Equal(0, ControlSpec.Parse("none").Sets);
        foreach (string wrong in new[] { "randem", "random:0", "random:101", "motion:2", "", "random:1:2" })
            Assert.Contains($"'{wrong}' is no control", Assert.Throws<ArgumentException>(() => ControlSpec.Parse(wrong)).Message);
    }

    // Landmark 1 is landmark 0 once more; landmark 2 says less, but something else; landmark 3 nothing.
    [Fact]
    public void Redundancy_counts_where_it_is_asked_for()
    {
        float[] targets = [.. Enumerable.Range(0, 400).Select(i => i % 2f)], noise = EmotionXai.Tests.Engine.Numbers.Singles(3, 1200);
        float[] clips = [.. targets.SelectMany((t, i) =>
        {
            float first = (2 * t) + noise[3 * i];
            return new[] { first, first + (0.01f * noise[(3 * i) + 2]), (1.5f * t) + noise[(3 * i) + 1], noise[(3 * i) + 2] };
        })];
        Assert.Equal([0, 1], LandmarkScores.Order(LandmarkScores.Fisher(ClipRows.From(clips, 4), targets, 4, 1)).Take(2).Order());
        int[] order = LandmarkScores.FisherMrmr(ClipRows.From(clips, 4), targets, 4, 1, 2);
        Assert.Contains(order[0], new[] { 0, 1 });
        Assert.Equal(2, order[1]);
    }

    [Fact]
    public void Every_control_goes_down_the_stages_and_a_run_that_was_stopped_ends_alike()
    {
        LandmarkSet set = FaceSynthesizer.Generate(new SynthesisOptions { Subjects = 4, Repetitions = 1, Frames = 4 });
        ReductionOptions options = new()
        {
            Emotions = ["happiness", "surprise", "anger"],
            Model = new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [16], Activation = Activation.Tanh },
            Preprocessing = new PreprocessingOptions { Frames = 2 },
            Keep = [68, 20, 5],
            InnerFolds = 2,
            RankingSeeds = 2,
            Nulls = 3,
            Stability = 2,
            Controls = ControlSpec.Parse("random:2,motion,fisher,fisher-mrmr,untrained,spread,lowest,swap:2"),
        };
        ReductionResult result = new ReductionDriver(set, options).Run(_folder["a"], force: false, cancellation: TestContext.Current.CancellationToken);
        foreach (EmotionResult emotion in result.Emotions)
        {
            Assert.Empty(emotion.Stages[0].Controls);
            Assert.All(emotion.Stages.Skip(1), s => Assert.Equal(ControlSpec.Names.Order(), s.Controls.Keys.Order()));

            // With three permutations no p-value is below a quarter, and nothing else is possible than quarters.
            Assert.All(emotion.Ranking, r => Assert.Contains(r.P!.Value, new[] { 0.25, 0.5, 0.75, 1 }));
        }

        // Four halves choose five landmarks each.
        Assert.All(result.Stability, s => Assert.Equal(5, s.Frequencies.Sum(), 1e-9));
        Assert.All(result.Stability, s => Assert.All(s.Frequencies, f => Assert.Contains(f, new[] { 0, 0.25, 0.5, 0.75, 1 })));
        Assert.Equal(result.Emotions.Select(e => e.Name), result.Stability.Select(s => s.Emotion));

        // Every stage against all and eight controls; nothing is left uncorrected.
        Assert.Equal(2 * 9, result.Leads.Count);
        Assert.All(result.Leads, l => Assert.True(l.PCorrected >= l.P));

        // A second run, other threads: the same numbers, those of swapped landmarks too.
        ReductionResult again = new ReductionDriver(set, options with { Threads = 1 }).Run(_folder["b"], force: false, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(result.Leads.Select(l => l.Difference), again.Leads.Select(l => l.Difference));
    }
}
