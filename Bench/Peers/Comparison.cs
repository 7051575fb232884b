using System.Globalization;

namespace EmotionXai.Bench.Peers;

/// <summary>
/// Two results side by side, work by work. The peers are the same in both, so what became of our lead over them is the change of our code
/// alone, whatever the machine did meanwhile: each work is its own pair.
/// </summary>
internal static class Comparison
{
    public const string Verb = "compare";

    // Between two starts of the same program placements in memory make as much.
    private const double LeastSpread = 0.03;

    /// <summary>Prints a table; 1 where a work has become slower by more than the quartiles of both results explain, 2 where a file is none.</summary>
    public static int Run(string before, string after)
    {
        Result old, now;
        try
        {
            (old, now) = (Result.Read(before), Result.Read(after));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return 2;
        }

        Print($"before: {About(old)}");
        Print($"after:  {About(now)}");
        Print($"| {"work",-75} | {"before",9} | {"after",9} | unit    | better | against the peer | spread |");
        Print($"| {new string('-', 75)} | {new string('-', 8)}: | {new string('-', 8)}: | ------- | -----: | ---------------: | -----: |");
        List<double> gains = [];
        int slower = 0;
        foreach (Row b in now.Rows)
        {
            if (old.Rows.FirstOrDefault(r => r.Work == b.Work && r.Unit == b.Unit) is not { } a || !(a.Ours > 0 && b.Ours > 0 && a.Ratio > 0 && b.Ratio > 0)) continue;
            double better = b.Unit == "GFLOP/s" ? b.Ours / a.Ours : a.Ours / b.Ours, lead = b.Ratio / a.Ratio, spread = Math.Max(LeastSpread, a.OurSpread + b.OurSpread + a.PeerSpread + b.PeerSpread);
            bool lost = lead < 1 - spread && better < 1 - Math.Max(LeastSpread, a.OurSpread + b.OurSpread);
            if (lost) slower++;
            gains.Add(Math.Log(lead));
            Print($"| {b.Work,-75} | {a.Ours,9:0.###} | {b.Ours,9:0.###} | {b.Unit,-7} | {better,6:0.00} | {lead,15:0.00}{(lost ? "!" : " ")} | {spread,6:0.00} |");
        }

        if (gains.Count == 0)
        {
            Console.Error.WriteLine("error: the two files have no work in common.");
            return 2;
        }

        double mean = gains.Average(), error = gains.Count > 1 ? Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / (gains.Count - 1) / gains.Count) : 0;
        Print($"{gains.Count} works; our lead over the peers {Math.Exp(mean):0.000} times what it was in the geometric mean, from {Math.Exp(mean - (2 * error)):0.000} to {Math.Exp(mean + (2 * error)):0.000} (two standard errors over works); {slower} slower (!).");
        return slower == 0 ? 0 : 1;
    }

    private static string About(Result result) => $"{(result.Commit.Length > 0 ? result.Commit : "unknown commit")}, {result.Date}; {RowText.Describe(result).ReplaceLineEndings("; ")}";

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
