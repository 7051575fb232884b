using EmotionXai.Engine.Backends;
using EmotionXai.Landmarks.Reduction;
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
        [.. new[] { RelevanceScore.Abs, RelevanceScore.Gain }.Select(score => new SelectionRow(
            score == RelevanceScore.Abs ? Paper : "gain",
            (data, topology, backend, seed) => NetworkOf(options with { Relevance = score }, topology, backend, cancellation).Rank(data, data.All, options.RankingSeeds, seed).Order))];

    /// <summary>The name of the rule under test.</summary>
    public static string DefaultOf(ReductionOptions options) => Paper;

    /// <summary>What trains and ranks.</summary>
    public static Network NetworkOf(ReductionOptions options, LandmarkTopology topology, IBackend backend, CancellationToken cancellation) =>
        new(backend, options, KeepRule.Of(options, topology), new WorkWatch("", 0, 1, (_, _) => { }), cancellation);
}
