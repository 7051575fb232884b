namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// The people of a set while it is read. Names that differ in case, blanks or Unicode form alone are one person's: taken for two, the
/// same face would be trained and tested on.
/// </summary>
internal sealed class People(bool asIs)
{
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly List<(string First, string Other)> _alike = [];

    /// <summary>What to tell about names that are alike; null where none are.</summary>
    public string? Warning => _alike.Count == 0
        ? null
        : $"subjects '{_alike[0].Other}' and '{_alike[0].First}'{(_alike.Count > 1 ? $" and {_alike.Count - 1} more pairs" : "")} differ in case, blanks or Unicode form alone: "
            + (asIs ? "they stay different people, as --subjects as-is says" : "each pair is taken for one person; --subjects as-is keeps them apart");

    /// <summary>The person of a name: as that name was first written.</summary>
    public string Find(string subject)
    {
        string clean = Names.Clean(subject), given = asIs ? PlainText.Show(subject.Trim()) : clean;
        string key = Names.PersonKey(clean);
        if (!_known.TryGetValue(key, out string? first))
        {
            _known[key] = subject.Trim();
            return given;
        }

        if (first != subject.Trim() && !_alike.Exists(a => a.Other == subject.Trim())) _alike.Add((first, subject.Trim()));
        return asIs ? given : Names.Clean(first);
    }
}
