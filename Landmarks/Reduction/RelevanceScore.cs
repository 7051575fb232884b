using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What of a network's attributions ranks the landmarks.</summary>
public enum RelevanceScore
{
    /// <summary>The mean size of the attributions: the paper's.</summary>
    Abs,

    /// <summary>The mean size of a clip's net attribution: what a landmark adds and takes back over time does not count.</summary>
    Net,

    /// <summary>The share of <see cref="Abs"/> over that in networks trained on permuted labels.</summary>
    Ratio,

    /// <summary>The same, the difference of the shares.</summary>
    Excess,

    /// <summary>The share of <see cref="Abs"/> over that in the same networks before training: what learning adds to what the data's shape alone draws. Costs no training.</summary>
    Gain,

    /// <summary>How far signed net attributions set clips of the emotion apart from the others: |difference of means| over the mean standard deviation (d').</summary>
    Contrast,
}

/// <summary>The rules of <see cref="RelevanceScore"/>.</summary>
internal static class RelevanceScores
{
    /// <summary>Whether networks trained on permuted labels are needed.</summary>
    public static bool NeedsNull(this RelevanceScore score) => score is RelevanceScore.Ratio or RelevanceScore.Excess;

    /// <summary>Whether untrained networks are needed.</summary>
    public static bool NeedsUntrained(this RelevanceScore score) => score is RelevanceScore.Gain;

    /// <summary>[landmark]: what one network says, before any null.</summary>
    /// <param name="score">Which.</param>
    /// <param name="positives">Attributions of clips of the emotion.</param>
    /// <param name="negatives">Attributions of the others; only for <see cref="RelevanceScore.Contrast"/>.</param>
    public static double[] Of(RelevanceScore score, GroupRelevance positives, GroupRelevance? negatives) => score switch
    {
        RelevanceScore.Net => positives.NetScores,
        RelevanceScore.Contrast => Shares(Separation(positives, negatives!)),
        _ => positives.Scores,
    };

    /// <summary>[landmark]: shares after the null.</summary>
    public static double[] AgainstNull(RelevanceScore score, double[] relevance, double[] expected) => score switch
    {
        // A landmark that no network looks at is not divided by nothing.
        RelevanceScore.Ratio or RelevanceScore.Gain => Shares([.. relevance.Select((r, i) => r / Math.Max(expected[i], 0.05 / relevance.Length))]),

        // Shares that may be below zero; the order is what counts.
        RelevanceScore.Excess => [.. relevance.Select((r, i) => r - expected[i])],
        _ => relevance,
    };

    private static double[] Separation(GroupRelevance positives, GroupRelevance negatives)
    {
        double[] p = positives.Signed, n = negatives.Signed, vp = positives.SignedVariances, vn = negatives.SignedVariances;
        return [.. p.Select((mean, i) => vp[i] + vn[i] > 0 ? Math.Abs(mean - n[i]) / Math.Sqrt((vp[i] + vn[i]) / 2) : 0)];
    }

    private static double[] Shares(double[] values)
    {
        double sum = values.Sum();
        return sum > 0 ? [.. values.Select(v => v / sum)] : [.. values.Select(_ => 1.0 / values.Length)];
    }
}
