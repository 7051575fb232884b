namespace EmotionXai.Landmarks.Models;

/// <summary>How the models of a folder are named: an emotion's, and beside it, with <c>.all</c>, which no emotion's own name can end in, the same on all landmarks.</summary>
internal static class ModelFiles
{
    private const string Extension = ".safetensors", All = ".all" + Extension;

    public static string Chosen(string emotion) => FileNames.Safe(emotion) + Extension;

    public static string OnAllLandmarks(string emotion) => FileNames.Safe(emotion) + All;

    /// <summary>The models of a folder: what is on all landmarks is for whoever names it, where the chosen one stands beside it.</summary>
    public static IEnumerable<string> In(string folder)
    {
        HashSet<string> names = [.. Directory.EnumerateFiles(folder, "*" + Extension)];
        return names.Where(n => !n.EndsWith(All, StringComparison.Ordinal) || !names.Contains(n[..^All.Length] + Extension)).Order(StringComparer.Ordinal);
    }
}
