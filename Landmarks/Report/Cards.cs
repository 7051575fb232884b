using System.Text;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;
using static EmotionXai.Landmarks.Report.ReportTables;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>The first screen: a card an emotion, with the face that is left, the accuracy before and after, and what it saves.</summary>
internal static class Cards
{
    public static string Render(ReductionResult result, LandmarkTopology topology)
    {
        StringBuilder html = new("<ul class=\"cards\">\n");
        for (int i = 0; i < result.Emotions.Count; i++)
        {
            EmotionResult e = result.Emotions[i];
            if (All(e) is not { } all) continue;
            html.Append("<li><a class=\"card\" href=\"#").Append(SectionId(i)).Append("\">").Append(FaceSvg.Small(topology, e.Ranking, e.Chosen.Landmarks));
            html.Append("<span class=\"words\"><strong>").Append(Encode(e.Name)).Append("</strong>");
            Line(html, "kept", $"{Whole(e.Chosen.Landmarks)} of {Whole(all.Landmarks)} landmarks");
            Line(html, "accuracy", $"{Score(all.BalancedAccuracy)} \u2192 {Score(e.Chosen.BalancedAccuracy, e.Chosen.Ci95)}");
            if (Kept(e) is { } kept && kept != all) Line(html, "cost", $"{Ratio(all.MacsPerClip, kept.MacsPerClip)} fewer multiply-adds");
            html.Append("</span></a></li>\n");
        }

        return html.Append("</ul>\n<p class=\"note\">Balanced accuracy on people not trained on, with all landmarks and with those kept, and its 95% interval.</p>\n").ToString();
    }

    private static void Line(StringBuilder html, string name, string text) => html.Append("<span class=\"").Append(name).Append("\">").Append(Encode(text)).Append("</span>");
}
