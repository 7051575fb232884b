using System.Globalization;
using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Cli;

/// <summary>
/// The table that closes a reduction: per emotion, what is kept, what it costs and what it is worth. Where a terminal is too
/// narrow for all of it, a second table takes what is left over; 80 columns always do.
/// </summary>
internal static class ClosingTable
{
    private const int LogWidth = 160, LeastName = 8;
    private const string Gap = "  ";

    private static readonly Column[] s_first =
    [
        new("kept", e => $"{Kept(e).Landmarks} of {e.Stages[0].Landmarks}"),
        new("all landmarks", e => $"{Number(e.Stages[0].BalancedAccuracy)} {Interval(e.Stages[0].Ci95)}"),
        new("at K*", e => $"{Number(e.Chosen.BalancedAccuracy)} {Interval(e.Chosen.Ci95)}"),
        new("random", e => Kept(e).Controls.TryGetValue("random", out ControlResult? random) ? Number(random.BalancedAccuracy) : "-"),
        new("cost", e => ((double)e.Stages[0].MacsPerClip / Kept(e).MacsPerClip).ToString("'1/'0.0", CultureInfo.InvariantCulture)),
    ];

    private static readonly Column[] s_second = [new("AUC all", e => Number(e.Stages[0].Auc)), new("AUC at K*", e => Number(e.Chosen.Auc))];

    private static readonly Column[] s_truth = [new("true evidence", e => Truth(e, "relevance")), new("by motion", e => Truth(e, "motion"))];

    /// <summary>Writes the table as wide as the writer is.</summary>
    public static void Write(TextWriter output, ReductionResult result) =>
        Write(output, result, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected ? Console.WindowWidth : LogWidth);

    internal static void Write(TextWriter output, ReductionResult result, int width)
    {
        bool truth = result.Emotions.Any(e => e.Truth is not null);
        Column[] second = truth ? [.. s_second, .. s_truth] : s_second;
        output.WriteLine("Balanced accuracy on people not trained on [95% interval]. Random: as many");
        output.WriteLine("random landmarks. Cost: multiply-adds of a clip at K* against all landmarks.");
        if (truth) output.WriteLine("True evidence: its part of the top of the ranking; synthetic faces know it.");
        string[][] whole = Cells(result, [.. s_first, .. second]);
        if (Width(whole) <= width)
        {
            Draw(output, whole, width);
            return;
        }

        Draw(output, Cells(result, s_first), width);
        Draw(output, Cells(result, second), width);
    }

    /// <summary>The primary figure, in a sentence.</summary>
    public static void Primary(TextWriter output, ReductionResult result)
    {
        if (result.Primary is not { } primary) return;
        PairedDifference f = primary.Figure;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"K* is {primary.Verdict}: {primary.Measure} {Number(f.Auc)} against {Number(f.AucAgainst)},"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"difference {f.Difference:+0.000;-0.000;0.000} [{f.Ci95[0]:+0.000;-0.000;0.000}, {f.Ci95[1]:+0.000;-0.000;0.000}] over {f.People} people, p = {f.P:0.000}; loss below {primary.Margin}: p = {f.NotWorse:0.000}."));
    }

    private static string[][] Cells(ReductionResult result, IReadOnlyList<Column> columns) =>
        [["emotion", .. columns.Select(c => c.Name)], .. result.Emotions.Select(e => (string[])[e.Name, .. columns.Select(c => c.Cell(e))])];

    private static int Width(string[][] rows) => Widths(rows).Sum() + ((rows[0].Length - 1) * Gap.Length);

    private static int[] Widths(string[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length))];

    // Numbers are never cut; names are, where a line would not fit.
    private static void Draw(TextWriter output, string[][] rows, int width)
    {
        int[] widths = Widths(rows);
        widths[0] = Math.Max(Math.Min(LeastName, widths[0]), Math.Min(widths[0], widths[0] - (Width(rows) - width)));
        output.WriteLine();
        for (int r = 0; r < rows.Length; r++)
        {
            string name = rows[r][0].Length > widths[0] ? rows[r][0][..(widths[0] - 1)] + "…" : rows[r][0].PadRight(widths[0]);
            output.WriteLine(string.Join(Gap, [name, .. rows[r].Skip(1).Select((cell, c) => cell.PadLeft(widths[c + 1]))]));
            if (r == 0) output.WriteLine(string.Join(Gap, widths.Select(w => new string('-', w))));
        }

        output.WriteLine();
    }

    private static StageResult Kept(EmotionResult emotion) => emotion.Stages.First(s => s.Landmarks == emotion.Chosen.Landmarks);

    private static string Truth(EmotionResult emotion, string ranking) =>
        emotion.Truth is not null && emotion.Truth.Precision.TryGetValue(ranking, out double precision) ? Number(precision) : "-";

    private static string Interval(IReadOnlyList<double> ci) => string.Create(CultureInfo.InvariantCulture, $"[{ci[0]:0.00}, {ci[1]:0.00}]");

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private sealed record Column(string Name, Func<EmotionResult, string> Cell);
}
