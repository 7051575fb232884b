using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Selection;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>A rule that the program offers: from the training clips of a fold to all landmarks, the first to keep first.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Order">Chooses.</param>
internal sealed record SelectionRow(string Name, Func<RuleGround, int[]> Order)
{
    /// <summary>The paper's rule: mean |IG|, ranked once.</summary>
    public const string Paper = "paper";

    /// <summary>Forward selection by the loss on people left out.</summary>
    public const string Forward = "forward";

    /// <summary>Every rule there is.</summary>
    public static IReadOnlyList<SelectionRow> All { get; } = [.. Enum.GetValues<SelectionRule>().Select(rule => new SelectionRow(NameOf(rule), ground => ground.Order(rule)))];

    private static string NameOf(SelectionRule rule) => rule.ToString().ToLowerInvariant();

    /// <summary>The name of the rule under test.</summary>
    public static string DefaultOf(ReductionOptions options) => NameOf(options.Select);
}
