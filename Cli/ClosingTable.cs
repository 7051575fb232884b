using System.Globalization;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;

namespace EmotionXai.Cli;

/// <summary>
/// What closes a reduction: the run in words, then a table: per emotion, what is kept, how it does against all landmarks and as many random
/// ones, and what it costs. Where a terminal is too narrow for all of it, further tables take what is left over; 80 columns always do.
/// </summary>
internal static class ClosingTable
{
    private const int LogWidth = 160, LeastName = 8;
    private const string Gap = "  ";

    private static readonly Column[] s_accuracy =
    [
        new("kept", e => $"{e.Landmarks.Count} of {e.All.Landmarks}"),
        new("accuracy, all", e => $"{Number(e.All.BalancedAccuracy)} {Interval(e.All.Ci95)}"),
        new("kept", e => $"{Number(e.Kept.BalancedAccuracy)} {Interval(e.Kept.Ci95)}"),
    ];

    private static readonly Column[] s_truth = [new("true evidence", e => Truth(e, "relevance")), new("by motion", e => Truth(e, "motion"))];

    private static readonly Column[] s_cost =
    [
        new("us a clip: all", e => One(e.All.MicrosecondsPerClip)), new("kept", e => One(e.Kept.MicrosecondsPerClip)),
        new("bytes: all", e => Count(e.All.ModelBytes)), new("kept", e => Count(e.Kept.ModelBytes)),
    ];

    /// <summary>Writes words and tables as wide as the writer is.</summary>
    public static void Write(TextWriter output, ReductionResult result) =>
        Write(output, result, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected ? Console.WindowWidth : LogWidth);

    internal static void Write(TextWriter output, ReductionResult result, int width)
    {
        RunView run = new(result);
        foreach (string sentence in run.Sentences) Paragraph(output, sentence, width);
        output.WriteLine();
        Paragraph(output, $"Accuracy: balanced, on people not trained on [95% interval]. AUC: {run.Measure}, all at the same number of landmarks. Behind a difference: its p-value, corrected over all of them.", width);
        if (run.IsSynthetic) Paragraph(output, "True evidence: its part of the top of the ranking; synthetic faces know it.", width);
        foreach (Column[] columns in Fitting(run, [s_accuracy, .. run.Rivals.Select(Rival), .. run.IsSynthetic ? [s_truth] : Array.Empty<Column[]>(), s_cost], width)) Draw(output, Cells(run, columns), width);
        output.WriteLine();
        if (result.Together is { } together)
        {
            Paragraph(output, string.Create(
                CultureInfo.InvariantCulture,
                $"All {together.Labels.Count} together, the largest logit judging {together.Clips} clips: accuracy {together.AccuracyAll:0.000} with all landmarks, {together.Accuracy:0.000} with those kept; {run.Union.Count} landmarks serve all of them."), width);
        }
    }

    // What is kept against all landmarks, or against as many that a control keeps.
    private static Column[] Rival(string rival)
    {
        Column kept = new("AUC kept", e => e.Against(rival) is { } c ? Number(c.Kept) : Number(e.Kept.Auc));
        Column difference = new(rival == "all" ? "kept - all" : $"kept - {rival}", e => e.Against(rival) is { } c ? Difference(c) : "-");
        return rival == "all" ? [kept, new("all", e => Number(e.Against(rival)?.Other ?? e.All.Auc)), difference] : [new(rival, e => e.Against(rival) is { } c ? Number(c.Other) : "-"), difference];
    }

    // As many columns side by side as fit; those that belong together stay together.
    private static IEnumerable<Column[]> Fitting(RunView run, IReadOnlyList<Column[]> groups, int width)
    {
        List<Column> line = [];
        foreach (Column[] group in groups)
        {
            if (line.Count > 0 && Width(Cells(run, [.. line, .. group])) > width)
            {
                yield return [.. line];
                line.Clear();
            }

            line.AddRange(group);
        }

        yield return [.. line];
    }

    private static void Paragraph(TextWriter output, string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Math.Min(width, 100))
            {
                output.WriteLine(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        output.WriteLine(line);
    }

    private static string[][] Cells(RunView run, IReadOnlyList<Column> columns) =>
        [["emotion", .. columns.Select(c => c.Name)], .. run.Emotions.Select(e => (string[])[e.Name, .. columns.Select(c => c.Cell(e))])];

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
    }

    private static string Truth(EmotionView e, string ranking) =>
        e.Result.Truth is { } truth && truth.Precision.TryGetValue(ranking, out double precision) ? Number(precision) : "-";

    private static string Interval(IReadOnlyList<double> ci) => ci.Count == 2 ? string.Create(CultureInfo.InvariantCulture, $"[{ci[0]:0.00}, {ci[1]:0.00}]") : "";

    private static string Difference(Comparison c) => c.Test is { } t ? $"{Signed(c.Difference)} p {Number(t.PCorrected)}" : Signed(c.Difference);

    private static string Signed(double value) => double.IsNaN(value) ? "-" : value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string One(double value) => double.IsNaN(value) ? "-" : value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Column(string Name, Func<EmotionView, string> Cell);
}
