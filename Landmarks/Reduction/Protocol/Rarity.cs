using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Emotions that one person alone shows cannot be tested on people not trained on. Found before work begins.</summary>
internal static class Rarity
{
    /// <summary>The emotions that can be reduced, and a line for each that is left out.</summary>
    /// <exception cref="InvalidDataException">One that was asked for by name cannot, or none can.</exception>
    public static (string[] Emotions, IReadOnlyList<string> LeftOut) Split(string source, string[] emotions, FeatureSet features, bool named)
    {
        IReadOnlyDictionary<string, string> rare = DataFindings.TooRare(features.Labels, features.Subjects);
        string[] missing = [.. emotions.Where(e => !features.Labels.Contains(e))];
        IReadOnlyList<string> left =
        [
            .. emotions.Where(rare.ContainsKey).Select(e => $"{source}: '{e}' has {rare[e]}, and a test on people not trained on needs two or more: it is no emotion of this run, its clips are among the others"),
            .. missing.Select(e => $"{source}: no clip of '{e}' has enough sure frames: it is no emotion of this run"),
        ];
        string[] kept = [.. emotions.Where(e => !rare.ContainsKey(e) && !missing.Contains(e))];
        if (left.Count > 0 && (named || kept.Length == 0)) throw new InvalidDataException(left[0].Split(": it is no emotion")[0] + ". Add clips of more people, or choose other emotions.");
        return (kept, left);
    }
}
