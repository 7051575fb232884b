using System.CommandLine;

namespace EmotionXai.Cli.Help;

/// <summary>
/// Under which heading help shows an option, and which options it leaves to <c>--help-all</c>: those that few people change, which
/// verbs with <c>--set</c> and <c>--config</c> take from there too.
/// </summary>
internal static class OptionGroups
{
    /// <summary>What help calls the rest.</summary>
    public const string Rest = "The rest (also by --set NAME=VALUE, or in a --config file)";

    private const string Data = "Data", Question = "Question", Network = "Network", Results = "Results", Machine = "Machine";

    private static readonly string[] s_order = [Data, Question, Network, Results, Machine];

    private static readonly Dictionary<string, string> s_shown = new(StringComparer.Ordinal)
    {
        ["--data"] = Data,
        ["--labels"] = Data,
        ["--label"] = Data,
        ["--without"] = Data,
        ["--emotion"] = Question,
        ["--features"] = Question,
        ["--select"] = Question,
        ["--keep"] = Question,
        ["--by"] = Question,
        ["--controls"] = Question,
        ["--null"] = Question,
        ["--regions"] = Question,
        ["--folds"] = Question,
        ["--landmarks"] = Question,
        ["--network"] = Network,
        ["--hidden"] = Network,
        ["--ensemble"] = Network,
        ["--epochs"] = Network,
        ["--out"] = Results,
        ["--force"] = Results,
        ["--overlay"] = Results,
        ["--json"] = Results,
        ["--quiet"] = Results,
        ["--seed"] = Machine,
        ["--threads"] = Machine,
        ["--device"] = Machine,
        ["--config"] = Machine,
        ["--set"] = Machine,
    };

    private static readonly HashSet<string> s_rest = new(StringComparer.Ordinal)
    {
        "--format", "--subjects", "--trace", "--face-models", "--min-sure", "--smooth", "--no-cache", "--frames", "--align", "--min-confidence", "--depth",
        "--activation", "--pooling", "--dropout", "--normalize", "--batch-size", "--learning-rate", "--optimizer", "--schedule", "--weight-decay", "--clip-norm", "--positive-weight",
        "--freeze", "--input-scale", "--spectral-radius", "--sparsity", "--direct", "--ridge", "--quadrature", "--steps", "--tolerance",
        "--inner-folds", "--baseline", "--ranking-seeds", "--inner-ranking-seeds", "--margin", "--rerank", "--patches", "--inside-regions", "--stability", "--symmetric", "--bootstrap-samples",
        "--math", "--profile", "--shard", "--merge", "--memory", "--patience", "--window",
    };

    /// <summary>The options of a verb under their headings, in the order in which help shows them.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="all">Whether to show the rest too.</param>
    public static IEnumerable<(string Heading, IReadOnlyList<Option> Options)> Of(Command command, bool all)
    {
        Option[] options = [.. command.Options.Where(o => !o.Hidden && o.Name != "--help")];
        Option[] rest = [.. options.Where(o => IsRest(command, o))];
        foreach (IGrouping<string, Option> group in options.Except(rest).GroupBy(o => s_shown.GetValueOrDefault(o.Name, Question)).OrderBy(g => Array.IndexOf(s_order, g.Key)))
            yield return (group.Key, [.. group]);
        if (all && rest.Length > 0) yield return (Rest, rest);
    }

    /// <summary>Whether a verb has options that only <c>--help-all</c> shows.</summary>
    public static bool HasRest(Command command) => command.Options.Any(o => IsRest(command, o));

    private static bool IsRest(Command command, Option option) => s_rest.Contains(option.Name) && command.Options.Any(o => o.Name == "--set");
}
