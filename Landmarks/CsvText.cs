namespace EmotionXai.Landmarks;

/// <summary>Text as a cell of a CSV file.</summary>
public static class CsvText
{
    // A spreadsheet takes a cell that begins so for a formula, which may read other cells or call programs.
    private const string Formulas = "=+-@\t\r";
    private const char Apostrophe = '\'';

    /// <summary>
    /// The text, quoted where it holds a comma, a quote or a line break (RFC 4180), and behind an apostrophe where a spreadsheet
    /// would take it for a formula. <see cref="Text"/> takes the apostrophe off again.
    /// </summary>
    public static string Cell(string text)
    {
        if (IsFormula(text)) text = Apostrophe + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    /// <summary>The text of a cell without its quotes: what <see cref="Cell"/> was given.</summary>
    public static string Text(string cell) => cell.Length > 1 && cell[0] == Apostrophe && IsFormula(cell[1..]) ? cell[1..] : cell;

    // Apostrophes before a formula count with it, so that taking one off undoes putting one on.
    private static bool IsFormula(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(Apostrophe);
        return rest.Length > 0 && Formulas.Contains(rest[0]);
    }
}
