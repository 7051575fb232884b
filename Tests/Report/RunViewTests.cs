using System.Text.Json;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using Xunit;

namespace EmotionXai.Tests.Report;

/// <summary>What is kept, and what may be said of it.</summary>
public sealed class RunViewTests
{
    public static TheoryData<double, double, double, Verdict> Verdicts => new()
    {
        // Difference, corrected p, p of a loss of the margin. One with p = 0.16 is not "better", whatever its sign.
        { 0.02, 0.01, 0.01, Verdict.Better },
        { 0.02, 0.16, 0.01, Verdict.NoWorse },
        { 0.02, 0.16, 0.06, Verdict.Open },
        { -0.03, 0.01, 0.9, Verdict.Worse },
        { -0.005, 0.01, 0.01, Verdict.NoWorse },
        { -0.002, 0.6, 0.06, Verdict.Open },
        { 0.02, double.NaN, double.NaN, Verdict.Open },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void A_verdict_is_what_the_corrected_tests_allow(double difference, double p, double notWorse, Verdict expected)
    {
        EmotionView view = With(new PairedDifference("all", difference, [difference - 0.01, difference + 0.01], 1, p / 2, p) { Auc = 0.9, AucAgainst = 0.9 - difference, NotWorse = notWorse });
        Assert.Equal(expected, view.Against("all")!.Verdict);
        string said = view.Sentences[1];
        Assert.Equal(expected == Verdict.Better, said.Contains(": better", StringComparison.Ordinal));
        Assert.Equal(expected == Verdict.Worse, said.Contains(": worse", StringComparison.Ordinal));
        Assert.Equal(expected == Verdict.NoWorse, said.Contains("shown not to lose 0.01 or more", StringComparison.Ordinal));
    }

    [Fact]
    public void Against_a_control_there_is_no_margin()
    {
        EmotionView view = With(new PairedDifference("random", 0.001, [-0.004, 0.006], 1, 0.4, 0.4), new PairedDifference("motion", -0.03, [-0.05, -0.01], -3, 0.001, 0.002));
        Assert.Equal((Verdict.Open, Verdict.Worse), (view.Against("random")!.Verdict, view.Against("motion")!.Verdict));
        Assert.DoesNotContain("better", view.Sentences[^1], StringComparison.Ordinal);
        Assert.Contains("worse than the landmarks that move most", view.Sentences[^1], StringComparison.Ordinal);
        Assert.Contains("Not shown to differ from random landmarks", view.Sentences[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_run_counts_what_was_shown_and_names_every_rival()
    {
        RunView run = new(Runs.Of("ibug68"));
        Assert.Equal("For 2 emotions, 17 of 68 landmarks are kept.", run.Sentences[0]);
        Assert.StartsWith("Each fold at its own number, they are as good as all landmarks, within the margin: mean within-person AUC 0.940 against 0.943, difference \u22120.003 [", run.Sentences[1], StringComparison.Ordinal);
        Assert.Equal("Emotion by emotion, beside as many others, they were shown to do better than random landmarks for 2 of 2; not shown to differ from the landmarks that move most.", run.Sentences[2]);
    }

    // Of the 68 points twelve are eyes and five rigid, two of which are corners of the eyes.
    [Theory]
    [InlineData("FirstFrame", "displacement,steadied", 3, 17, " In all 17 have to be measured: 12 align the face and 5 steady it.")]
    [InlineData("FirstFrame", "displacement", 3, 14, " In all 14 have to be measured: 12 align the face.")]
    [InlineData("Procrustes", "displacement", 3, 68, " In all 68 have to be measured: 68 align the face.")]
    [InlineData("Rigid", "positions", 3, 11, " In all 11 have to be measured: 9 align the face.")]
    [InlineData("None", "positions", 3, 3, "")]
    public void Landmarks_that_align_and_steady_are_counted(string align, string features, int kept, int needed, string words)
    {
        ReductionResult result = Runs.Of("ibug68");
        result = result with { Options = new Dictionary<string, object>(result.Options) { ["align"] = align, ["features"] = features } };
        RunView run = new(result);
        NeededLandmarks own = run.Emotions[0].Needed;

        // Two lips, and a corner of an eye that is rigid too.
        int[] some = [39, 48, 54];
        Assert.Equal(kept, some.Length);
        Assert.Equal(needed, own.With(some).Count);
        Assert.Equal(words.Trim(), own.Words(some));
        Assert.Contains(own.Words(run.Emotions[0].Landmarks), run.Emotions[0].Sentences[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "16", " In all 11 have to be measured: 9 align the face.")]
    [InlineData(1, "1", " In all 11 have to be measured: 9 align the face and 5 steady it.")]
    [InlineData(16, "16", " In all 11 have to be measured: 9 align the face and 5 steady it.")]
    public void Nothing_steadies_a_picture(int moments, string frames, string words)
    {
        ReductionResult result = Runs.Of("ibug68");
        result = result with
        {
            Options = new Dictionary<string, object>(result.Options) { ["align"] = "Rigid", ["features"] = "displacement,steadied,fourier", ["frames"] = frames },
            Emotions = [.. result.Emotions.Select(e => e with { TimeProfile = new double[moments] })],
        };
        Assert.Equal(words.Trim(), new RunView(result).Emotions[0].Needed.Words([39, 48, 54]));
    }

    [Fact]
    public void Kept_is_what_the_saved_model_keeps_and_everything_stands_at_that_number()
    {
        ReductionResult result = Runs.Of("ibug68");
        EmotionView view = new RunView(result).Emotions[0];
        Assert.Equal(result.Emotions[0].Saved, view.Landmarks);
        Assert.True(view.IsSavedKnown);
        Assert.All(view.Comparisons, c => Assert.Equal((view.Kept.Landmarks, 0.9312), (c.Test!.Landmarks, c.Kept)));
        Assert.Equal(view.Landmarks.Average(l => view.Kept.KeptByFolds[l]) / 4, view.Agreement);

        // Elsewhere: what most folds keep.
        StageResult last = view.Result.Stages[^1];
        Assert.Equal(last.Landmarks, view.LandmarksAt(last).Count);
        Assert.Equal(view.Result.Ranking.OrderByDescending(r => last.KeptByFolds[r.Landmark]).Take(last.Landmarks).Select(r => r.Landmark).Order(), view.LandmarksAt(last));
    }

    [Fact]
    public void Results_of_an_earlier_version_say_what_they_cannot_tell()
    {
        ReductionResult old = Runs.Of("ibug68");
        EmotionResult e = old.Emotions[0] with { Saved = [], Differences = [new("all", 0.01, [0.001, 0.02], 2, 0.01, 0.02)] };
        EmotionView view = new RunView(old with { Schema = 2, Primary = null, Emotions = [e] }).Emotions[0];
        Assert.False(view.IsSavedKnown);
        Assert.Contains("do not tell", view.Sentences[0], StringComparison.Ordinal);

        // Their "all" compared each fold at its own K* with all landmarks: not this.
        Assert.Equal(Verdict.Untested, view.Against("all")!.Verdict);
        Assert.NotEmpty(view.Kept.Controls);
        Assert.All(view.Kept.Controls, c => Assert.Equal((view.Kept.Auc, c.Value.Auc), (view.Against(c.Key)!.Kept, view.Against(c.Key)!.Other)));
    }

    [Fact]
    public void A_number_that_is_not_known_is_null_in_results()
    {
        ReductionResult result = Runs.Of("ibug68");
        ReductionResult unknown = result with { Emotions = [result.Emotions[0] with { RelativeGap = double.NaN }] };
        string json = JsonSerializer.Serialize(unknown, ResultJson.Default.ReductionResult);
        Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
        Assert.Contains("\"relative_gap\": null", json, StringComparison.Ordinal);
        Assert.Equal(double.NaN, JsonSerializer.Deserialize(json, ResultJson.Default.ReductionResult)!.Emotions[0].RelativeGap);
    }

    [Fact]
    public void Damaged_results_are_refused()
    {
        ReductionResult result = Runs.Of("ibug68");
        EmotionResult e = result.Emotions[0];
        foreach (EmotionResult wrong in new[] { e with { Stages = [] }, e with { Stages = [e.Stages[0]] }, e with { Saved = [68] } })
            Assert.Throws<InvalidDataException>(() => new RunView(result with { Emotions = [wrong] }));
        Assert.Empty(new RunView(result with { Emotions = [] }).Emotions);
    }

    private static EmotionView With(params PairedDifference[] differences)
    {
        ReductionResult result = Runs.Of("ibug68");
        return new RunView(result with { Emotions = [result.Emotions[0] with { Differences = differences }] }).Emotions[0];
    }
}
