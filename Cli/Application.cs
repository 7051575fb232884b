using System.CommandLine;
using EmotionXai.Cli.Verbs;
using EmotionXai.Engine;

namespace EmotionXai.Cli;

/// <summary>Parses a command line, calls, and turns what goes wrong into one line and an exit code: 0 done, 1 the work failed, 2 the command line is wrong.</summary>
internal static class Application
{
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

        ParseResult parsed = root.Parse(args);
        if (Mistake.In(parsed) is string mistake)
        {
            error.WriteLine($"error: {OneLine(mistake)}");
            return 2;
        }

        using CancellationTokenSource cancellation = new();
        void Cancel(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            cancellation.Cancel();
        }

        Console.CancelKeyPress += Cancel;
        try
        {
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, Output = output, Error = error, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(configuration, cancellation.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("stopped: what was finished is kept; reduce goes on from there with --resume.");
            return 1;
        }
        catch (Exception e) when (e is ArgumentException)
        {
            error.WriteLine($"error: {OneLine(e.Message)}");
            return 2;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArithmeticException or EngineException)
        {
            error.WriteLine($"error: {OneLine(e.Message)}");
            return 1;
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }

    /// <summary>All verbs.</summary>
    internal static RootCommand Create(TextWriter output, TextWriter error)
    {
        Terminal terminal = new(output, error);
        RootCommand root = new("Explained emotion classifiers on facial landmarks: train, attribute, reduce.");
        foreach (Command verb in Verbs(terminal, root)) root.Subcommands.Add(verb);
        HelpWithExamples.Install(root, s_examples);
        return root;
    }

    private static IEnumerable<Command> Verbs(Terminal terminal, RootCommand root) =>
    [
        ReduceVerb.Create(terminal),
        TrainVerb.Create(terminal),
        PredictVerb.Create(terminal),
        ExplainVerb.Create(terminal),
        SynthVerb.Create(terminal),
        ExtractVerb.Create(terminal),
        WatchVerb.Create(terminal),
        ModelsVerb.Create(terminal),
        ReportVerb.Create(terminal),
        ViewVerb.Create(terminal),
        BenchmarkVerb.Create(terminal),
        InfoVerb.Create(terminal),
        CompletionVerb.Create(terminal, root),
    ];

    // ArgumentException appends the parameter's name, which means nothing to a user.
    private static string OneLine(string message)
    {
        int parameter = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        if (parameter >= 0) message = message[..parameter];
        return message.ReplaceLineEndings(" ");
    }
}
