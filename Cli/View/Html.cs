using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace EmotionXai.Cli.View;

/// <summary>Markup. What is put into an interpolated one is escaped, unless it is markup itself: nothing from a file can become a tag.</summary>
internal readonly record struct Html(string Text)
{
    public static readonly Html None = new("");

    /// <summary>Markup with values in it: <c>Html.Of($"&lt;td&gt;{name}&lt;/td&gt;")</c>.</summary>
    public static Html Of(Handler markup) => new(markup.Done());

    /// <summary>One after the other.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p.Text)));

    public override string ToString() => Text;

    [InterpolatedStringHandler]
    internal readonly struct Handler(int literal, int holes)
    {
        private readonly StringBuilder _text = new(literal + (16 * holes));

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted(Html markup) => _text.Append(markup.Text);

        public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(double number, string format) => _text.Append(double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "-");

        public string Done() => _text.ToString();
    }
}
