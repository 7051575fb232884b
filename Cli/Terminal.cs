using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmotionXai.Cli;

/// <summary>
/// Where verbs speak. Standard output takes the closing result and nothing else, so that it can be piped; standard error takes
/// notes and progress. <c>--json</c> turns the result into one JSON object, <c>--quiet</c> leaves out all that is meant for eyes.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private readonly Option<bool> _quiet = Setting.Flag("--quiet", "Say nothing but errors (and, with --json, the result).");
    private readonly Option<bool> _json = Setting.Flag("--json", "Close with one JSON object on standard output and nothing else there.");

    /// <summary>Standard output as it is, for verbs that do nothing but print.</summary>
    public TextWriter Output => output;

    public void AddTo(Command command)
    {
        command.Options.Add(_quiet);
        command.Options.Add(_json);
    }

    /// <summary>Where notes and progress go.</summary>
    public TextWriter Notes(ParseResult parsed) => parsed.GetValue(_quiet) ? TextWriter.Null : error;

    /// <summary>Where tables beside the result go: standard output, unless a program reads that.</summary>
    public TextWriter Eyes(ParseResult parsed) => parsed.GetValue(_quiet) ? TextWriter.Null : parsed.GetValue(_json) ? error : output;

    /// <summary>Says how the verb ended.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="result">The result for programs.</param>
    /// <param name="text">Writes the result for people.</param>
    /// <returns>The exit code 0.</returns>
    public int Close(ParseResult parsed, Func<JsonObject> result, Action<TextWriter> text)
    {
        if (parsed.GetValue(_json)) output.WriteLine(result().ToJsonString(s_indented));
        else if (!parsed.GetValue(_quiet)) text(output);
        return 0;
    }
}

/// <summary>Values as JSON has them.</summary>
internal static class Json
{
    /// <summary>A number; null where it is not finite, for which JSON has no word.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>A list.</summary>
    public static JsonArray List(IEnumerable<JsonNode?> values) => [.. values];

    /// <summary>A list of words.</summary>
    public static JsonArray Words(IEnumerable<string> values) => List(values.Select(v => (JsonNode?)v));
}
