using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>The primary figure and the leads: what is compared, over whom, and what is said of it.</summary>
public sealed class LeadsTests
{
    private static readonly int[] s_stages = [68, 8];
    private static readonly ReductionOptions s_options = new();

    [Fact]
    public void Equal_landmarks_are_as_good_and_controls_are_led_by_what_is_right()
    {
        FeatureSet features = Features(people: 8, each: 6);
        Leads leads = new(features, [Folds(features, "joy", right: 1, reduced: 1), Folds(features, "fear", right: 1, reduced: 1)], s_stages, s_options);
        Assert.Equal(PrimaryFigure.Within, leads.Measure);
        PrimaryFigure primary = leads.Primary();
        Assert.Equal((8, 8, 1.0, 1.0, 0.0), (primary.Figure.Landmarks, primary.Figure.People, primary.Figure.Auc, primary.Figure.AucAgainst, primary.Figure.Difference));
        Assert.Equal("as good as all landmarks, within the margin", primary.Verdict);
        Assert.Equal(1 / 256.0, primary.Figure.NotWorse);
        PairedDifference[] stages = leads.Stages();
        Assert.Equal([("all", 8), ("random", 8)], stages.Select(s => (s.Against, s.Landmarks)));

        // Random logits are wrong for everybody: 1 less 0.25, and 2 of 256 patterns of signs, times two hypotheses.
        Assert.Equal(0.75, stages[1].Difference, 1e-12);
        Assert.Equal(4 / 256.0, stages[1].PCorrected, 1e-12);
        Assert.Null(stages[1].NotWorse);
        Assert.Equal([["all", "random"], ["all", "random"]], leads.ByEmotion().Select(d => d.Select(x => x.Against)));

        // Four hypotheses there, two of them 1: the corrected p-values of the others are 2/256 times 4.
        Assert.Equal(8 / 256.0, leads.ByEmotion()[1][1].PCorrected, 1e-12);
    }

    // One fold chooses all 68, one 8: the primary figure has each at its own number, an emotion's tests have both at the median.
    [Fact]
    public void An_emotion_is_compared_with_its_controls_at_one_number_of_landmarks()
    {
        FeatureSet features = Features(people: 8, each: 6);
        FoldOutcome[] folds = Folds(features, "joy", right: 1, reduced: -1);
        folds[0] = folds[0] with { Chosen = 0 };
        Leads leads = new(features, [folds], s_stages, s_options);
        Assert.Equal(0.5, leads.Primary().Figure.Auc, 1e-12);
        PairedDifference[] tests = leads.ByEmotion()[0];
        Assert.Equal([("all", 8, 0.0, 1.0), ("random", 8, 0.0, 0.25)], tests.Select(t => (t.Against, t.Landmarks, t.Auc, t.AucAgainst)));
        Assert.Equal(leads.Stages().Select(s => s.Difference), tests.Select(t => t.Difference));
    }

    [Fact]
    public void What_reduction_loses_is_said()
    {
        FeatureSet features = Features(people: 8, each: 6);
        Assert.Equal("worse than all landmarks", new Leads(features, [Folds(features, "joy", right: 1, reduced: -1)], s_stages, s_options).Primary().Verdict);
        Assert.Equal("better than all landmarks", new Leads(features, [Folds(features, "joy", right: -1, reduced: 1)], s_stages, s_options).Primary().Verdict);
        FeatureSet three = Features(people: 3, each: 6);
        Assert.Equal("not shown to be as good as all landmarks", new Leads(three, [Folds(three, "joy", right: 1, reduced: 1)], s_stages, s_options).Primary().Verdict);
    }

    [Fact]
    public void People_with_clips_of_one_class_are_compared_with_each_other()
    {
        FeatureSet features = Features(people: 24, each: 1);
        Leads leads = new(features, [Folds(features, "joy", right: 1, reduced: 1)], s_stages, s_options);
        Assert.Equal(PrimaryFigure.Between, leads.Measure);
        PrimaryFigure primary = leads.Primary();
        Assert.Equal((24, 1.0, 1.0, 0.0), (primary.Figure.People, primary.Figure.Auc, primary.Figure.AucAgainst, primary.Figure.Difference));
    }

    // Two folds; the logits of all landmarks and of eight are right (1) or wrong (-1); the control's are wrong for one class and constant otherwise.
    private static FoldOutcome[] Folds(FeatureSet features, string emotion, double right, double reduced) => [.. Enumerable.Range(0, 2).Select(fold =>
    {
        int[] clips = [.. Enumerable.Range(0, features.Clips).Where(c => c / (features.Clips / 2) == fold)];
        double[] Logits(double sign) => [.. clips.Select(c => (features.Labels[c] == emotion ? 1 : -1) * sign)];
        double[] half = [.. clips.Select((c, i) => features.Labels[c] == emotion ? 0 : features.Labels[c] == "neutral" ? 0.0 : 1)];
        return new FoldOutcome
        {
            Emotion = emotion,
            Fold = fold,
            Clips = clips,
            Relevance = [],
            Signed = [],
            Absolute = [],
            Nulls = [],
            TimeMap = [],
            SignedTimeMap = [],
            RelativeGap = 0,
            Stages =
            [
                new StageOutcome { Kept = [], Logits = Logits(right), TrainSeconds = 0, Controls = [] },
                new StageOutcome { Kept = [], Logits = Logits(reduced), TrainSeconds = 0, Controls = new() { ["random"] = [half] } },
            ],
            Chosen = 1,
            InnerLosses = [],
            ControlHeads = [],
        };
    })];

    private static FeatureSet Features(int people, int each)
    {
        string[] labels = ["joy", "fear", "neutral"];
        int clips = people * each;
        return new()
        {
            Time = 1,
            Points = 68,
            Dimensions = 2,
            Values = ClipRows.From(new float[clips * 136], 136),
            Names = [.. Enumerable.Range(0, clips).Select(i => $"c{i}")],
            Labels = [.. Enumerable.Range(0, clips).Select(i => labels[i % 3])],
            Subjects = [.. Enumerable.Range(0, clips).Select(i => $"p{i / each}")],
            Skipped = [],
        };
    }
}
