using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Training;

namespace EmotionXai.Landmarks.Statistics;

/// <summary>Intervals by a bootstrap over people: clips of one person are not independent, people are.</summary>
internal static class Bootstrap
{
    // The 97.5th percentile of the normal distribution.
    private const double Z = 1.959964;

    /// <summary>The 2.5th and 97.5th percentiles of the balanced accuracy when people are drawn with replacement.</summary>
    /// <param name="logits">[clip].</param>
    /// <param name="targets">[clip].</param>
    /// <param name="people">[clip].</param>
    /// <param name="samples">Bootstrap samples.</param>
    /// <param name="seed">Of the draws.</param>
    /// <returns>Low and high; NaN where no sample held both classes.</returns>
    public static double[] BalancedAccuracy(double[] logits, float[] targets, string[] people, int samples, ulong seed)
    {
        // Counts a person are all that a balanced accuracy needs: true positives, positives, true negatives, negatives.
        int[][] counts = [.. people
            .Select((person, i) => (Person: person, Clip: i))
            .GroupBy(c => c.Person, StringComparer.Ordinal)
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

        return Percentiles(scores);
    }

    /// <summary>
    /// A 95% interval of a mean over people. Percentiles of a bootstrap of n values are too narrow, as those of a normal
    /// interval with the biased variance are: both ends are moved away from the mean by t / z * sqrt(n / (n - 1)), t with
    /// n - 1 degrees of freedom (Hesterberg, The American Statistician, 2015, moves the percentiles to the same end).
    /// </summary>
    /// <param name="values">[person].</param>
    /// <param name="samples">Bootstrap samples.</param>
    /// <param name="seed">Of the draws.</param>
    /// <returns>Low and high; NaN for fewer than two people.</returns>
    public static double[] Mean(ReadOnlySpan<double> values, int samples, ulong seed)
    {
        int n = values.Length;
        if (n < 2) return [double.NaN, double.NaN];
        List<double> means = new(samples);
        double mean = 0;
        foreach (double value in values) mean += value / n;
        for (int sample = 0; sample < samples; sample++)
        {
            double sum = 0;
            for (int draw = 0; draw < n; draw++) sum += values[RandomOrder.Below(n, new RandomKey(seed, (ulong)sample), (ulong)draw)];
            means.Add(sum / n);
        }

        double wider = StudentT(n - 1) / Z * Math.Sqrt(n / (n - 1.0));
        return [.. Percentiles(means).Select(end => mean + (wider * (end - mean)))];
    }

    // The 97.5th percentile of Student's t: the first terms of its expansion about the normal one (Abramowitz and Stegun
    // 26.7.5), within 0.002 from 10 degrees of freedom, 0.03 from 4; for fewer, the values themselves.
    private static double StudentT(int degrees) => degrees switch
    {
        1 => 12.706,
        2 => 4.303,
        3 => 3.182,
        _ => Z
            + (((Math.Pow(Z, 3) + Z) / 4) / degrees)
            + (((5 * Math.Pow(Z, 5)) + (16 * Math.Pow(Z, 3)) + (3 * Z)) / 96 / Math.Pow(degrees, 2))
            + (((3 * Math.Pow(Z, 7)) + (19 * Math.Pow(Z, 5)) + (17 * Math.Pow(Z, 3)) - (15 * Z)) / 384 / Math.Pow(degrees, 3)),
    };

    private static int[] Count(IEnumerable<int> clips, double[] logits, float[] targets)
    {
        int[] all = [.. clips];
        Metrics m = Metrics.Of([.. all.Select(i => logits[i])], [.. all.Select(i => targets[i])]);
        return [m.TruePositives, m.TruePositives + m.FalseNegatives, m.TrueNegatives, m.TrueNegatives + m.FalsePositives];
    }

    private static double[] Percentiles(List<double> values)
    {
        if (values.Count == 0) return [double.NaN, double.NaN];
        values.Sort();
        return [Percentile(values, 0.025), Percentile(values, 0.975)];
    }

    private static double Percentile(List<double> sorted, double p)
    {
        double at = p * (sorted.Count - 1);
        int low = (int)at;
        return low + 1 < sorted.Count ? sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low])) : sorted[low];
    }
}
