using System.Text.Json;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Keeps finished folds in the folder <c>unfinished</c> of a run until the run ends. A fold is only taken back by a run with
/// the same fingerprint: the same options and the same data.
/// </summary>
internal sealed class FoldStore : IDisposable
{
    private readonly string _folder;
    private readonly Dictionary<(string Emotion, int Fold), FoldOutcome> _known = [];

    /// <exception cref="InvalidDataException">The run to be resumed had other options or data.</exception>
    public FoldStore(string output, string fingerprint, bool resume)
    {
        _folder = Path.Combine(output, "unfinished");
        string mark = Path.Combine(_folder, "fingerprint.txt");
        if (resume && File.Exists(mark))
        {
            if (File.ReadAllText(mark) != fingerprint)
                throw new InvalidDataException($"{output}: the unfinished run there had other options or data; run without --resume, or with those options.");
            foreach (string file in Directory.EnumerateFiles(_folder, "*.json").Where(f => Path.GetFileName(f) != ProgressFile.Name).Order(StringComparer.Ordinal)) Load(file);
        }
        else
        {
            if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
            Directory.CreateDirectory(_folder);
            AtomicFile.WriteText(mark, fingerprint);
        }
    }

    public FoldOutcome? Find(string emotion, int fold) => _known.GetValueOrDefault((emotion, fold));

    public void Save(FoldOutcome outcome)
    {
        string name = $"{FileNames.Safe(outcome.Emotion)}-{outcome.Fold:000}.json";
        AtomicFile.WriteText(Path.Combine(_folder, name), JsonSerializer.Serialize(outcome, ResultJson.Default.FoldOutcome));
    }

    /// <summary>The run is whole: nothing is left to resume.</summary>
    public void Clear() => Directory.Delete(_folder, recursive: true);

    public void Dispose() => _known.Clear();

    private void Load(string file)
    {
        try
        {
            FoldOutcome outcome = JsonSerializer.Deserialize(File.ReadAllText(file), ResultJson.Default.FoldOutcome)!;
            _known[(outcome.Emotion, outcome.Fold)] = outcome;
        }
        catch (JsonException)
        {
            // Files are written whole or not at all; one that a person has damaged is simply done again.
        }
    }
}
