using System.Globalization;

namespace EmotionXai.Tests.Work;

/// <summary>
/// A record is text, a line a figure: work, what is counted, how much. Counts must be the same. Instructions may stray by a few per cent, as the runtime
/// compiles by what it has seen, and count only where both the record and this machine have them.
/// </summary>
internal static class WorkRecord
{
    /// <summary>How the name of a figure begins that is counted on some machines only.</summary>
    public const string Instructions = "instructions", Packings = "packings";

    /// <summary>The environment variable that has the record written anew.</summary>
    public const string Renew = "EMOTIONXAI_RENEW_RECORD";

    private const double Stray = 0.05;
    private const string Separator = " | ";

    public static string Line(string work, string figure, string value) => string.Join(Separator, work, figure, value);

    /// <summary>What differs, in one line; null where nothing does.</summary>
    public static string? Difference(IEnumerable<string> record, IEnumerable<string> measured)
    {
        Dictionary<string, string> want = Parse(record), got = Parse(measured);
        string[] found =
        [
            .. want.Where(w => !got.ContainsKey(w.Key) && !IsOfSomeMachines(w.Key)).Select(w => $"{w.Key}: nothing; the record says {w.Value}"),
            .. got.Where(g => !want.ContainsKey(g.Key) && !IsInstructions(g.Key)).Select(g => $"{g.Key}: {g.Value}; the record has none"),
            .. got.Where(g => want.TryGetValue(g.Key, out string? value) && !Same(g.Key, value, g.Value)).Select(g => $"{g.Key}: {g.Value}; the record says {want[g.Key]}"),
        ];
        return found.Length == 0 ? null
            : $"{found[0]}{(found.Length > 1 ? $" (and {found.Length - 1} more)" : "")}. If this is meant, '{Renew}=1 ./test.sh -class \"*WorkRecordTests\"' writes the record anew.";
    }

    // Widths that differ in what they call stand side by side.
    private static Dictionary<string, string> Parse(IEnumerable<string> lines)
    {
        Dictionary<string, string> figures = new(StringComparer.Ordinal);
        foreach (string line in lines.Where(l => l.Length > 0))
        {
            int at = line.LastIndexOf(Separator, StringComparison.Ordinal);
            (string key, string value) = (line[..at], line[(at + Separator.Length)..]);
            figures[key] = figures.TryGetValue(key, out string? before) ? $"{before} or {value}" : value;
        }

        return figures;
    }

    private static bool IsInstructions(string key) => key.Contains(Separator + Instructions, StringComparison.Ordinal);

    // Widths that do not run here, and counters that are not shown.
    private static bool IsOfSomeMachines(string key) => IsInstructions(key) || key.Contains(Separator + Packings, StringComparison.Ordinal);

    private static bool Same(string key, string want, string got)
    {
        if (!IsInstructions(key)) return want == got;
        double was = double.Parse(want, CultureInfo.InvariantCulture), now = double.Parse(got, CultureInfo.InvariantCulture);
        return Math.Abs(now - was) <= Stray * was;
    }
}
