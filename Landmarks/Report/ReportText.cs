using System.Collections;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace EmotionXai.Landmarks.Report;

/// <summary>How the report writes words and numbers. All that comes from data passes <see cref="Encode"/> once.</summary>
internal static class ReportText
{
    /// <summary>Stands where there is no number.</summary>
    public const string None = "–";

    /// <summary>A text for HTML and XML alike; characters that XML forbids become U+FFFD.</summary>
    public static string Encode(string text)
    {
        char[] safe = text.ToCharArray();
        for (int i = 0; i < safe.Length; i++)
        {
            bool pair = i + 1 < safe.Length && char.IsSurrogatePair(safe[i], safe[i + 1]);
            if (pair) i++;
            else if ((safe[i] < ' ' && safe[i] is not ('\t' or '\n' or '\r')) || char.IsSurrogate(safe[i]) || safe[i] >= '\uFFFE') safe[i] = '\uFFFD';
        }

        return WebUtility.HtmlEncode(new string(safe));
    }

    /// <summary>A score between 0 and 1.</summary>
    public static string Score(double value) => Number(value, "0.000");

    /// <summary>A score and its interval, where it has one.</summary>
    public static string Score(double value, IReadOnlyList<double> interval) =>
        interval.Count == 2 ? $"{Score(value)} [{Score(interval[0])}, {Score(interval[1])}]" : Score(value);

    /// <summary>A difference of scores, always with its sign.</summary>
    public static string Difference(double value) => Number(value, "+0.000;−0.000;0.000");

    /// <summary>A share as a percentage.</summary>
    public static string Share(double value) => Number(100 * value, "0.00", "%");

    /// <summary>A count, thousands apart.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>How many times less.</summary>
    public static string Ratio(long all, long kept) => kept > 0 ? Number((double)all / kept, "0.0", "×") : None;

    /// <summary>A number in a format of .NET.</summary>
    public static string Number(double value, string format, string unit = "") =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) + unit : None;

    /// <summary>A coordinate of a drawing.</summary>
    public static string Place(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A whole number as it is.</summary>
    public static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of an option, from a run or from its file.</summary>
    public static string Option(object? value) => value switch
    {
        null => None,
        string text => text,
        bool flag => flag ? "yes" : "no",
        JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } json => Option(json.GetBoolean()),
        JsonElement { ValueKind: JsonValueKind.Array } json => string.Join(", ", json.EnumerateArray().Select(e => Option(e))),
        JsonElement { ValueKind: JsonValueKind.Null } => None,
        JsonElement json => json.ToString(),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Option)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? None,
    };
}
