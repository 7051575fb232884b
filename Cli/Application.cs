using System.CommandLine;
using EmotionXai.Cli.Verbs;

namespace EmotionXai.Cli;

/// <summary>Parses a command line, calls, and turns what goes wrong into one line and an exit code: 0 done, 1 the work failed, 2 the command line is wrong.</summary>
internal static class Application
{
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        RootCommand root = new("Explained emotion classifiers on facial landmarks: train, attribute, reduce.");
        foreach (Command verb in Build(output, error)) root.Subcommands.Add(verb);
        if (args.Length == 0) args = ["--help"];

        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Command verb = parsed.CommandResult.Command;
            bool isRoot = ReferenceEquals(verb, root);

            // A word that fits nowhere is the cause; that something is missing as well follows from it.
            string message = parsed.UnmatchedTokens.Count > 0
                ? $"'{parsed.UnmatchedTokens[0]}' is no {(isRoot ? "verb; choose " + string.Join(", ", root.Subcommands.Select(c => c.Name)) : "option or argument of " + verb.Name)}."
                : OneLine(parsed.Errors[0].Message);
            error.WriteLine($"error: {message} See: emotionxai {(isRoot ? "" : verb.Name + " ")}--help");
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
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArithmeticException)
        {
            error.WriteLine($"error: {OneLine(e.Message)}");
            return 1;
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }

    private static IEnumerable<Command> Build(TextWriter output, TextWriter error) =>
    [
        ReduceVerb.Create(output, error),
        TrainVerb.Create(output),
        PredictVerb.Create(output),
        ExplainVerb.Create(output),
        SynthVerb.Create(output),
        ExtractVerb.Create(output, error),
        WatchVerb.Create(output),
        ModelsVerb.Create(output),
        InfoVerb.Create(output),
    ];

    // ArgumentException appends the parameter's name, which means nothing to a user.
    private static string OneLine(string message)
    {
        int parameter = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        if (parameter >= 0) message = message[..parameter];
        return message.ReplaceLineEndings(" ");
    }
}
