using System.Globalization;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Synthesis.Graded;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>The bars of docs/protocol.md. They are changed there first, and only before a run.</summary>
internal static class Criteria
{
    private const double NoiseGain = 0.012, CleanShare = 0.85, NothingShare = 0.05, DiscoveryExcess = 0.02, Nominal = 0.05, Level = 0.005, Tells = 0.05;

    private static readonly string[] s_forwardGroups = [BenchmarkGrid.NameOf(GradedKind.Plain), BenchmarkGrid.NameOf(GradedKind.Noise), BenchmarkGrid.NameOf(GradedKind.Redundant), BenchmarkGrid.Mesh];

    /// <summary>All criteria; those of parts that did not run are not measured.</summary>
    public static IReadOnlyList<Criterion> Judge(RuleScores scores, IReadOnlySet<string> groups, string rule, NothingFound? nothing, ReductionResult? byDefault) =>
    [
        Bench(scores, groups),
        Regret(scores, groups, rule),
        Forward(scores, groups, rule),
        AboveRandom(scores, groups, rule),
        .. BenchmarkGrid.Spoilt.Select(s => Spoilt(scores, groups, s.Group, rule)),
        Spiked(scores, groups, rule),
        Nothing(nothing),
        Discoveries(nothing),
        Default(byDefault),
    ];

    private static string[] Graded(IReadOnlySet<string> groups) => [.. BenchmarkGrid.GradedGroups.Where(groups.Contains)];

    private static Criterion Bench(RuleScores scores, IReadOnlySet<string> groups)
    {
        const string Name = "the benchmark can tell", Bar = "in every graded group the oracle is above random landmarks by 0.05 mean AUC, 4 and 8 kept";
        string[] graded = Graded(groups);
        if (graded.Length == 0) return new Criterion(Name, Bar, "not run", null);
        (string group, double lead) = graded.Select(g => (g, scores.Difference([g], BenchmarkRules.Oracle, BenchmarkRules.Random, 4, 8).Mean)).MinBy(g => g.Mean);
        return new Criterion(Name, Bar, $"least in {group}: {Signed(lead)}", lead >= Tells);
    }

    private static Criterion Regret(RuleScores scores, IReadOnlySet<string> groups, string rule)
    {
        const string Name = "regret", Bar = "over the graded groups, 4 and 8 kept: the default's regret to the oracle is at most half that of mean |IG|";
        string[] graded = Graded(groups);
        if (graded.Length == 0) return new Criterion(Name, Bar, "not run", null);
        double own = scores.MeanOver(graded, BenchmarkRules.Oracle, rule, 4, 8), paper = scores.MeanOver(graded, BenchmarkRules.Oracle, SelectionRow.Paper, 4, 8);
        return new Criterion(Name, Bar, $"{Signed(own)} against {Signed(paper)}", own <= 0.5 * paper);
    }

    private static Criterion Forward(RuleScores scores, IReadOnlySet<string> groups, string rule)
    {
        const string Name = "level with forward", Bar = "plain, noise, redundant and mesh, each for itself, 4 and 8 kept: the default's AUC is no more than 0.005 below that of forward selection";
        string[] there = [.. s_forwardGroups.Where(groups.Contains)];
        if (there.Length == 0 || !scores.Has(SelectionRow.Forward)) return new Criterion(Name, Bar, "not run", null);
        Estimate[] differences = [.. there.Select(g => scores.Difference([g], rule, SelectionRow.Forward, 4, 8))];
        return new Criterion(Name, Bar, string.Join("; ", there.Zip(differences, (g, d) => $"{g} {Interval(d)}")), differences.All(d => d.Mean >= -Level));
    }

    private static Criterion AboveRandom(RuleScores scores, IReadOnlySet<string> groups, string rule)
    {
        const string Name = "above random", Bar = "over the graded groups, 4 and 8 kept: the default's AUC is above that of random landmarks, with an interval above zero";
        string[] graded = Graded(groups);
        if (graded.Length == 0) return new Criterion(Name, Bar, "not run", null);
        Estimate lead = scores.Difference(graded, rule, BenchmarkRules.Random, 4, 8);
        return new Criterion(Name, Bar, Interval(lead), lead.Low > 0);
    }

