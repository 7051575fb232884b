namespace EmotionXai.Cli;

/// <summary>Words of a command line as a POSIX shell takes them back.</summary>
internal static class ShellWord
{
    /// <summary>The word, in quotes where it needs them.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_./:,=+@%".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
