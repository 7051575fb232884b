namespace EmotionXai.Cli;

/// <summary>Finds the word that was meant.</summary>
internal static class Spelling
{
    private const int LettersAnError = 3;

    /// <summary>The nearest of some words: one that the typed one begins, or one that few errors lead to; null where none is near.</summary>
    public static string? Nearest(string typed, IEnumerable<string> words)
    {
        string word = typed.ToLowerInvariant();
        int bare = word.TrimStart('-').Length;
        (string Word, int Errors)[] ranked = [.. words
            .Select(w => (Word: w, Errors: bare >= LettersAnError && w.StartsWith(word, StringComparison.Ordinal) ? 0 : Errors(word, w)))
            .OrderBy(w => w.Errors).ThenBy(w => w.Word, StringComparer.Ordinal)];
        return ranked.Length > 0 && ranked[0].Errors <= Math.Max(1, bare / LettersAnError) ? ranked[0].Word : null;
    }

    /// <summary>Letters left out, put in, changed or swapped with a neighbour (optimal string alignment).</summary>
    internal static int Errors(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (swapped) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[a.Length, b.Length];
    }
}
