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
        .. Enum.GetValues<SelectionRule>().Select(rule => options with { Select = rule }).Select(own => new SelectionRow(
            NameOf(own.Select),
            (data, topology, backend, seed) => own.SelectsOnce ? new Selector(own, topology).Select(data, seed).Order : NetworkOf(own, topology, backend, cancellation).Rank(data, data.All, own.RankingSeeds, seed).Order)),
    ];

    private static string NameOf(SelectionRule rule) => rule.ToString().ToLowerInvariant();

    /// <summary>The name of the rule under test.</summary>
    public static string DefaultOf(ReductionOptions options) => NameOf(options.Select);

    /// <summary>What trains and ranks.</summary>
    public static Network NetworkOf(ReductionOptions options, LandmarkTopology topology, IBackend backend, CancellationToken cancellation) =>
        new(backend, options, KeepRule.Of(options, topology), Selector.Of(options, topology), new WorkWatch("", 0, 1, (_, _) => { }), cancellation);
}
