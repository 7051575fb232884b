using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>The clips of a dataset while it is read, and their labels at the end. Common to all formats.</summary>
internal sealed class ClipTable
{
    private readonly List<ClipDraft> _drafts = [];
    private readonly DraftFrames _frames = new();
    private readonly List<string> _warnings = [];
    private readonly SortedSet<string> _extractors = new(StringComparer.Ordinal);

    public ClipDraft Add(string name, string file, int line)
    {
        ClipDraft draft = new(name, file, line, _frames);
        _drafts.Add(draft);
        return draft;
    }

    /// <summary>Takes note of what found the points of some clips: a text of the file.</summary>
    public void FoundBy(string extractor) => _extractors.Add(Names.Clean(extractor));

    public void Warn(string warning) => _warnings.Add(warning);

    /// <summary>
    /// The set. A label comes from --labels, else from the data, else from labels.csv beside them; the subject likewise, else
    /// from the clip's name.
    /// </summary>
    public LandmarkSet Label(string path, LandmarkTopology topology, int dimensions, DatasetOptions options)
    {
        CleanNames();
        CheckNames();
        bool insist = options.LabelsFile is not null;
        string? file = options.LabelsFile ?? (_drafts.All(d => d.Label is not null) ? null : CsvFiles.LabelsBeside(path));
        LabelsFile? labels = file is null ? null : new LabelsFile(file);
        List<LandmarkClip> clips = [];
        List<ClipDraft> bare = [];
        int guessed = 0;
        People people = new(options.SubjectsAsIs);
        foreach (ClipDraft draft in _drafts)
        {
            LabelsFile.Entry? entry = labels?.Find(draft.Name);
            string? label = Names.Label(insist ? entry?.Label : draft.Label ?? entry?.Label);
            string? subject = (insist ? entry?.Subject ?? draft.Subject : draft.Subject ?? entry?.Subject)?.Trim();
            if (label is null) bare.Add(draft);
            if (string.IsNullOrEmpty(subject))
            {
                subject = SubjectOf(draft.Name);
                guessed++;
            }

            clips.Add(draft.Finish(people.Find(subject), label ?? DatasetOptions.Unlabelled, topology.Count, dimensions));
        }

        if (bare.Count > 0 && options.RequireLabels) throw Bare(bare, labels);
        if (labels is not null) _warnings.AddRange(labels.Unused());
        if (people.Warning is string alike) Warn($"{path}: {alike}");
        // Of one clip alone nobody asks whose it is.
        if (guessed > 0 && clips.Count > 1) _warnings.Add($"{path}: {guessed} clip{(guessed == 1 ? " tells" : "s tell")} no subject; taken from names instead: '{clips[0].Name}' shows '{clips[0].Subject}'");
        LandmarkSet set = new(path, topology, clips) { Warnings = _warnings, Extractor = _extractors.Count > 0 ? string.Join(" and ", _extractors) : null };
        if (set.Labels.Count == 1 && bare.Count == 0) _warnings.Add($"{path}: all clips are labelled '{set.Labels[0]}'; training needs clips of another label too");
        return set;
    }

    /// <summary>
    /// A name up to its last underscore, where only digits follow up to the extension: several images of one person, as in
    /// Jane_Doe_0007.jpg. Else the name itself.
    /// </summary>
    internal static string SubjectOf(string clip)
    {
        string stem = Path.GetFileNameWithoutExtension(clip);
        int at = stem.LastIndexOf('_');
        return at > 0 && at < stem.Length - 1 && stem.AsSpan(at + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? stem[..at] : clip;
    }

    // What a terminal would obey is shown and not done; a word about it, since it is hardly meant.
    private void CleanNames()
    {
        foreach (ClipDraft draft in _drafts) draft.Name = Names.Clean(draft.Name);
        string? odd = _drafts.SelectMany(d => new[] { d.Label, d.Subject }).FirstOrDefault(t => t is not null && t != PlainText.Show(t));
        if (odd is not null) Warn($"control characters in labels or subjects are shown as signs, as in '{PlainText.Show(odd)}'; they are hardly meant");
    }

    private void CheckNames()
    {
        Dictionary<string, ClipDraft> seen = new(StringComparer.Ordinal);
        foreach (ClipDraft draft in _drafts)
        {
            if (!seen.TryAdd(draft.Name, draft))
                throw DatasetFault.At(draft.File, draft.Line, $"clip '{draft.Name}' is in {seen[draft.Name].File} too. Name the clips apart.");
        }
    }

    private static InvalidDataException Bare(List<ClipDraft> bare, LabelsFile? labels)
    {
        string which = bare.Count == 1 ? $"clip '{bare[0].Name}' has" : $"clip '{bare[0].Name}' and {bare.Count - 1} more have";
        return labels is null
            ? DatasetFault.At(bare[0].File, bare[0].Line, $"{which} no label. Give --labels FILE with the columns file, subject, label, or put labels.csv beside the data.")
            : DatasetFault.At(labels.Path, $"{which} no label in it. Add a line for each, or take them out of the data.");
    }
}
