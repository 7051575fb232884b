using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Landmarks.Report;

/// <summary>What a comparison lets one say.</summary>
public enum Verdict
{
    /// <summary>Neither side was shown to be better.</summary>
    Open,

    /// <summary>The landmarks kept do better.</summary>
    Better,

    /// <summary>The landmarks kept do worse.</summary>
    Worse,

    /// <summary>The landmarks kept were shown not to lose the margin of the run or more.</summary>
    NoWorse,

    /// <summary>The results hold no test.</summary>
    Untested,
}

/// <summary>The landmarks kept beside all, or beside as many that a control keeps: the same people, the same number of landmarks.</summary>
/// <param name="Against"><c>all</c> or a control's name.</param>
/// <param name="Kept">The AUC of the landmarks kept: within people where there is a test, else of all clips pooled.</param>
/// <param name="Other">That of the others; over random draws, the mean.</param>
/// <param name="Test">The paired test; null where the results hold none.</param>
public sealed record Comparison(string Against, double Kept, double Other, PairedDifference? Test)
{
    /// <summary>The level of the tests, after the correction for several.</summary>
    public const double Level = 0.05;

    /// <summary>Positive where the landmarks kept do better.</summary>
    public double Difference => Test?.Difference ?? Kept - Other;

    /// <summary>What it is made with, in words.</summary>
    public string Words => Against switch
    {
        Leads.All => "all landmarks",
        "random" => "random landmarks",
        "motion" => "the landmarks that move most",
        "fisher" => "the best by Fisher score",
        "fisher-mrmr" => "the best by Fisher score without redundancy",
        "untrained" => "those of untrained networks",
        "spread" => "landmarks spread over the face",
        "swap" => "those of other emotions",
        "lowest" => "the lowest-ranked",
        _ => $"those of '{Against}'",
    };

    /// <summary>What it lets one say.</summary>
    public Verdict Verdict => Test switch
    {
        null => Verdict.Untested,
        { PCorrected: <= Level, Difference: > 0 } => Verdict.Better,
        { NotWorse: <= Level } => Verdict.NoWorse,
        { PCorrected: <= Level, Difference: < 0 } => Verdict.Worse,
        _ => Verdict.Open,
    };

    internal static IEnumerable<Comparison> Of(EmotionView view, int schema)
    {
        // Where all landmarks are kept there is nothing to compare.
        if (view.Kept == view.All) yield break;
        yield return Pair(Leads.All, view.All.Auc);
        foreach ((string control, ControlResult scores) in view.Kept.Controls) yield return Pair(control, scores.Auc);

        Comparison Pair(string against, double auc)
        {
            // Before schema 3, "all" compared each fold at its own K*, and the measure was another.
            PairedDifference? test = schema < 3 ? null : view.Result.Differences.FirstOrDefault(d => d.Against == against);
            return test is null ? new Comparison(against, view.Kept.Auc, auc, null) : new Comparison(against, test.Auc, test.AucAgainst, test);
        }
    }
}
