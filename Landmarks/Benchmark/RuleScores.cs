using EmotionXai.Landmarks.Statistics;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>How a rule did in a group of cases, at one number of landmarks.</summary>
public sealed record RuleScore
{
    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Landmarks to keep.</summary>
    public required int Keep { get; init; }

    /// <summary>Cases.</summary>
    public required int Cases { get; init; }

    /// <summary>New people.</summary>
    public required int People { get; init; }

    /// <summary>The mean AUC within a new person's clips.</summary>
    public required double Auc { get; init; }

    /// <summary>The oracle's AUC less the rule's; null where there is no oracle.</summary>
    public Estimate? Regret { get; init; }

    /// <summary>The rule's AUC less that of all landmarks.</summary>
    public required Estimate Gain { get; init; }

    /// <summary>The same, of balanced accuracies.</summary>
    public required double AccuracyGain { get; init; }

    /// <summary>The share of action units covered; null where unknown.</summary>
    public double? Coverage { get; init; }

    /// <summary>The share of evidence among the kept; null where unknown.</summary>
    public double? Precision { get; init; }

    /// <summary>The share of clean landmarks among the kept; null where unknown.</summary>
    public double? Clean { get; init; }
}

/// <summary>A mean over people and its 95% interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">Its upper end.</param>
public sealed record Estimate(double Mean, double Low, double High);

/// <summary>Scores from outcomes. A person whom several cases show counts once, by the mean over them.</summary>
internal sealed class RuleScores(IReadOnlyList<RuleOutcome> outcomes, int samples, ulong seed)
{
    private readonly ILookup<(string Group, string Rule, int Keep), RuleOutcome> _of = outcomes.ToLookup(o => (o.Task.Group, o.Rule, o.Keep));

    /// <summary>Every group, rule and number of landmarks.</summary>
    public RuleScore[] All() => [.. _of.Select(g => Score(g.Key.Group, g.Key.Rule, g.Key.Keep, [.. g]))];

    /// <summary>Whether a rule was run.</summary>
    public bool Has(string rule) => outcomes.Any(o => o.Rule == rule);

    /// <summary>The mean difference of two rules' AUC over some groups and numbers of landmarks.</summary>
    public Estimate Difference(IEnumerable<string> groups, string first, string second, params int[] keep)
    {
        HashSet<string> wanted = [.. groups];
        return Paired([.. outcomes.Where(o => o.Rule == first && wanted.Contains(o.Task.Group) && keep.Contains(o.Keep))], second);
    }

    /// <summary>The mean over some groups (each counts the same) of an AUC difference.</summary>
    public double MeanOver(IEnumerable<string> groups, string first, string second, params int[] keep) =>
        groups.Where(g => outcomes.Any(o => o.Task.Group == g)).Select(g => Difference([g], first, second, keep).Mean).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The mean of a share over a group.</summary>
    public double Mean(string group, string rule, int keep, Func<RuleOutcome, double> value) => _of[(group, rule, keep)].Select(value).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    private RuleScore Score(string group, string rule, int keep, RuleOutcome[] cases) => new()
    {
        Group = group,
        Rule = rule,
        Keep = keep,
        Cases = cases.Length,
        People = People(cases).Distinct().Count(),
        Auc = cases.Average(c => c.Auc.Where(double.IsFinite).Average()),
        Regret = _of.Contains((group, BenchmarkRules.Oracle, keep)) ? Negative(Paired(cases, BenchmarkRules.Oracle)) : null,
        Gain = Paired(cases, BenchmarkRules.All),
        AccuracyGain = cases.Average(c => c.Accuracy - Other(c, BenchmarkRules.All).Accuracy),
        Coverage = Known(cases, c => c.Coverage),
        Precision = Known(cases, c => c.Precision),
        Clean = Known(cases, c => c.Clean),
    };

    private static double? Known(RuleOutcome[] cases, Func<RuleOutcome, double> value) => cases.Select(value).Where(double.IsFinite).ToArray() is { Length: > 0 } known ? known.Average() : null;

    private static Estimate Negative(Estimate e) => new(-e.Mean, -e.High, -e.Low);

    private RuleOutcome Other(RuleOutcome outcome, string rule) => _of[(outcome.Task.Group, rule, outcome.Keep)].Single(o => ReferenceEquals(o.Task, outcome.Task));

    private Estimate Paired(RuleOutcome[] cases, string against)
    {
        double[] differences = [.. cases
            .SelectMany(c => People([c]).Zip(c.Auc.Zip(Other(c, against).Auc, (a, b) => a - b), (person, d) => (person, d)))
            .Where(d => double.IsFinite(d.d))
            .GroupBy(d => d.person, StringComparer.Ordinal)
            .Select(g => g.Average(d => d.d))];
        if (differences.Length == 0) return new Estimate(double.NaN, double.NaN, double.NaN);
        double[] interval = Bootstrap.Mean(differences, samples, seed);
        return new Estimate(differences.Average(), interval[0], interval[1]);
    }

    // New people of a graded case are made from its seed; those of real clips are the same in every case.
    private static IEnumerable<string> People(RuleOutcome[] cases) => cases.SelectMany(c =>
    {
        IEnumerable<string> names = c.Task.Folds.SelectMany(f => f.Test).Select(i => c.Task.Features.Subjects[i]).Distinct().Order(StringComparer.Ordinal);
        return c.Task.Folds.Count == 1 ? names.Select(n => $"{c.Task.Seed}/{c.Task.Group}/{n}") : names;
    });
}
