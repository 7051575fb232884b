using System.Globalization;

namespace EmotionXai.Bench.Peers;

/// <summary>Rows on the terminal, each as soon as it is measured.</summary>
internal sealed class Table(TextWriter output)
{
    private bool _begun;

    public void Add(Row row)
    {
        if (!_begun)
        {
            output.WriteLine();
            output.WriteLine($"| {"work",-75} | {"ours",9} | {"peer",9} | {"unit",-7} | {"ratio",7} | {"bar",6} | {"floor",7} | agrees | note |");
            output.WriteLine($"| {new string('-', 75)} | {new string('-', 8)}: | {new string('-', 8)}: | {new string('-', 7)} | {new string('-', 6)}: | {new string('-', 5)}: | {new string('-', 6)}: | ------ | ---- |");
            _begun = true;
        }

        string mark = row.Ratio >= row.Bar ? " " : "!";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {row.Work,-75} | {Figure(row.Ours),9} | {Figure(row.Peer),9} | {row.Unit,-7} | {row.Ratio,6:0.00}{mark} | {row.Bar,6:0.00} | {(row.PartOfFloor > 0 ? row.PartOfFloor.ToString("0%", CultureInfo.InvariantCulture) : ""),7} | {(row.Agrees ? "yes" : "NO"),-6} | {row.Note} |"));
    }

    public void Close(IReadOnlyCollection<Row> rows)
    {
        output.WriteLine();
        output.WriteLine($"{rows.Count(r => r.Ratio >= r.Bar)} of {rows.Count} reach their bar (! does not); {rows.Count(r => !r.Agrees)} disagree. Floor: the part of our time that the work cannot go below.");
    }

    private static string Figure(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);
}
