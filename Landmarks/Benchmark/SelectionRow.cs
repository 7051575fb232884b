using EmotionXai.Engine.Backends;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Selection;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>A rule that the program offers: from the training clips of a fold to all landmarks, the first to keep first.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Order">Chooses.</param>
internal sealed record SelectionRow(string Name, Func<FoldData, LandmarkTopology, IBackend, ulong, int[]> Order)
{
    /// <summary>The paper's rule: mean |IG|, ranked once.</summary>
    public const string Paper = "paper";

    /// <summary>Forward selection by the loss on people left out.</summary>
    public const string Forward = "forward";

    /// <summary>Every rule there is.</summary>
    public static IReadOnlyList<SelectionRow> AllOf(ReductionOptions options, CancellationToken cancellation) =>
    [
        .. new[] { RelevanceScore.Abs, RelevanceScore.Gain }.Select(score => new SelectionRow(
            score == RelevanceScore.Abs ? Paper : "gain",
            (data, topology, backend, seed) => NetworkOf(options with { Select = SelectionRule.Paper, Relevance = score }, topology, backend, cancellation).Rank(data, data.All, options.RankingSeeds, seed).Order)),
        .. Enum.GetValues<SelectionRule>().Where(r => r != SelectionRule.Paper).Select(rule => new SelectionRow(
            NameOf(rule), (data, topology, backend, seed) => new Selector(options with { Select = rule }, topology, backend).Select(data, seed).Order)),
    ];

    private static string NameOf(SelectionRule rule) => rule.ToString().ToLowerInvariant();

    /// <summary>The name of the rule under test.</summary>
    public static string DefaultOf(ReductionOptions options) => NameOf(options.Select);

    /// <summary>What trains and ranks.</summary>
    public static Network NetworkOf(ReductionOptions options, LandmarkTopology topology, IBackend backend, CancellationToken cancellation) =>
        new(backend, options, KeepRule.Of(options, topology), Selector.Of(options, topology, backend), new WorkWatch("", 0, 1, (_, _) => { }), cancellation);
}
