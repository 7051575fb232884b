namespace EmotionXai.Engine.Training;

/// <summary>How well logits tell two classes apart, at a threshold of zero.</summary>
/// <param name="TruePositives">Positives above zero.</param>
/// <param name="FalsePositives">Negatives above zero.</param>
/// <param name="TrueNegatives">Negatives at or below zero.</param>
/// <param name="FalseNegatives">Positives at or below zero.</param>
/// <param name="Auc">The probability that a positive's logit exceeds a negative's, ties counting half; NaN when a class is missing.</param>
public readonly record struct Metrics(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives, double Auc)
{
    /// <summary>The share of clips on the right side.</summary>
    public double Accuracy => (double)(TruePositives + TrueNegatives) / (TruePositives + FalsePositives + TrueNegatives + FalseNegatives);

    /// <summary>The mean of the two classes' recalls; NaN when a class is missing.</summary>
    public double BalancedAccuracy => 0.5 * (((double)TruePositives / (TruePositives + FalseNegatives)) + ((double)TrueNegatives / (TrueNegatives + FalsePositives)));

    /// <summary>The harmonic mean of precision and recall; 0 when nothing is found.</summary>
    public double F1 => TruePositives == 0 ? 0 : 2.0 * TruePositives / ((2.0 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>Counts and ranks.</summary>
    /// <param name="logits">One a clip.</param>
    /// <param name="targets">One a clip; above one half is positive.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a logit is NaN.</exception>
    public static Metrics Of(ReadOnlySpan<double> logits, ReadOnlySpan<float> targets)
    {
        if (logits.Length != targets.Length) throw new ArgumentException($"{logits.Length} logits were given for {targets.Length} targets.");
        int tp = 0, fp = 0, tn = 0, fn = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (double.IsNaN(logits[i])) throw new ArgumentException($"Logit {i} is NaN.", nameof(logits));
            bool positive = targets[i] > 0.5f;
            if (logits[i] > 0)
            {
                if (positive) tp++;
                else fp++;
            }
            else if (positive) fn++;
            else tn++;
        }

        return new Metrics(tp, fp, tn, fn, AreaUnderCurve(logits, targets, tp + fn, fp + tn));
    }

    // Mann and Whitney: the rank sum of the positives, with ties given their mean rank.
    private static double AreaUnderCurve(ReadOnlySpan<double> logits, ReadOnlySpan<float> targets, int positives, int negatives)
    {
        if (positives == 0 || negatives == 0) return double.NaN;
        double[] keys = logits.ToArray();
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, order);
        double rankSum = 0;
        for (int i = 0; i < keys.Length;)
        {
            int j = i;
            while (j < keys.Length && keys[j] == keys[i]) j++;
            double rank = 0.5 * (i + 1 + j);
            for (; i < j; i++)
                if (targets[order[i]] > 0.5f) rankSum += rank;
        }

        return (rankSum - (0.5 * positives * (positives + 1))) / ((double)positives * negatives);
    }
}
