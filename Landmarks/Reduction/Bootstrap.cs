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

    /// <summary>The difference of two balanced accuracies on the same clips: subjects are drawn once for both.</summary>
    /// <param name="first">[clip] logits.</param>
    /// <param name="second">[draw][clip] logits; the mean over draws counts.</param>
    /// <param name="targets">[clip].</param>
    /// <param name="subjects">[clip].</param>
    /// <param name="samples">Bootstrap samples.</param>
    /// <param name="seed">Of the draws.</param>
    /// <returns>The interval, the standard deviation and the two-sided p-value; NaN where no sample held both classes.</returns>
    public static (double[] Ci95, double Deviation, double P) Difference(
        IReadOnlyList<double> first, IReadOnlyList<IReadOnlyList<double>> second, float[] targets, string[] subjects, int samples, ulong seed)
    {
        int[][] clips = [.. subjects.Select((subject, i) => (Subject: subject, Clip: i)).GroupBy(c => c.Subject, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Select(c => c.Clip).ToArray())];
        int[][][] counts = [.. second.Prepend(first).Select(logits => clips.Select(c => Count(c, [.. logits], targets)).ToArray())];
        List<double> differences = new(samples);
        Span<int> total = stackalloc int[4];
        int[] drawn = new int[clips.Length];
        for (int sample = 0; sample < samples; sample++)
        {
            for (int draw = 0; draw < drawn.Length; draw++) drawn[draw] = RandomOrder.Below(drawn.Length, new RandomKey(seed, (ulong)sample), (ulong)draw);
            double[] scores = new double[counts.Length];
            for (int k = 0; k < counts.Length; k++)
            {
                total.Clear();
                foreach (int subject in drawn)
                    for (int i = 0; i < 4; i++) total[i] += counts[k][subject][i];
                scores[k] = 0.5 * (((double)total[0] / total[1]) + ((double)total[2] / total[3]));
            }

            double difference = scores[0] - scores.Skip(1).Average();
            if (double.IsFinite(difference)) differences.Add(difference);
        }

        if (differences.Count == 0) return ([double.NaN, double.NaN], double.NaN, double.NaN);
        differences.Sort();
        double mean = differences.Average(), deviation = Math.Sqrt(differences.Average(d => (d - mean) * (d - mean)));

        // A sample more than drawn on either side: a p-value is never zero.
        double below = (differences.Count(d => d <= 0) + 1.0) / (differences.Count + 1), above = (differences.Count(d => d >= 0) + 1.0) / (differences.Count + 1);
        return ([Percentile(differences, 0.025), Percentile(differences, 0.975)], deviation, Math.Min(1, 2 * Math.Min(below, above)));
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
