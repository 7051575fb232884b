using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Training;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Intervals by a bootstrap over subjects: clips of one person are not independent, people are.</summary>
internal static class Bootstrap
{
    /// <summary>The 2.5th and 97.5th percentiles of the balanced accuracy when subjects are drawn with replacement.</summary>
    /// <param name="logits">[clip].</param>
    /// <param name="targets">[clip].</param>
    /// <param name="subjects">[clip].</param>
    /// <param name="samples">Bootstrap samples.</param>
    /// <param name="seed">Of the draws.</param>
    /// <returns>Low and high; NaN where no sample held both classes.</returns>
    public static double[] BalancedAccuracy(double[] logits, float[] targets, string[] subjects, int samples, ulong seed)
    {
        // Counts a subject are all that a balanced accuracy needs: true positives, positives, true negatives, negatives.
        int[][] counts = [.. subjects
            .Select((subject, i) => (Subject: subject, Clip: i))
            .GroupBy(c => c.Subject, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Count(g.Select(c => c.Clip), logits, targets))];
        List<double> scores = new(samples);
        Span<int> total = stackalloc int[4];
        for (int sample = 0; sample < samples; sample++)
        {
            total.Clear();
            for (int draw = 0; draw < counts.Length; draw++)
            {
                int[] count = counts[RandomOrder.Below(counts.Length, new RandomKey(seed, (ulong)sample), (ulong)draw)];
                for (int i = 0; i < 4; i++) total[i] += count[i];
            }

            if (total[1] > 0 && total[3] > 0) scores.Add(0.5 * (((double)total[0] / total[1]) + ((double)total[2] / total[3])));
        }

        if (scores.Count == 0) return [double.NaN, double.NaN];
        scores.Sort();
        return [Percentile(scores, 0.025), Percentile(scores, 0.975)];
    }

    private static int[] Count(IEnumerable<int> clips, double[] logits, float[] targets)
    {
        int[] all = [.. clips];
        Metrics m = Metrics.Of([.. all.Select(i => logits[i])], [.. all.Select(i => targets[i])]);
        return [m.TruePositives, m.TruePositives + m.FalseNegatives, m.TrueNegatives, m.TrueNegatives + m.FalsePositives];
    }

    private static double Percentile(List<double> sorted, double p)
    {
        double at = p * (sorted.Count - 1);
        int low = (int)at;
        return low + 1 < sorted.Count ? sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low])) : sorted[low];
    }
}
