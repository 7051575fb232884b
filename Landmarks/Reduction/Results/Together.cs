using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Judges clips by the largest logit of all emotions' classifiers.</summary>
internal static class Together
{
    /// <summary>The result; null for a single emotion.</summary>
    /// <param name="features">The clips.</param>
    /// <param name="emotions">All tested on the same clips in the same order.</param>
    /// <param name="clips">[tested clip]: its index.</param>
    public static TogetherResult? Of(FeatureSet features, IReadOnlyList<EmotionResult> emotions, int[] clips)
    {
        if (emotions.Count < 2) return null;
        string[] labels = [.. emotions.Select(e => e.Name)];
        int[] judged = [.. Enumerable.Range(0, clips.Length).Where(i => labels.Contains(features.Labels[clips[i]]))];
        int[][] all = Confusion([.. emotions.Select(e => e.Stages[0].Logits)]), kept = Confusion([.. emotions.Select(e => e.Stages.First(s => s.Landmarks == e.Chosen.Landmarks).Logits)]);
        return new TogetherResult(labels, judged.Length, Accuracy(all), Accuracy(kept), all, kept);

        int[][] Confusion(IReadOnlyList<double>[] logits)
        {
            int[][] counts = [.. labels.Select(_ => new int[labels.Length])];
            foreach (int i in judged)
                counts[Array.IndexOf(labels, features.Labels[clips[i]])][Enumerable.Range(0, labels.Length).MaxBy(e => logits[e][i])]++;
            return counts;
        }
    }

    private static double Accuracy(int[][] confusion)
    {
        int sum = confusion.Sum(row => row.Sum());
        return sum == 0 ? double.NaN : confusion.Select((row, i) => row[i]).Sum() / (double)sum;
    }
}
