using System.Globalization;
using System.Text;

namespace EmotionXai.Landmarks.Report;

/// <summary>A table with a caption and headers that screen readers can follow. It encodes every text it is given.</summary>
internal sealed class HtmlTable(string caption)
{
    private readonly List<(string Name, string[] Parts, bool Text)> _columns = [];
    private readonly List<string> _rows = [];

    /// <summary>Adds a column of numbers, or of text.</summary>
    public HtmlTable Column(string name, bool text = false)
    {
        _columns.Add((name, [], text));
        return this;
    }

    /// <summary>Adds columns of numbers under a common header.</summary>
    public HtmlTable Group(string name, params string[] parts)
    {
        _columns.Add((name, parts, false));
        return this;
    }

    /// <summary>Adds a row; its header belongs to the first column.</summary>
    /// <param name="header">The first cell.</param>
    /// <param name="cells">The others.</param>
    /// <param name="link">The identity of a section of the page that the header leads to.</param>
    /// <param name="marked">Whether the row stands out.</param>
    public void Row(string header, IReadOnlyList<string> cells, string? link = null, bool marked = false)
    {
        bool[] text = [.. _columns.SelectMany(c => c.Parts.Length == 0 ? [c.Text] : c.Parts.Select(_ => false))];
        if (cells.Count != text.Length - 1) throw new ArgumentException($"A row of '{caption}' has {cells.Count + 1} cells, the table {text.Length} columns.", nameof(cells));
        StringBuilder row = new(marked ? "<tr class=\"marked\">" : "<tr>");
        string name = ReportText.Encode(header);
        row.Append("<th scope=\"row\">").Append(link is null ? name : $"<a href=\"#{link}\">{name}</a>").Append("</th>");
        for (int i = 0; i < cells.Count; i++) row.Append(text[i + 1] ? "<td class=\"text\">" : "<td>").Append(ReportText.Encode(cells[i])).Append("</td>");
        _rows.Add(row.Append("</tr>").ToString());
    }

    /// <summary>The markup.</summary>
    public override string ToString()
    {
        bool grouped = _columns.Any(c => c.Parts.Length > 0);
        StringBuilder html = new();
        html.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").Append(ReportText.Encode(caption)).Append("\"><table>\n");
        html.Append("<caption>").Append(ReportText.Encode(caption)).Append("</caption>\n<thead>\n<tr>");
        foreach ((string name, string[] parts, bool text) in _columns)
        {
            string scope = parts.Length == 0 ? "scope=\"col\"" : string.Create(CultureInfo.InvariantCulture, $"scope=\"colgroup\" colspan=\"{parts.Length}\"");
            if (grouped && parts.Length == 0) scope += " rowspan=\"2\"";
            if (text) scope += " class=\"text\"";
            html.Append("<th ").Append(scope).Append('>').Append(ReportText.Encode(name)).Append("</th>");
        }

        html.Append("</tr>\n");
        if (grouped)
        {
            html.Append("<tr>");
            foreach (string part in _columns.SelectMany(c => c.Parts)) html.Append("<th scope=\"col\">").Append(ReportText.Encode(part)).Append("</th>");
            html.Append("</tr>\n");
        }

        return html.Append("</thead>\n<tbody>\n").AppendJoin('\n', _rows).Append("\n</tbody>\n</table></div>\n").ToString();
    }
}
