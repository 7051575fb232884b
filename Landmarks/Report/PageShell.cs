using System.Reflection;
using System.Text;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>
/// A page that needs nothing else: style, drawings, script and data stand in it. The markup is XHTML, so that it can be
/// parsed, and whole without its script.
/// </summary>
internal static class PageShell
{
    private static readonly string s_script = Asset("report.js");

    /// <summary>The page.</summary>
    /// <param name="title">Its title; encoded here.</param>
    /// <param name="body">Markup.</param>
    /// <param name="data">JSON for the script; null for a page without one.</param>
    public static string Page(string title, string body, string? data)
    {
        StringBuilder html = new("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\"/>\n");
        html.Append("<link rel=\"icon\" href=\"data:,\"/>\n<title>").Append(Encode(title)).Append("</title>\n");
        html.Append("<style>\n").Append(ReportStyle.Css).Append("\n</style>\n</head>\n<body>\n").Append(body);
        if (data is not null)
        {
            html.Append("<div id=\"tip\" role=\"status\" hidden=\"hidden\"></div>\n<script type=\"application/json\" id=\"data\">").Append(data).Append("</script>\n");
            Script(html, s_script);
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    // Comments hide the CDATA marks, which XML wants, from HTML, which does not know them.
    private static void Script(StringBuilder html, string code) => html.Append("<script>//<![CDATA[\n").Append(code).Append("\n//]]></script>\n");

    private static string Asset(string name)
    {
        Assembly assembly = typeof(PageShell).Assembly;
        using Stream stream = assembly.GetManifestResourceStream($"{assembly.GetName().Name}.Report.Assets.{name}") ?? throw new InvalidOperationException($"The build left out {name}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Trim();
    }
}
