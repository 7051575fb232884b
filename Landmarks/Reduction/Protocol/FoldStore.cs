using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EmotionXai.Landmarks.Runs;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Keeps finished folds in the folder <c>unfinished</c> of a run until the run ends. Every file names the run's fingerprint and
/// carries a checksum: a fold of another run, or one in which a digit was changed, is not taken back but computed again.
/// </summary>
internal sealed class FoldStore
{
    private const string Mark = "emotionxai-fold-1", Extension = ".fold";

    private readonly string _folder, _fingerprint;
    private readonly Dictionary<(string Emotion, int Fold), FoldOutcome> _known = [];

    /// <summary>Opens the store of a run, with what an equal run has left there.</summary>
    /// <param name="output">The run's folder.</param>
    /// <param name="fingerprint">The run's.</param>
    /// <param name="note">Told of every file that is not taken back.</param>
    public FoldStore(string output, string fingerprint, Action<string>? note)
    {
        (_folder, _fingerprint) = (Path.Combine(output, RunFolder.UnfinishedName), fingerprint);
        Directory.CreateDirectory(_folder);
        foreach (string file in Directory.EnumerateFiles(_folder, "*" + Extension).Order(StringComparer.Ordinal))
        {
            FoldOutcome? outcome = Load(file, _fingerprint);
            if (outcome is null) note?.Invoke($"{file}: this fold is damaged or of another run; it is computed again.");
            else _known[(outcome.Emotion, outcome.Fold)] = outcome.Brief();
        }
    }

    /// <summary>Folds taken back.</summary>
    public int Count => _known.Count;

    /// <summary>A fold that an earlier run has left, brief; null where there is none.</summary>
    public FoldOutcome? Find(string emotion, int fold) => _known.GetValueOrDefault((emotion, fold));

    /// <summary>The whole outcome that was saved; null where none was.</summary>
    public FoldOutcome? Whole(string emotion, int fold) => Load(Path.Combine(_folder, NameOf(emotion, fold)), _fingerprint);

    /// <summary>The file of a fold.</summary>
    public static string NameOf(string emotion, int fold) => $"{FileNames.Safe(emotion)}-{fold:000}{Extension}";

    public void Save(FoldOutcome outcome)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(outcome, ResultJson.Default.FoldOutcome);
        AtomicFile.WriteStream(Path.Combine(_folder, NameOf(outcome.Emotion, outcome.Fold)), stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes(FirstLine(_fingerprint, json)));
            stream.Write(json);
        });
    }

    /// <summary>Where the networks of a fold that is under way are kept.</summary>
    /// <param name="emotion">The emotion.</param>
    /// <param name="fold">The fold.</param>
    /// <param name="least">The least seconds that a network has taken to be kept.</param>
    /// <param name="every">Seconds between two states of a network that is being trained.</param>
    public NetworkStore Networks(string emotion, int fold, double least, double every) => new(Path.Combine(_folder, $"{FileNames.Safe(emotion)}-{fold:000}"), _fingerprint, least, every);

    /// <summary>Networks of folds that were under way.</summary>
    public int CountNetworks() => Directory.EnumerateFiles(_folder, "*" + NetworkStore.Extension, SearchOption.AllDirectories).Count();

    /// <summary>The run is whole: nothing is left to resume.</summary>
    public void Clear() => Directory.Delete(_folder, recursive: true);

    /// <summary>The run was a part of one: its folds, and nothing else, are what it leaves.</summary>
    public void Close()
    {
        foreach (string file in Directory.EnumerateFiles(_folder).Where(f => Path.GetExtension(f) != Extension)) File.Delete(file);
        Directory.Move(_folder, Path.Combine(Path.GetDirectoryName(_folder)!, RunFolder.FoldsName));
    }

    /// <summary>A fold of a run; null where there is none, or another's, or a damaged one.</summary>
    public static FoldOutcome? Load(string file, string fingerprint)
    {
        if (!File.Exists(file)) return null;
        ReadOnlySpan<byte> text = File.ReadAllBytes(file);
        int end = text.IndexOf((byte)'\n') + 1;
        ReadOnlySpan<byte> json = text[end..];
        if (!text[..end].SequenceEqual(Encoding.UTF8.GetBytes(FirstLine(fingerprint, json)))) return null;
        try
        {
            FoldOutcome? outcome = JsonSerializer.Deserialize(json, ResultJson.Default.FoldOutcome);
            return outcome is not null && NameOf(outcome.Emotion, outcome.Fold) == Path.GetFileName(file) ? outcome : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The checksum is over the fingerprint too, so that no line of one file fits another.
    private static string FirstLine(string fingerprint, ReadOnlySpan<byte> json)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{fingerprint}\n"));
        hash.AppendData(json);
        return $"{Mark} {fingerprint} {Convert.ToHexStringLower(hash.GetHashAndReset())}\n";
    }
}
