using System.CommandLine;
using System.Globalization;

namespace EmotionXai.Cli;

/// <summary>Makes options with their descriptions, defaults and checks in one line each.</summary>
internal static class Setting
{
    /// <summary>How help calls a file or folder; completion offers files where it reads this.</summary>
    public const string PathName = "path";

    public static Option<string> Text(string name, string description, string? byDefault = null)
    {
        Option<string> option = new(name) { Description = description };
        if (byDefault is not null) option.DefaultValueFactory = _ => byDefault;
        return option;
    }

    /// <summary>A file or folder.</summary>
    public static Option<string> Path(string name, string description, string? byDefault = null)
    {
        Option<string> option = Text(name, description, byDefault);
        option.HelpName = PathName;
        return option;
    }

    /// <summary>One of some words, which completion offers.</summary>
    public static Option<string> Word(string name, string description, string? byDefault, IEnumerable<string> choices)
    {
        Option<string> option = Text(name, description, byDefault);
        string[] words = [.. choices];
        option.HelpName = name.TrimStart('-');
        option.CompletionSources.Clear();
        option.CompletionSources.Add(words);
        return option;
    }

    public static Option<string[]> List(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };

    public static Option<int> Count(string name, string description, int byDefault, int least = 1)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) && value < least)
                result.AddError($"{name} {value}: give {least} or more.");
        });
        return option;
    }

    public static Option<double> Number(string name, string description, double byDefault, double least = 0)
    {
        Option<double> option = new(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !(value >= least && double.IsFinite(value)))
                result.AddError($"{name} {result.Tokens[0].Value}: give {least.ToString(CultureInfo.InvariantCulture)} or more.");
        });
        return option;
    }

    public static Option<ulong> Seed() => new("--seed") { Description = "Seed of everything random.", DefaultValueFactory = _ => 1 };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>The words of a list, with commas or blanks between.</summary>
    public static string[] Words(string[]? values) => [.. (values ?? []).SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Whole numbers, with commas or blanks between.</summary>
    public static int[] Integers(string name, string[]? values) =>
    [
        .. Words(values).Select(part => int.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new ArgumentException($"{name} {string.Join(' ', values!)}: '{part}' is no whole number; give a list such as 68,34,17,8.")),
    ];

    /// <summary>A member of an enumeration by its name, any case, hyphens or not.</summary>
    public static T Choice<T>(string name, string text)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
            if (string.Equals(value.ToString(), text.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) return value;
        throw new ArgumentException($"{name} {text}: there is no such choice; take {string.Join(", ", Names<T>())}.");
    }

    /// <summary>The members of an enumeration as they are written on the command line.</summary>
    public static IEnumerable<string> Names<T>()
        where T : struct, Enum =>
        Enum.GetNames<T>().Select(n => string.Concat(n.Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")));
}
