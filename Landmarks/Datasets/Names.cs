namespace EmotionXai.Landmarks.Datasets;

/// <summary>Names as they come from files: of one Unicode form, and fit to be shown.</summary>
internal static class Names
{
    /// <summary>A name without blanks around it, its marks composed, its control characters visible.</summary>
    public static string Clean(string name) => PlainText.Show(UnicodeForms.Compose(name.Trim()));

    /// <summary>A label: the same in lower case; null where there is none.</summary>
    public static string? Label(string? label) => label is null ? null : Clean(label).ToLowerInvariant() is { Length: > 0 } text ? text : null;

    /// <summary>What names of one person have in common: all but case and blanks inside.</summary>
    public static string PersonKey(string subject) => string.Join(' ', subject.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
