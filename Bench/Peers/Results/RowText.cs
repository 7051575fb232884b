using System.Globalization;

namespace EmotionXai.Bench.Peers;

/// <summary>Rows as lines of a table, on the terminal and in files alike.</summary>
internal static class RowText
{
    public static string Head { get; } =
        $"| {"work",-75} | {"ours",9} | {"peer",9} | {"unit",-7} | {"ratio",7} | {"bar",6} | {"floor",7} | agrees | note |\n"
        + $"| {new string('-', 75)} | {new string('-', 8)}: | {new string('-', 8)}: | {new string('-', 7)} | {new string('-', 6)}: | {new string('-', 5)}: | {new string('-', 6)}: | ------ | ---- |";

    public static string Line(Row row)
    {
        string mark = row.Ratio >= row.Bar ? " " : "!";
        return string.Create(CultureInfo.InvariantCulture,
            $"| {row.Work,-75} | {Figure(row.Ours),9} | {Figure(row.Peer),9} | {row.Unit,-7} | {row.Ratio,6:0.00}{mark} | {row.Bar,6:0.00} | {(row.PartOfFloor > 0 ? row.PartOfFloor.ToString("0%", CultureInfo.InvariantCulture) : ""),7} | {(row.Agrees ? "yes" : "NO"),-6} | {row.Note}{Counts(row.Counts)} |");
    }

    public static string Close(IReadOnlyCollection<Row> rows) =>
        $"{rows.Count(r => r.Ratio >= r.Bar)} of {rows.Count} reach their bar (! does not); {rows.Count(r => !r.Agrees)} disagree. Floor: the part of our time that the work cannot go below.";

    /// <summary>What was measured on and beside whom, in two lines.</summary>
    public static string Describe(Result result)
    {
        Machine machine = result.Machine;
        string clock = machine switch
        {
            { MeasuredMegahertz: > 0, ReportedMegahertz: > 0 } => string.Create(CultureInfo.InvariantCulture, $" at {machine.MeasuredMegahertz:0} MHz (the system says {machine.ReportedMegahertz:0})"),
            { MeasuredMegahertz: > 0 } => string.Create(CultureInfo.InvariantCulture, $" at {machine.MeasuredMegahertz:0} MHz"),
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{Title(machine)}{clock}; {string.Join(", ", result.Versions.Select(v => $"{v.Key} {v.Value}"))}\n{result.Limits.Threads} threads each; FMA peak {result.Limits.PeakGflops:0} GFLOP/s, memory {result.Limits.MemoryGigabytes:0.0} GB/s, cache {result.Limits.CacheGigabytes:0} GB/s; medians of alternating rounds, ± half the distance of the quartiles, ours / peer");
    }

    public static string Title(Machine machine) => $"{machine.Name}, {machine.Cores} cores, {machine.VectorBits}-bit vectors{(machine.Virtual ? " (virtual machine)" : "")}";

    private static string Counts(RowCounts? counts) => counts is not { Cycles: { } cycles and > 0, Instructions: { } instructions } ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; {instructions / cycles:0.0#} instructions{(counts.Operations is { } operations ? string.Create(CultureInfo.InvariantCulture, $" and {operations / cycles:0.0} operations") : "")} a cycle");

    private static string Figure(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);
}
