using EmotionXai.Engine.Layers;
using EmotionXai.Landmarks.Benchmark;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Selection;
using EmotionXai.Landmarks.Synthesis.Graded;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Benchmark;

/// <summary>The benchmark measures what it says, and fails where a rule is bad.</summary>
public sealed class SelectionBenchmarkTests
{
    private static readonly ReductionOptions s_options = new()
    {
        Model = new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [64], Activation = Activation.Tanh },
        Preprocessing = new PreprocessingOptions { Frames = 8 },
        RankingSeeds = 1,
        BootstrapSamples = 200,
    };

    /// <summary>A rule that knows the truth has no regret, and one that keeps what says nothing has as much as chance; both by the same code as every other rule.</summary>
    [Fact]
    public void A_perfect_rule_has_no_regret_and_a_blind_one_all_of_it()
    {
        GradedCase made = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Redundant, People = 20, Clips = 4, Frames = 12 });
        BenchmarkTask task = BenchmarkTask.Of("redundant", made, new Preprocessor(s_options.Preprocessing).Apply(made.Set), [3], 1);
        int[] oracle = made.Truth.Oracle(3);
        SelectionRow Keeps(string name, IEnumerable<int> first) => new(name, ground => [.. first.Concat(ground.Data.All).Distinct()]);
        SelectionRow perfect = Keeps("perfect", oracle), blind = Keeps("blind", Enumerable.Range(0, 68).Where(i => !made.Truth.Evidence[i])), copies = Keeps("copies", made.Truth.Units[0]);
        IReadOnlyList<RuleOutcome> outcomes = Run(task, [perfect, blind, copies]);
        RuleScores scores = new(outcomes, 200, 1);
        RuleScore Of(string rule) => scores.All().Single(s => s.Rule == rule);

        Assert.Equal(0, Of("perfect").Regret!.Mean);
        Assert.Equal(1, Of("perfect").Coverage);
        Assert.Equal(1, Of("perfect").Precision);
        Assert.Equal(60, Of("perfect").People);
        Assert.True(Of("blind").Regret!.Low > 0.1, $"{Of("blind").Regret}");
        Assert.Equal(0, Of("blind").Coverage);
        Assert.Equal(0, Of("blind").Precision);
        Assert.Equal(1, Of("copies").Precision);
        Assert.Equal(1 / 3.0, Of("copies").Coverage!.Value, 1e-12);
        Assert.True(Of("copies").Regret!.Mean > 0.03, $"{Of("copies").Regret}");
        Assert.All([BenchmarkRules.All, BenchmarkRules.Oracle, BenchmarkRules.Fisher, BenchmarkRules.Untrained, BenchmarkRules.Random], row => Of(row));
        Assert.Equal(0, Of(BenchmarkRules.All).Gain.Mean);
        Assert.Null(Of("perfect").Clean);

        IReadOnlySet<string> groups = new HashSet<string> { "redundant" };
        RuleScores four = new([.. outcomes.Select(o => o with { Keep = 4 }), .. outcomes.Select(o => o with { Keep = 4, Rule = o.Rule == "blind" ? SelectionRow.Paper : "-" })], 200, 1);
        Assert.True(Bar(four, "perfect", "regret"));
        Assert.False(Bar(four, "blind", "regret"));
        Assert.True(Bar(four, "perfect", "above random"));
        Assert.False(Bar(four, "blind", "above random"));
        Assert.True(Bar(four, "perfect", "the benchmark can tell"));

        bool? Bar(RuleScores of, string rule, string name) => Criteria.Judge(of, groups, rule, null, null).Single(c => c.Name == name).Passed;
    }

    /// <summary>Rules share what they have in common: each keeps what it would keep alone, asked for a whole order.</summary>
    [Theory]
    [InlineData(SelectionRule.Explained)]
    [InlineData(SelectionRule.Forward)]
    [InlineData(SelectionRule.Aligned)]
    [InlineData(SelectionRule.Pursuit)]
    [InlineData(SelectionRule.Lasso)]
    [InlineData(SelectionRule.Gain)]
    [InlineData(SelectionRule.Paper)]
    public void A_rule_among_others_keeps_what_it_keeps_alone(SelectionRule rule)
    {
        using EmotionXai.Engine.Backends.Cpu.CpuBackend backend = new(1);
        GradedCase made = GradedFaces.Generate(new GradedOptions { People = 8, Clips = 2, NewPeople = 4, Frames = 8 });
        BenchmarkTask task = BenchmarkTask.Of("plain", made, new Preprocessor(s_options.Preprocessing).Apply(made.Set), [4, 8], 1);
        FoldData data = new(task.Features, task.Emotion, [.. task.Folds[0].Train], [.. task.Folds[0].Test]);
        RuleGround ground = new(data, task, s_options, backend, TestContext.Current.CancellationToken);
        foreach (SelectionRow other in SelectionRow.All) other.Order(ground);
        Network alone = RuleGround.NetworkOf(s_options with { Select = rule }, task.Topology, backend, TestContext.Current.CancellationToken);
        int[] order = alone.Select(data, task.Seed)?.Order ?? alone.Rank(data, data.All, s_options.RankingSeeds, task.Seed).Order;
        Assert.Equal(order[..8], ground.Order(rule)[..8]);
        Assert.Equal(alone.TrainAndTest(data, data.All, task.Seed).Logits, ground.Logits(data.All));
    }

    /// <summary>Clean landmarks are counted, and a rule that keeps spoilt ones misses the bar.</summary>
    [Fact]
    public void Spoilt_landmarks_are_counted()
    {
        GradedCase made = GradedFaces.Generate(new GradedOptions { People = 6, Clips = 2, NewPeople = 4, Frames = 6 });
        (EmotionXai.Landmarks.Sequences.LandmarkSet set, bool[] clean) = SpoiltPoints.Spoil(made.Set, Spoiling.Jitter, 2, 20, 1);
        string group = BenchmarkGrid.Spoilt[0].Group;
        BenchmarkTask task = BenchmarkTask.Of(group, made with { Set = set }, new Preprocessor(s_options.Preprocessing).Apply(set), [8, 17], 1) with { Clean = clean, Truth = null };
        SelectionRow spoilt = new("spoilt", ground => [.. ground.Data.All.OrderBy(i => clean[i])]);
        IReadOnlyList<RuleOutcome> outcomes = Run(task, [spoilt]);
        RuleScores scores = new(outcomes, 200, 1);
        Assert.Equal(0, scores.Mean(group, "spoilt", 8, o => o.Clean));
        Assert.Equal(1, scores.Mean(group, BenchmarkRules.Clean, 8, o => o.Clean));
        Criterion bar = Criteria.Judge(scores, new HashSet<string> { group }, "spoilt", null, null).Single(c => c.Name.EndsWith(group, StringComparison.Ordinal));
        Assert.False(bar.Passed);
        Assert.Contains("clean share 0.00", bar.Measured, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, true, true)]
    [InlineData(2, 1, 2, true, true)]
    [InlineData(3, 0, 3, false, false)]
    [InlineData(0, 3, 0, false, true)]
    public void What_is_found_where_nothing_is_fails(int above, int better, int landmarks, bool nothing, bool discoveries)
    {
        IReadOnlyList<Criterion> criteria = Criteria.Judge(new RuleScores([], 200, 1), new HashSet<string>(), SelectionRow.Paper, new NothingFound(40, above, better, landmarks), null);
        Assert.Equal(nothing, criteria.Single(c => c.Name == "nothing where nothing is").Passed);
        Assert.Equal(discoveries, criteria.Single(c => c.Name == "false discoveries").Passed);
        Assert.All(criteria.Where(c => c.Measured == "not run"), c => Assert.Null(c.Passed));
    }

    /// <summary>Labels that mean nothing are drawn as such: a reduction of them is a function of its seed, and most find nothing.</summary>
    [Fact]
    public void A_reduction_of_nothing_finds_nothing()
    {
        using EmotionXai.Engine.Backends.Cpu.CpuBackend backend = new(1);
        ReductionOptions small = s_options with { Model = s_options.Model with { Hidden = [16] }, Preprocessing = new PreprocessingOptions { Frames = 4 } };
        (bool Above, bool Better, bool Landmark)[] runs = [.. Enumerable.Range(1, 3).Select(seed => NothingRuns.Run(small, (ulong)seed, backend, TestContext.Current.CancellationToken))];
        Assert.InRange(runs.Count(r => r.Above || r.Better), 0, 1);
        Assert.Equal(runs[0], NothingRuns.Run(small, 1, backend, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_grid_is_the_protocols()
    {
        Assert.Equal((7 * 3) + 1, BenchmarkGrid.Graded(new BenchmarkOptions { Quick = true }).Count());
        Assert.Equal((7 * 4 * 3 * 3) + (3 * 2), BenchmarkGrid.Graded(new BenchmarkOptions()).Count());
        Assert.Empty(BenchmarkGrid.RealCases(new BenchmarkOptions()));
        BenchmarkTask first = BenchmarkGrid.Graded(new BenchmarkOptions { Quick = true, Reduction = s_options }).First()().Single();
        Assert.Equal(("plain", LandmarkTopology.Ibug68, 1101UL), (first.Group, first.Topology, first.Seed));
        Assert.Equal([4, 8, 17], first.Keep);
        Assert.DoesNotContain(first.Folds[0].Train, i => GradedCase.IsNew(first.Features.Subjects[i]));
        Assert.All(first.Folds[0].Test, i => Assert.True(GradedCase.IsNew(first.Features.Subjects[i])));
    }

    /// <summary>The page is whole, the table has a row a score, and the numbers are the same.</summary>
    [Fact]
    public void Page_and_table_hold_every_score()
    {
        using TemporaryFolder folder = new();
        RuleScore score = new() { Group = "a <b>", Rule = "x,y", Keep = 8, Cases = 1, People = 2, Auc = 0.75, Gain = new Estimate(0.1, double.NaN, 0.2), AccuracyGain = -0.5, Clean = 0.25 };
        BenchmarkResult result = new()
        {
            Quick = true,
            Rule = "x,y",
            Criteria = [new Criterion("n", "bar <", "m", false), new Criterion("o", "bar", "m", null)],
            Scores = [score],
            Options = new Dictionary<string, object>(),
            Seconds = 1,
        };
        BenchmarkFiles.Write(folder.Path, result);
        string page = File.ReadAllText(folder[BenchmarkFiles.Page]);
        _ = System.Xml.Linq.XDocument.Parse(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.Contains("a &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("0 bars met, 1 missed, 1 not run", page, StringComparison.Ordinal);
        string[] rows = File.ReadAllLines(folder[BenchmarkFiles.Table]);
        Assert.Equal(2, rows.Length);
        Assert.Equal("a <b>,\"x,y\",8,1,2,0.75,,,,0.1,,0.2,-0.5,,,0.25", rows[1]);
        Assert.Equal(16, rows[0].Split(',').Length);
        Assert.Contains("\"auc\": 0.75", File.ReadAllText(folder[BenchmarkFiles.Numbers]), StringComparison.Ordinal);
        Assert.False(result.Passed);
    }

    private static IReadOnlyList<RuleOutcome> Run(BenchmarkTask task, IReadOnlyList<SelectionRow> rules)
    {
        using EmotionXai.Engine.Backends.Cpu.CpuBackend backend = new(1);
        return new TaskRun(task, s_options, rules, TestContext.Current.CancellationToken).Run(backend);
    }
}
