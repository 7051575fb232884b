using System.CommandLine;
using EmotionXai.Cli.Help;
using EmotionXai.Cli.Verbs;
using EmotionXai.Engine;
using EmotionXai.Landmarks;

namespace EmotionXai.Cli;

/// <summary>Parses a command line, calls, and turns what goes wrong into one line and an exit code: 0 done, 1 the work failed, 2 the command line is wrong, 130 and 143 stopped by Ctrl-C and SIGTERM.</summary>
internal static class Application
{
    private const string Trace = "--trace";

    private static readonly string[] s_examples =
    [
        "reduce",
        "reduce --data CLIPS --emotion happiness --out runs/mine",
        "reduce --help",
    ];

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        RootCommand root = Create(output, error);
        if (args.Length == 0) args = ["--help"];

        using Signals signals = new();
        try
        {
            ParseResult parsed = Parse(args, root);
            if (Mistake.In(parsed) is string mistake)
            {
                error.WriteLine($"error: {OneLine(mistake)}");
                return 2;
            }

            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, Output = output, Error = error, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(configuration, signals.Stop).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            return Explain(e is AggregateException { InnerException: { } inner } ? inner : e, args.Contains(Trace), error, signals.ExitCode);
        }
    }

    /// <summary>One line about what went wrong, whatever it was, and the exit code.</summary>
    internal static int Explain(Exception e, bool trace, TextWriter error, int stopped = 1)
    {
        (int code, string line) = e switch
        {
            StoppedException => (stopped, $"stopped: {OneLine(e.Message)}"),
            OperationCanceledException => (stopped, "stopped: what was finished is kept; the same reduce goes on from there."),
            ArgumentException => (2, $"error: {OneLine(e.Message)}"),
            IOException or InvalidDataException or UnauthorizedAccessException or ArithmeticException or EngineException => (1, $"error: {OneLine(e.Message)}"),
            OutOfMemoryException => (1, "error: there is not enough memory. Take fewer clips, --threads 1, smaller networks or a larger --memory."),
            _ => (1, $"error: {e.GetType().Name}: {OneLine(e.Message)} This is a fault of the program; {Trace} shows where, and a report of it is welcome."),
        };
        error.WriteLine(line);
        if (trace) error.WriteLine(string.Join('\n', e.ToString().Split('\n').Select(PlainText.Show)));
        return code;
    }

    /// <summary>Reads a command line. Only verbs whose names are on it can be asked for; where more words may follow from one (<c>@file</c>, <c>[suggest]</c>), all.</summary>
    internal static ParseResult Parse(string[] args, RootCommand root)
    {
        bool all = args.Any(a => a.StartsWith('@') || a.StartsWith('['));
        Verb.Open(root, all ? null : verb => args.Contains(verb.Name) || args.Any(verb.Aliases.Contains));
        return root.Parse(OptionFile.Expand(args, root));
    }

    /// <summary>The program with all verbs, none of them opened.</summary>
    internal static RootCommand Create(TextWriter output, TextWriter error)
    {
        GpuNames.Register();
        Terminal terminal = new(output, error);
        RootCommand root = new("Explained emotion classifiers on facial landmarks: train, attribute, reduce.");
        foreach (Command verb in Verbs(terminal, root)) root.Subcommands.Add(verb);
        root.Options.Add(new Option<bool>(Trace) { Description = "After an error, show where in the program it happened.", Recursive = true });
        HelpPage.Install(root, s_examples);
        return root;
    }

    private static IEnumerable<Command> Verbs(Terminal terminal, RootCommand root) =>
    [
        ReduceVerb.Create(terminal),
        TrainVerb.Create(terminal),
        PredictVerb.Create(terminal),
        ExplainVerb.Create(terminal),
        ExplainVerb.CreateCheck(terminal),
        ReduceVerb.CreateSelfCheck(terminal),
        SynthVerb.Create(terminal),
        ExtractVerb.Create(terminal),
        WatchVerb.Create(terminal),
        DataVerb.Create(terminal),
        ExportVerb.Create(terminal),
        ImportVerb.Create(terminal),
        ModelsVerb.Create(terminal),
        ReportVerb.Create(terminal),
        ViewVerb.Create(terminal),
        BenchmarkVerb.Create(terminal),
        SubmitVerb.Create(terminal, root),
        InfoVerb.Create(terminal),
        CompletionVerb.Create(terminal, root),
    ];

    // ArgumentException appends the parameter's name, which means nothing to a user.
    private static string OneLine(string message)
    {
        int parameter = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        if (parameter >= 0) message = message[..parameter];
        return PlainText.Show(message.ReplaceLineEndings(" "));
    }
}