    private static Criterion Spoilt(RuleScores scores, IReadOnlySet<string> groups, string group, string rule)
    {
        string name = $"spoilt: {group}";
        const string Bar = "8 and 17 kept: above all by 0.012 with an interval above zero, no lower than the clean ones less 0.012; at least 0.85 of the 8 are clean";
        if (!groups.Contains(group)) return new Criterion(name, Bar, "not run", null);
        int[] keep = [8, 17];
        Estimate[] gain = [.. keep.Select(k => scores.Difference([group], rule, BenchmarkRules.All, k))], clean = [.. keep.Select(k => scores.Difference([group], rule, BenchmarkRules.Clean, k))];
        double share = scores.Mean(group, rule, 8, o => o.Clean);
        string measured = string.Create(CultureInfo.InvariantCulture, $"above all {Interval(gain[0])}, {Interval(gain[1])}; less clean {Signed(clean[0].Mean)}, {Signed(clean[1].Mean)}; clean share {share:0.00}");
        return new Criterion(name, Bar, measured, gain.All(g => g.Mean >= NoiseGain && g.Low > 0) && clean.All(c => c.Mean >= -NoiseGain) && share >= CleanShare);
    }

    private static Criterion Spiked(RuleScores scores, IReadOnlySet<string> groups, string rule)
    {
        const string Name = "action units in real clips", Bar = "8 kept: at least as many of the units covered as by mean |IG|, and regret no larger";
        if (!groups.Contains(BenchmarkGrid.Spiked)) return new Criterion(Name, Bar, "not run", null);
        double own = scores.Mean(BenchmarkGrid.Spiked, rule, 8, o => o.Coverage), paper = scores.Mean(BenchmarkGrid.Spiked, SelectionRow.Paper, 8, o => o.Coverage);
        Estimate lead = scores.Difference([BenchmarkGrid.Spiked], rule, SelectionRow.Paper, 8);
        return new Criterion(Name, Bar, string.Create(CultureInfo.InvariantCulture, $"covered {own:0.00} against {paper:0.00}; AUC {Interval(lead)}"), own >= paper && lead.Mean >= 0);
    }

    private static Criterion Nothing(NothingFound? nothing)
    {
        const string Name = "nothing where nothing is", Bar = "in at least 95 % of reductions of labels drawn by lot, K* landmarks are not above chance and not better than all";
        return nothing is null ? new Criterion(Name, Bar, "not run", null)
            : new Criterion(Name, Bar, $"above chance in {nothing.Above}, better than all in {nothing.Better} of {nothing.Runs}", Math.Max(nothing.Above, nothing.Better) <= NothingShare * nothing.Runs);
    }

    private static Criterion Discoveries(NothingFound? nothing)
    {
        const string Name = "false discoveries", Bar = "a landmark is told from its null (corrected, 0.05) in at most 7 % of those reductions";
        return nothing is null ? new Criterion(Name, Bar, "not run", null)
            : new Criterion(Name, Bar, $"{nothing.Landmarks} of {nothing.Runs}", nothing.Landmarks <= (Nominal + DiscoveryExcess) * nothing.Runs);
    }

    private static Criterion Default(ReductionResult? result)
    {
        const string Name = "reduce without data", Bar = "accuracy at K* above that of all landmarks for five of seven emotions or more; the primary figure above zero with its interval; random landmarks below";
        if (result is null) return new Criterion(Name, Bar, "not run", null);
        int above = result.Emotions.Count(e => e.Chosen.BalancedAccuracy > e.Stages[0].BalancedAccuracy);
        double chosen = result.Emotions.Average(e => e.Chosen.BalancedAccuracy), all = result.Emotions.Average(e => e.Stages[0].BalancedAccuracy);
        double random = result.Emotions.Average(e => e.Stages.First(s => s.Landmarks == e.Chosen.Landmarks).Controls["random"].BalancedAccuracy);
        PairedDifference figure = result.Primary!.Figure;
        string measured = string.Create(CultureInfo.InvariantCulture,
            $"{above} of {result.Emotions.Count}; accuracy {chosen:0.000} against {all:0.000}, random {random:0.000}; AUC {Interval(new Estimate(figure.Difference, figure.Ci95[0], figure.Ci95[1]))}; {result.Seconds:0} s");
        return new Criterion(Name, Bar, measured, above >= 5 && chosen > all && figure.Difference > 0 && figure.Ci95[0] > 0 && random < chosen);
    }

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    private static string Interval(Estimate e) => $"{Signed(e.Mean)} [{Signed(e.Low)}, {Signed(e.High)}]";
}
