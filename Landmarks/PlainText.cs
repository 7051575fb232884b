using System.Text;

namespace EmotionXai.Landmarks;

/// <summary>
/// Text from files as it may be shown. A terminal obeys control characters (it changes colours, titles and even its keyboard), and
/// characters that turn the direction of writing make a name look like another.
/// </summary>
public static class PlainText
{
    private const char FirstPicture = '\u2400', DeletePicture = '\u2421', Unknown = '\uFFFD', Delete = '\u007F';

    /// <summary>The text with a visible sign for every character that is none: ␛ for escape, ␊ for a line break; U+FFFD for those that have no sign.</summary>
    public static string Show(string text)
    {
        int first = 0;
        while (first < text.Length && IsPlain(text, first)) first++;
        if (first == text.Length) return text;
        StringBuilder shown = new(text, 0, first, text.Length);
        for (int i = first; i < text.Length; i++)
        {
            char c = text[i];
            shown.Append(IsPlain(text, i) ? c : c < ' ' ? (char)(FirstPicture + c) : c == Delete ? DeletePicture : Unknown);
        }

        return shown.ToString();
    }

    /// <summary>Whether a character shows itself and does nothing else.</summary>
    internal static bool IsPlain(char c) => c switch
    {
        < ' ' or (>= Delete and < '\u00A0') => false,
        '\u061C' or '\u200E' or '\u200F' or '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => false,
        _ => true,
    };

    private static bool IsPlain(string text, int at)
    {
        char c = text[at];
        if (!char.IsSurrogate(c)) return IsPlain(c);
        return char.IsHighSurrogate(c) ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) : at > 0 && char.IsHighSurrogate(text[at - 1]);
    }
}
