namespace EmotionXai.Landmarks;

/// <summary>Text as a cell of a CSV file.</summary>
public static class CsvText
{
    /// <summary>The text, quoted where it holds a comma, a quote or a line break (RFC 4180).</summary>
    public static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
