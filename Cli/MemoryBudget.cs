using System.CommandLine;
using System.Globalization;
using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Cli;

/// <summary>
/// <c>--memory</c>: what arrays of clips, features and matrices may take together. Without it the collector lets garbage pile up as long as
/// the machine has room; with it, it gives it back before the budget is reached, and work that does not fit ends in one line.
/// </summary>
internal static class MemoryBudget
{
    private const long Least = 64L << 20;

    // The rest is for what is computed of them.
    private const int PartOfData = 3;

    private static readonly (char Unit, int Shift)[] s_units = [('K', 10), ('M', 20), ('G', 30), ('T', 40)];

    public static Option<string> Option() => Setting.Text("--memory", "What clips, features and matrices may take together, such as 1500M or 4G; by default what the machine has. Changes no result.");

    /// <summary>Sets the budget, where one is given.</summary>
    /// <exception cref="ArgumentException">It is none, or less than what is in use.</exception>
    public static void Set(string? text)
    {
        if (text is null) return;
        long bytes = Parse(text);
        DataBudget.Bytes = bytes / PartOfData;
        AppContext.SetData("GCHeapHardLimit", (ulong)bytes);
        try
        {
            GC.RefreshMemoryLimit();
        }
        catch (InvalidOperationException e)
        {
            throw new ArgumentException($"--memory {text}: the program itself takes more than that; give a larger budget.", e);
        }
    }

    /// <summary>Bytes from a number with K, M, G or T behind it, or nothing.</summary>
    internal static long Parse(string text)
    {
        string trimmed = text.Trim().ToUpperInvariant().TrimEnd('B').TrimEnd('I');
        (char unit, int shift) = s_units.FirstOrDefault(u => trimmed.EndsWith(u.Unit));
        if (unit != 0) trimmed = trimmed[..^1];
        if (!double.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) || !(number * Math.Pow(2, shift) is >= Least and < long.MaxValue))
            throw new ArgumentException($"--memory {text}: give 64M or more, such as 1500M or 4G.");
        return (long)(number * Math.Pow(2, shift));
    }
}
