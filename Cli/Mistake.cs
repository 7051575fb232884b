using System.CommandLine;
using System.CommandLine.Parsing;
using EmotionXai.Cli.Help;

namespace EmotionXai.Cli;

/// <summary>What is wrong with a command line, in one line that says what was meant.</summary>
internal static class Mistake
{
    /// <summary>The line, or null where all is well.</summary>
    public static string? In(ParseResult parsed)
    {
        if (parsed.Action is HelpPage) return null;
        Command verb = parsed.CommandResult.Command;

        // A word that fits nowhere is the cause; that something is missing as well follows from it.
        string? stray = SwallowedOption(parsed) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        string? message = stray is not null ? Describe(stray, verb) : parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null;
        return message is null ? null : $"{message} See: emotionxai {Path(parsed.CommandResult)}--help";
    }

    // An option or argument takes a misspelt option for its value, and that option's value is then the stray word; no value begins
    // with two hyphens.
    private static string? SwallowedOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(t => t.Type != TokenType.DoubleDash)
        .FirstOrDefault(t => t.Type == TokenType.Argument && t.Value.Length > 2 && t.Value.StartsWith("--", StringComparison.Ordinal))?.Value;

    private static string Describe(string stray, Command verb)
    {
        bool option = stray.StartsWith('-');
        string[] verbs = [.. verb.Subcommands.Select(c => c.Name)];
        string name = verb is RootCommand ? "emotionxai" : verb.Name;
        string kind = option ? $"option of {name}" : verb is RootCommand ? "verb" : verbs.Length > 0 ? $"verb of {name}" : $"argument of {name}";
        string? meant = Spelling.Nearest(stray.Split('=')[0], option ? verb.Options.Select(o => o.Name).Append("--help") : verbs);
        if (meant is not null) return $"'{stray}' is no {kind}; did you mean '{meant}'?";
        return !option && verbs.Length > 0 ? $"'{stray}' is no {kind}; choose {string.Join(", ", verbs)}." : $"'{stray}' is no {kind}.";
    }

    private static string Path(CommandResult command) =>
        command.Command is RootCommand ? "" : (command.Parent is CommandResult parent ? Path(parent) : "") + command.Command.Name + " ";
}
