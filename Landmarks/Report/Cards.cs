using System.Text;
using EmotionXai.Landmarks.Reduction;
using static EmotionXai.Landmarks.Report.ReportTables;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>The first screen: a card an emotion, which says which landmarks are kept, how well they do, against what, and what is saved.</summary>
internal static class Cards
{
    public static string Render(RunView run)
    {
        StringBuilder html = new("<ul class=\"cards\">\n");
        for (int i = 0; i < run.Emotions.Count; i++)
        {
            EmotionView e = run.Emotions[i];
            html.Append("<li><a class=\"card\" href=\"#").Append(SectionId(i)).Append("\">").Append(FaceOnPage.Small(run, e));
            html.Append("<span class=\"words\"><strong>").Append(Encode(e.Name)).Append("</strong>");
            Line(html, "kept", e.Kept == e.All ? $"all {Whole(e.All.Landmarks)} landmarks" : $"{Whole(e.Landmarks.Count)} of {Whole(e.All.Landmarks)} landmarks");
            html.Append("<span class=\"scores\">");
            Pair(html, "bal. accuracy", Score(e.Kept.BalancedAccuracy, e.Kept.Ci95));
            if (e.Comparisons.Count > 0) Pair(html, "AUC, kept", Score(e.Comparisons[0].Kept));
            foreach (Comparison c in e.Comparisons.Where(c => c.Against is Leads.All or "random" or "fisher")) Pair(html, c.Against switch { Leads.All => "all landmarks", "random" => "as many random", _ => "best by Fisher" }, Score(c.Other) + Mark(c));
            html.Append("</span>");
            Line(html, "saved", e.IsSavedKnown ? $"saved: {e.ModelFile}, {Cost.Size(e.Kept)}, {Cost.Time(e.Kept)} a clip" : "what the saved model keeps is not told");
            html.Append("</span></a></li>\n");
        }

        string measure = run.Result.Primary?.Measure ?? "AUC of all clips";
        html.Append("</ul>\n<p class=\"note\">Dots: the landmarks kept, larger and brighter where more relevant. Numbers: balanced accuracy with its 95% interval, on people not trained on; then ");
        html.Append(Encode($"the {measure} of the landmarks kept, of all landmarks, of as many random ones and of as many by Fisher score. "));
        return html.Append("The words behind say of the landmarks kept what a paired test over people, corrected for several, allows; no worse: they lose less than the margin.</p>\n").ToString();
    }

    private static string Mark(Comparison c) => c.Verdict switch
    {
        Verdict.Better => ", kept better",
        Verdict.Worse => ", kept worse",
        Verdict.NoWorse => ", kept no worse",
        Verdict.Open => ", not told apart",
        _ => "",
    };

    private static void Line(StringBuilder html, string name, string text) => html.Append("<span class=\"").Append(name).Append("\">").Append(Encode(text)).Append("</span>");

    private static void Pair(StringBuilder html, string name, string text) => html.Append("<span>").Append(Encode(name)).Append("</span><span>").Append(Encode(text)).Append("</span>");
}
