using System.Globalization;
using EmotionXai.Landmarks.Reduction;
using Spectre.Console;

namespace EmotionXai.Cli;

/// <summary>The table that closes a reduction: per emotion, what is kept, what it costs and what it is worth.</summary>
internal static class ClosingTable
{
    private const int LogWidth = 160;

    public static void Write(TextWriter output, ReductionResult result)
    {
        Table table = new() { Border = TableBorder.Simple, Title = new TableTitle("Balanced accuracy on people not trained on [95% interval]".EscapeMarkup()) };
        table.AddColumn("emotion");
        foreach (string column in new[] { "kept", "all landmarks", "at K*", "AUC all", "AUC K*", "random at K*", "cost" })
            table.AddColumn(new TableColumn(column).RightAligned());
        bool truth = result.Emotions.Any(e => e.Truth is not null);
        if (truth) table.AddColumn(new TableColumn("precision (motion)").RightAligned());
        foreach (EmotionResult emotion in result.Emotions) table.AddRow([.. Row(emotion, truth).Select(cell => cell.EscapeMarkup())]);

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected) console.Profile.Width = LogWidth;
        console.Write(table);
    }

    private static IEnumerable<string> Row(EmotionResult emotion, bool truth)
    {
        StageResult all = emotion.Stages[0];
        StageResult kept = emotion.Stages.First(s => s.Landmarks == emotion.Chosen.Landmarks);
        yield return emotion.Name;
        yield return $"{kept.Landmarks} of {all.Landmarks}";
        yield return $"{Number(all.BalancedAccuracy)} {Interval(all.Ci95)}";
        yield return $"{Number(emotion.Chosen.BalancedAccuracy)} {Interval(emotion.Chosen.Ci95)}";
        yield return Number(all.Auc);
        yield return Number(emotion.Chosen.Auc);
        yield return kept.Controls.TryGetValue("random", out ControlResult? random) ? Number(random.BalancedAccuracy) : "-";
        yield return $"{((double)all.MacsPerClip / kept.MacsPerClip).ToString("0.0", CultureInfo.InvariantCulture)}x less";
        if (!truth) yield break;
        yield return emotion.Truth is null
            ? "-"
            : $"{Number(emotion.Truth.Precision["relevance"])} ({(emotion.Truth.Precision.TryGetValue("motion", out double motion) ? Number(motion) : "-")})";
    }

    private static string Interval(IReadOnlyList<double> ci) => $"[{Number(ci[0])}, {Number(ci[1])}]";

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
