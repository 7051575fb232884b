using System.Globalization;
using System.Text;

namespace EmotionXai.Landmarks.Report;

/// <summary>
/// A drawing in SVG, in points (1/72 inch). Colours stand as attributes, so that a file is whole by itself; the page overrides
/// those of ink and paper by class, for its dark scheme. Texts are encoded here.
/// </summary>
public sealed class Drawing(double width, double height)
{
    /// <summary>The width of one column of a paper, in points: 85 mm.</summary>
    public const double Column = 241;

    /// <summary>The width of two columns, in points: 180 mm.</summary>
    public const double TwoColumns = 510;

    internal const double TextSize = 8;
    internal const string Ink = "#1a1a1a", Soft = "#5a5a5a", Grey = "#c4c4c4", Ring = "#c2185b";

    private readonly StringBuilder _body = new();

    /// <summary>In points.</summary>
    public double Width { get; } = width;

    /// <summary>In points.</summary>
    public double Height { get; } = height;

    /// <summary>The drawing as markup of a page, as wide as its place.</summary>
    /// <param name="name">Its class.</param>
    /// <param name="title">What it shows, for those who do not see it.</param>
    internal string Inline(string name, string title) =>
        $"<svg class=\"drawing {name}\" role=\"img\" viewBox=\"0 0 {Place(Width)} {Place(Height)}\"><title>{ReportText.Encode(title)}</title>\n{_body}</svg>\n";

    /// <summary>The drawing as a file.</summary>
    public string File() =>
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" width="{Place(Width)}pt" height="{Place(Height)}pt" viewBox="0 0 {Place(Width)} {Place(Height)}">
        <rect x="0" y="0" width="{Place(Width)}" height="{Place(Height)}" fill="#ffffff"/>
        {_body}</svg>

        """;

    /// <summary>Writes a text.</summary>
    internal void Text(double x, double y, string text, double size = TextSize, string anchor = "start", bool bold = false, bool soft = false, bool upward = false)
    {
        string turn = upward ? $" transform=\"rotate(-90 {Place(x)} {Place(y)})\"" : "";
        _body.Append(CultureInfo.InvariantCulture, $"<text class=\"{(soft ? "soft" : "ink")}\" x=\"{Place(x)}\" y=\"{Place(y)}\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"{Place(size)}\" fill=\"{(soft ? Soft : Ink)}\" text-anchor=\"{anchor}\"{(bold ? " font-weight=\"bold\"" : "")}{turn}>");
        _body.Append(ReportText.Encode(text)).Append("</text>\n");
    }

    /// <summary>Writes the drawing's title, as large as it fits.</summary>
    internal void Title(string text, double x = 0)
    {
        const double Size = 9, Bold = 0.66;
        Text(x, 10, text, Math.Min(Size, (Width - x) / (Bold * Math.Max(1, text.Length))), bold: true);
    }

    /// <summary>Draws a line.</summary>
    internal void Line(double x1, double y1, double x2, double y2, string colour = Grey, double width = 0.5, string? name = "rule", string? dash = null) =>
        _body.Append($"<line{Class(name)} x1=\"{Place(x1)}\" y1=\"{Place(y1)}\" x2=\"{Place(x2)}\" y2=\"{Place(y2)}\" stroke=\"{colour}\" stroke-width=\"{Place(width)}\"{(dash is null ? "" : $" stroke-dasharray=\"{dash}\"")}/>\n");

    /// <summary>Draws a filled rectangle.</summary>
    internal void Box(double x, double y, double width, double height, string fill, string? title = null) =>
        _body.Append($"<rect x=\"{Place(x)}\" y=\"{Place(y)}\" width=\"{Place(width)}\" height=\"{Place(height)}\" fill=\"{fill}\"{(title is null ? "/>" : $"><title>{ReportText.Encode(title)}</title></rect>")}\n");

    /// <summary>Draws a path.</summary>
    internal void Path(string d, string fill = "none", string? stroke = null, double width = 1, string? name = null, string? dash = null, double opacity = 1, string? title = null)
    {
        string line = stroke is null ? "" : $" stroke=\"{stroke}\" stroke-width=\"{Place(width)}\" stroke-linejoin=\"round\"";
        string more = (dash is null ? "" : $" stroke-dasharray=\"{dash}\"") + (opacity < 1 ? $" fill-opacity=\"{Place(opacity)}\"" : "");
        _body.Append($"<path{Class(name)} d=\"{d}\" fill=\"{fill}\"{line}{more}{(title is null ? "/>" : $"><title>{ReportText.Encode(title)}</title></path>")}\n");
    }

    /// <summary>Puts markup in, moved and scaled.</summary>
    internal void Put(string markup, double x, double y, double scale) => _body.Append($"<g transform=\"translate({Place(x)} {Place(y)}) scale({scale.ToString("0.####", CultureInfo.InvariantCulture)})\">\n{markup}</g>\n");

    /// <summary>Puts another drawing in.</summary>
    internal void Put(Drawing other, double x, double y) => Put(other._body.ToString(), x, y, 1);

    /// <summary>About how wide a text is: by the mean width of Helvetica's letters.</summary>
    internal static double WidthOf(string text, double size = TextSize) => 0.53 * size * text.Length;

    /// <summary>A coordinate: to a hundredth of a point.</summary>
    internal static string Place(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Class(string? name) => name is null ? "" : $" class=\"{name}\"";
}
