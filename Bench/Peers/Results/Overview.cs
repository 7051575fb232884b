using System.Globalization;

namespace EmotionXai.Bench.Peers;

/// <summary>One table of all results: a line for works of a kind, a column for a machine, the newest result first; its bars are the goals.</summary>
internal static class Overview
{
    // A work is named by its row, or by how its row begins.
    private static readonly (string Name, string[] Works, Func<Row, double> Figure)[] s_lines =
    [
        ("products n = 64, 128, 256", ["sgemm n=64", "sgemm n=128", "sgemm n=256"], Ratio),
        ("products n = 512, 1024, 2048", ["sgemm n=512", "sgemm n=1024", "sgemm n=2048"], Ratio),
        ("the same, part of the FMA peak", ["sgemm n=512 against", "sgemm n=1024 against", "sgemm n=2048 against"], Ratio),
        ("products n = 512: A B^T, A^T B, A^T B^T", ["sgemm n=512, A B^T", "sgemm n=512, A^T B", "sgemm n=512, A^T B^T"], Ratio),
        ("1, 6, 8, 20 rows of 936 times 936 x 256", ["1x936", "6x936", "8x936", "20x936"], Ratio),
        ("training epoch, LSTM T 20; T 60", ["training epoch, LSTM T 20", "training epoch, LSTM T 60"], Ratio),
        ("ops of that epoch alone, in its time", ["training epoch against its ops alone, LSTM T 20", "training epoch against its ops alone, LSTM T 60"], Ratio),
        ("training epoch, dense 18720; 936", ["training epoch, dense 18720", "training epoch, dense 936"], Ratio),
        ("inference, one clip, LSTM", ["inference, LSTM T 20"], Ratio),
        ("Integrated Gradients, LSTM T 20; T 60", ["Integrated Gradients, 50 steps, LSTM T 20", "Integrated Gradients, 50 steps, LSTM T 60"], Ratio),
        ("Integrated Gradients, dense 18720; 936", ["Integrated Gradients, 50 steps, dense 18720", "Integrated Gradients, 50 steps, dense 936"], Ratio),
        ("five baselines in one run, against five runs", ["five baselines"], Ratio),
        ("the whole job, dense; LSTM", ["whole job, dense", "whole job, LSTM"], Ratio),
        ("`predict` of one clip, process start included: `./emotionxai`; native", ["process, ./emotionxai predict", "process, native"], Ratio),
        ("peak memory of 2,000 clips' attributions", ["peak memory of an attribution"], Ratio),
        ("the same, 200 clips against 2,000", ["peak memory, 2000 clips"], Ratio),
        ("managed bytes a steady training step, LSTM; dense; a further clip", ["managed bytes a steady training step, LSTM", "managed bytes a steady training step, dense", "managed bytes a further clip"], row => row.Ours),
    ];

    /// <summary>The table.</summary>
    /// <param name="results">In any order.</param>
    public static string Table(IReadOnlyList<Result> results)
    {
        Result[] newest = [.. results.OrderByDescending(r => r.Date, StringComparer.Ordinal).ThenBy(r => r.Machine.Name, StringComparer.Ordinal)];
        List<string> lines =
        [
            $"| work | goal | {string.Join(" | ", newest.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Machine.Name}, {r.Limits.PeakGflops:0} GFLOP/s, {r.Date}")))} |",
            $"| --- | --- | {string.Join(" | ", newest.Select(_ => "---"))} |",
        ];
        foreach ((string name, string[] works, Func<Row, double> figure) in s_lines)
        {
            Row?[][] rows = [.. newest.Select(r => works.Select(w => Find(r, w)).ToArray())];
            if (rows.All(r => r.All(row => row is null))) continue;
            Row?[] known = [.. works.Select((_, w) => rows.Select(r => r[w]).FirstOrDefault(row => row is not null))];
            string goal = figure == Ratio ? Short([.. known.Select(k => k is null ? "-" : Text(k.Bar))]) : "0";
            lines.Add($"| {name} | {goal} | {string.Join(" | ", rows.Select(r => string.Join("; ", r.Select((row, w) => Cell(row, known[w], figure)))))} |");
        }

        return string.Join('\n', lines);
    }

    /// <summary>The works of a result that no line shows.</summary>
    public static IReadOnlyList<string> LeftOut(Result result)
    {
        HashSet<Row> shown = [.. s_lines.SelectMany(l => l.Works).Select(w => Find(result, w)).OfType<Row>()];
        return [.. result.Rows.Where(r => !shown.Contains(r)).Select(r => r.Work)];
    }

    private static double Ratio(Row row) => row.Ratio;

    private static Row? Find(Result result, string work) =>
        result.Rows.FirstOrDefault(r => r.Work == work) ?? result.Rows.FirstOrDefault(r => r.Work.StartsWith(work, StringComparison.Ordinal));

    private static string Cell(Row? row, Row? goal, Func<Row, double> figure) =>
        row is null ? "-" : (figure == Ratio && row.Ratio < 10 ? row.Ratio.ToString("0.00", CultureInfo.InvariantCulture) : Text(figure(row))) + (row.Agrees ? "" : " (disagrees)") + (row.Ratio < goal!.Bar ? "!" : "");

    private static string Short(string[] goals) => goals.Distinct().Count() == 1 ? goals[0] : string.Join("; ", goals);

    private static string Text(double value) => value.ToString(value >= 10 ? "0" : "0.##", CultureInfo.InvariantCulture);
}
