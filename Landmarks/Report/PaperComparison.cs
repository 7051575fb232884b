using System.Text;
using EmotionXai.Landmarks.Reduction;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>The claim of the paper that the engine follows, beside what this run measured: only where the run has the paper's 468 landmarks.</summary>
internal static class PaperComparison
{
    private const int All = 468;
    private const int Reduced = 128;

    /// <summary>The section, or nothing for another topology.</summary>
    public static string Render(ReductionResult result)
    {
        if (result.Data.Topology != "mediapipe468") return "";
        StringBuilder html = new("<section>\n<h2>Beside the paper</h2>\n");
        html.Append("<p>Di Luzio, Rosato and Panella (arXiv 2407.14865) report a reduction from 468 to 128 landmarks at over 97% accuracy for happiness and surprise, on sequences of CK+. ");
        html.Append(result.Emotions.Any(e => At(e, Reduced) is not null)
            ? "The table has what this run measured at the same numbers of landmarks. "
            : "This run has no stage of 128 landmarks; <code>--keep</code> with 128 in its list adds one. ");
        html.Append("<strong>The data sets differ, and so do folds and preprocessing: the numbers are not comparable.</strong> ");
        html.Append("Where one class is rare, accuracy is high for a classifier that never finds it; balanced accuracy is not.</p>\n");
        HtmlTable table = new($"Measured here, on {result.Data.Source}");
        table.Column("Emotion").Group("468 landmarks", "balanced accuracy", "accuracy").Group("128 landmarks", "balanced accuracy", "accuracy");
        foreach (EmotionResult e in result.Emotions) table.Row(e.Name, [.. Pair(At(e, All)), .. Pair(At(e, Reduced))]);
        return html.Append(table).Append("</section>\n").ToString();
    }

    private static StageResult? At(EmotionResult emotion, int landmarks) => emotion.Stages.FirstOrDefault(s => s.Landmarks == landmarks);

    private static string[] Pair(StageResult? stage) => stage is null ? [None, None] : [Score(stage.BalancedAccuracy), Score(stage.Accuracy)];
}
