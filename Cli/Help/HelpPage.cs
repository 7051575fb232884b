using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;

namespace EmotionXai.Cli.Help;

/// <summary>The help of a verb: what it does, its options in groups, and examples at the end. <c>--help-all</c> shows every option.</summary>
internal sealed class HelpPage(IReadOnlyList<string> rootExamples, bool all) : SynchronousCommandLineAction
{
    /// <summary>The option that shows all.</summary>
    public const string AllName = "--help-all";

    private const int Width = 80, Names = 26;

    // What the program's own page shows together.
    private static readonly (string Heading, string[] Verbs)[] s_verbs =
    [
        ("Classifiers", ["reduce", "train", "predict", "explain", "watch"]),
        ("Doubts", ["check", "self-check", "benchmark"]),
        ("Landmarks", ["data", "extract", "face-models", "synth"]),
        ("Results", ["report", "view"]),
        ("Program", ["submit", "info", "completion"]),
    ];

    public override bool ClearsParseErrors => true;

    /// <summary>Puts this in the place of a command's usual help.</summary>
    public static void Install(RootCommand root, IReadOnlyList<string> rootExamples)
    {
        root.Options.OfType<HelpOption>().Single().Action = new HelpPage(rootExamples, all: false);
        root.Options.Add(new Option<bool>(AllName) { Description = "Help with every option.", Recursive = true, Hidden = true, Action = new HelpPage(rootExamples, all: true) });
    }

    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string path = PathOf(parseResult.CommandResult.Parent as System.CommandLine.Parsing.CommandResult, command);
        Wrapped(output, command.Description ?? "", "", "");
        output.WriteLine();
        output.WriteLine($"Usage: {path}{string.Concat(command.Arguments.Select(a => a.Arity.MaximumNumberOfValues > 1 ? $" {a.Name.ToUpperInvariant()}..." : $" {a.Name.ToUpperInvariant()}"))}{(command.Subcommands.Count > 0 ? " VERB" : "")} [options]");
        if (command.Arguments.Count > 0) output.WriteLine();
        foreach (Argument argument in command.Arguments) Row(output, argument.Name.ToUpperInvariant(), argument.Description ?? "");
        foreach ((string heading, Command[] verbs) in Verbs(command))
        {
            output.WriteLine();
            output.WriteLine(heading);
            foreach (Command verb in verbs) Row(output, verb.Name, verb.Description ?? "");
        }

        foreach ((string heading, IReadOnlyList<Option> options) in OptionGroups.Of(command, all))
        {
            output.WriteLine();
            output.WriteLine(heading);
            foreach (Option option in options) Row(output, $"{option.Name}{Value(option)}", $"{option.Description}{Default(option)}");
        }

        output.WriteLine();
        if (!all && OptionGroups.HasRest(command)) output.WriteLine($"More options: {path} {AllName}");
        IReadOnlyList<string> examples = command is Verb named ? named.Examples : command is RootCommand ? rootExamples : [];
        if (examples.Count > 0) output.WriteLine("Examples:");
        foreach (string example in examples) output.WriteLine($"  emotionxai {example}");
        output.WriteLine();
        return 0;
    }

    private static IEnumerable<(string Heading, Command[] Verbs)> Verbs(Command command)
    {
        if (command.Subcommands.Count == 0) yield break;
        if (command is not RootCommand)
        {
            yield return ("Verbs", [.. command.Subcommands]);
            yield break;
        }

        foreach ((string heading, string[] names) in s_verbs) yield return (heading, [.. names.Select(n => command.Subcommands.FirstOrDefault(c => c.Name == n)).OfType<Command>()]);
        Command[] others = [.. command.Subcommands.Where(c => !c.Hidden && !s_verbs.Any(v => v.Verbs.Contains(c.Name)))];
        if (others.Length > 0) yield return ("Others", others);
    }

    private static string PathOf(System.CommandLine.Parsing.CommandResult? parent, Command command) =>
        command is RootCommand ? "emotionxai" : $"{(parent is null ? "emotionxai" : PathOf(parent.Parent as System.CommandLine.Parsing.CommandResult, parent.Command))} {command.Name}";

    private static string Value(Option option)
    {
        Type type = option.ValueType;
        if (type == typeof(bool)) return "";
        if (type == typeof(string[])) return $" {(option.HelpName ?? "LIST").ToUpperInvariant()}";
        return $" {(option.HelpName ?? (type == typeof(string) ? "TEXT" : type == typeof(double) ? "X" : "N")).ToUpperInvariant()}";
    }

    private static string Default(Option option)
    {
        if (!option.HasDefaultValue || option.ValueType == typeof(bool)) return "";
        string? value = option.GetDefaultValue() is not string[] and { } known ? Convert.ToString(known, CultureInfo.InvariantCulture) : null;
        return string.IsNullOrEmpty(value) ? "" : $" [{value}]";
    }

    private static void Row(TextWriter output, string name, string text)
    {
        string start = $"  {name}";
        if (start.Length > Names - 2)
        {
            output.WriteLine(start);
            start = "";
        }

        Wrapped(output, text, start.PadRight(Names), new string(' ', Names));
    }

    // Lines of words, the first behind one start and the others behind another.
    private static void Wrapped(TextWriter output, string text, string first, string others)
    {
        string line = first;
        bool empty = true;
        foreach (string word in text.Split(' '))
        {
            if (!empty && line.Length + 1 + word.Length >= Width)
            {
                output.WriteLine(line);
                (line, empty) = (others, true);
            }

            line += empty ? word : $" {word}";
            empty = false;
        }

        output.WriteLine(line);
    }
}
