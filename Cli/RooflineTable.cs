using System.Globalization;
using EmotionXai.Engine.Backends.Profiling;
using Spectre.Console;
using Profile = EmotionXai.Engine.Backends.Profiling.Profile;

namespace EmotionXai.Cli;

/// <summary>The table that closes a profiled run: what took longest, and how near it came to what the machine can do.</summary>
internal static class RooflineTable
{
    private const int Shown = 15, LogWidth = 180;

    public static string Describe(MachineLimits limits) => string.Create(CultureInfo.InvariantCulture,
        $"{limits.Threads} threads: {limits.Peak * 1e-9:0} GFLOP/s of multiply-adds, {limits.MemoryBandwidth * 1e-9:0.0} GB/s of memory, {limits.CacheBandwidth * 1e-9:0} GB/s of second-level cache");

    public static void Write(TextWriter output, Profile profile)
    {
        IReadOnlyList<OpKind> kinds = profile.Kinds();
        double total = kinds.Sum(k => k.Seconds), least = kinds.Sum(k => k.Calls * profile.Limits.LeastSeconds(k));
        Table table = new()
        {
            Border = TableBorder.Simple,
            Title = new TableTitle($"Ops by time; limits: {Describe(profile.Limits)}".EscapeMarkup()),
        };
        table.AddColumn("op");
        table.AddColumn("shapes");
        foreach (string column in new[] { "calls", "ms", "% time", "GFLOP/s", "% peak", "GB/s", "% roof" }) table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("bound by");
        foreach (OpKind kind in kinds.Take(Shown)) table.AddRow([.. Row(kind, total, profile.Limits).Select(c => c.EscapeMarkup())]);
        if (kinds.Count > Shown)
        {
            double rest = kinds.Skip(Shown).Sum(k => k.Seconds);
            table.AddRow($"{kinds.Count - Shown} more", "", Count(kinds.Skip(Shown).Sum(k => k.Calls)), Number(1e3 * rest), Percent(rest / total), "", "", "", "", "");
        }

        table.AddRow("all ops", "", Count(kinds.Sum(k => k.Calls)), Number(1e3 * total), Percent(1), Number(2e-9 * kinds.Sum(k => (double)k.Calls * k.MultiplyAdds) / total), "", Number(1e-9 * kinds.Sum(k => (double)k.Calls * k.Bytes) / total), Percent(least / total), "");
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected) console.Profile.Width = LogWidth;
        console.Write(table);
    }

    private static IEnumerable<string> Row(OpKind kind, double total, MachineLimits limits)
    {
        bool multiplies = kind.MultiplyAdds > 0;
        double least = limits.LeastSeconds(kind);
        yield return kind.Name;
        yield return kind.Shapes;
        yield return Count(kind.Calls);
        yield return Number(1e3 * kind.Seconds);
        yield return Percent(kind.Seconds / total);
        yield return multiplies ? Number(1e-9 * kind.Rate) : "";
        yield return multiplies ? Percent(kind.Rate / limits.PeakOf(kind.Threads)) : "";
        yield return Number(1e-9 * kind.Bandwidth);
        yield return Percent(kind.Calls * least / kind.Seconds);
        yield return multiplies && 2.0 * kind.MultiplyAdds / limits.PeakOf(kind.Threads) >= least ? "multiply-adds" : "bytes";
    }

    private static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => (100 * value).ToString(value >= 0.1 ? "0" : "0.0", CultureInfo.InvariantCulture);
}
