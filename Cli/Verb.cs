using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EmotionXai.Cli;

/// <summary>A verb whose help ends with examples: what follows <c>emotionxai</c> on a command line that works.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}

/// <summary>The usual help, then the examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual, IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    /// <summary>Puts this in the place of a command's usual help.</summary>
    public static void Install(RootCommand root, IReadOnlyList<string> rootExamples)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, rootExamples);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        IReadOnlyList<string> examples = command is Verb verb ? verb.Examples : command is RootCommand ? rootExamples : [];
        if (examples.Count == 0) return code;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples) output.WriteLine($"  emotionxai {example}");
        output.WriteLine();
        return code;
    }
}
