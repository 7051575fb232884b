using System.CommandLine;
using System.Text.Json;

namespace EmotionXai.Cli;

/// <summary>
/// Options that do not stand on the command line: <c>--config FILE</c> (the options of a <c>results.json</c>, or an object of its
/// like) and <c>--set NAME=VALUE</c>. They are put onto the command line, so that they are checked like all others; what stands
/// there counts before <c>--set</c>, and that before the file.
/// </summary>
internal static class OptionFile
{
    private const string Config = "--config", Set = "--set";
    private const long LargestFile = 1L << 28;

    // What results say of a run and no option asks for.
    private static readonly HashSet<string> s_derived = new(StringComparer.Ordinal) { "side_by_side", "preprocessing" };

    /// <summary>The options themselves, for help.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(new Option<string>(Config) { Description = "Options from a JSON file, such as the results.json of a run; what is given here counts before.", HelpName = "file" });
        command.Options.Add(new Option<string[]>(Set) { Description = "One of the options that --help-all lists, such as --set inner_folds=3.", HelpName = "name=value", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] });
    }

    /// <summary>The command line with those options written out.</summary>
    /// <exception cref="ArgumentException">The file is none, or names what the verb does not take.</exception>
    public static string[] Expand(string[] args, RootCommand root)
    {
        Command? verb = args.Length > 0 ? root.Subcommands.FirstOrDefault(c => c.Name == args[0] || c.Aliases.Contains(args[0])) : null;
        if (verb is null || verb.Options.All(o => o.Name != Set)) return args;
        List<string> rest = [];
        List<(string Name, string[] Values, string From)> set = [], config = [];
        for (int i = 0; i < args.Length; i++)
        {
            (string name, string? value) = args[i].StartsWith("--", StringComparison.Ordinal) && args[i].IndexOf('=', StringComparison.Ordinal) is > 0 and int at ? (args[i][..at], args[i][(at + 1)..]) : (args[i], null);
            if (name == Config) config.AddRange(Read(value ?? (i + 1 < args.Length ? args[++i] : throw new ArgumentException("--config: give a JSON file."))));
            else if (name == Set)
            {
                int before = set.Count;
                if (value is not null) set.Add(Assignment(value));
                else
                    while (i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) set.Add(Assignment(args[++i]));
                if (set.Count == before) throw new ArgumentException("--set: give NAME=VALUE, such as --set inner_folds=3; --help-all lists the names.");
            }
            else rest.Add(args[i]);
        }

        HashSet<Option> given = [.. verb.Options.Where(o => rest.Any(a => Names(o).Contains(a.Split('=')[0])))];
        foreach ((string name, string[] values, string from) in set.Concat(config))
        {
            Option option = verb.Options.FirstOrDefault(o => Names(o).Contains("--" + name.Replace('_', '-')))
                ?? throw new ArgumentException($"{from}: {verb.Name} has no option '{name}'{(Spelling.Nearest("--" + name.Replace('_', '-'), verb.Options.Select(o => o.Name)) is string near ? $"; did you mean '{near[2..].Replace('-', '_')}'?" : "; --help-all lists them.")}");
            if (!given.Add(option)) continue;
            if (values.Length == 0) continue;
            rest.Add(option.Name);
            rest.AddRange(values);
        }

        return [.. rest];
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static (string Name, string[] Values, string From) Assignment(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 1 || at == text.Length - 1) throw new ArgumentException($"--set {text}: give NAME=VALUE, such as --set inner_folds=3.");
        return (text[..at].TrimStart('-'), [text[(at + 1)..]], $"--set {text}");
    }

    private static List<(string Name, string[] Values, string From)> Read(string file)
    {
        if (!File.Exists(file)) throw new ArgumentException($"--config {file}: there is no such file.");
        if (new FileInfo(file).Length > LargestFile) throw new ArgumentException($"--config {file}: the file is too large for options.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("options", out JsonElement options)) root = options;
            if (root.ValueKind != JsonValueKind.Object) throw new ArgumentException($"--config {file}: it holds no object of options, such as {{\"epochs\": 60}}.");
            return [.. root.EnumerateObject().Where(p => !s_derived.Contains(p.Name) && p.Value.ValueKind != JsonValueKind.Null).Select(p => (p.Name, Values(p.Value), $"--config {file}"))];
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"--config {file}: line {e.LineNumber + 1}: this is no JSON; give the results.json of a run, or an object such as {{\"epochs\": 60}}.", e);
        }
    }

    private static string[] Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(Word)],
        _ => [Word(value)],
    };

    private static string Word(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };
}
