using System.Globalization;
using System.Text;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>Relevance over time: a sentence, and a bar a frame.</summary>
internal static class TimeBars
{
    /// <summary>The paragraph and the drawing.</summary>
    public static string Draw(IReadOnlyList<double> profile)
    {
        double most = profile.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        if (!(most > 0)) return "";
        int peak = 0;
        while (profile[peak] != most) peak++;
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<p>Relevance over time peaks at frame {peak + 1} of {profile.Count}, with {Share(most)} of it.</p>\n");
        html.Append(CultureInfo.InvariantCulture, $"<svg class=\"time\" role=\"img\" viewBox=\"0 0 {profile.Count * 10} 52\" preserveAspectRatio=\"none\"><title>Share of relevance, frame by frame</title>");
        for (int t = 0; t < profile.Count; t++)
        {
            double height = profile[t] > 0 ? 50 * profile[t] / most : 0;
            html.Append(CultureInfo.InvariantCulture, $"<g><title>frame {t + 1}: {Share(profile[t])}</title>");
            html.Append(CultureInfo.InvariantCulture, $"<rect x=\"{(t * 10) + 1}\" y=\"{Place(52 - height)}\" width=\"8\" height=\"{Place(height)}\"/></g>");
        }

        return html.Append("</svg>\n").ToString();
    }
}
