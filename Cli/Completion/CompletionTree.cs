using System.CommandLine;
using System.CommandLine.Completions;

namespace EmotionXai.Cli.Completion;

/// <summary>A verb as a shell sees it.</summary>
/// <param name="Path">The words that lead to it, such as <c>face-models fetch</c>; empty for the program itself.</param>
/// <param name="Description">What it does.</param>
/// <param name="Verbs">The verbs below it, with what they do.</param>
/// <param name="Options">Its options.</param>
/// <param name="Words">What its arguments may be, where that is a short list.</param>
/// <param name="TakesFiles">Whether it has arguments that are files.</param>
internal sealed record CompletionVerbNode(
    string Path, string Description, IReadOnlyList<(string Name, string Description)> Verbs, IReadOnlyList<CompletionOption> Options, IReadOnlyList<string> Words, bool TakesFiles);

/// <summary>An option as a shell sees it.</summary>
/// <param name="Name">With its hyphens.</param>
/// <param name="Description">What it says.</param>
/// <param name="TakesValue">Whether a value follows.</param>
/// <param name="Words">What the value may be, where that is a short list.</param>
/// <param name="IsFile">Whether the value is a file or folder.</param>
internal sealed record CompletionOption(string Name, string Description, bool TakesValue, IReadOnlyList<string> Words, bool IsFile);

/// <summary>Takes the verbs and options out of the command line's own definition.</summary>
internal static class CompletionTree
{
    /// <summary>The program and all its verbs.</summary>
    public static IReadOnlyList<CompletionVerbNode> Of(RootCommand root)
    {
        Verb.Open(root);
        return [.. Below(root, "", root.Options.Where(o => o.Recursive))];
    }

    private static IEnumerable<CompletionVerbNode> Below(Command command, string path, IEnumerable<Option> inherited)
    {
        Option[] options = [.. command.Options.Concat(inherited).Distinct().Where(o => !o.Hidden)];
        string[] words = [.. command.Arguments.SelectMany(a => Words(a.GetCompletions(CompletionContext.Empty)))];
        yield return new CompletionVerbNode(
            path,
            command.Description ?? "",
            [.. command.Subcommands.Select(c => (c.Name, c.Description ?? ""))],
            [.. options.Select(Describe)],
            words,
            command.Arguments.Count > 0 && words.Length == 0);
        Option[] recursive = [.. options.Where(o => o.Recursive)];
        foreach (CompletionVerbNode node in command.Subcommands.SelectMany(c => Below(c, path.Length == 0 ? c.Name : $"{path} {c.Name}", recursive)))
            yield return node;
    }

    private static CompletionOption Describe(Option option)
    {
        bool takesValue = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && option.ValueType != typeof(void);
        string[] words = takesValue ? [.. Words(option.GetCompletions(CompletionContext.Empty))] : [];
        return new CompletionOption(option.Name, option.Description ?? "", takesValue, words, option.HelpName == Setting.PathName);
    }

    private static IEnumerable<string> Words(IEnumerable<CompletionItem> items) => items.Select(i => i.Label);
}
