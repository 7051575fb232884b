namespace EmotionXai.Landmarks.Report;

/// <summary>Recall against false alarms, and precision against recall, as the threshold falls; clips of equal logits pass together.</summary>
internal static class ThresholdCurve
{
    /// <summary>The corners of the ROC curve, from (0, 0) to (1, 1).</summary>
    public static (double[] FalseAlarms, double[] Recall) Roc(IReadOnlyList<double> logits, IReadOnlyList<int> targets)
    {
        double positives = targets.Count(t => t == 1), negatives = targets.Count - positives;
        (int Hits, int Alarms)[] steps = [(0, 0), .. Steps(logits, targets)];
        return ([.. steps.Select(s => s.Alarms / negatives)], [.. steps.Select(s => s.Hits / positives)]);
    }

    /// <summary>Precision at every recall that is reached.</summary>
    public static (double[] Recall, double[] Precision) Precision(IReadOnlyList<double> logits, IReadOnlyList<int> targets)
    {
        double positives = targets.Count(t => t == 1);
        (int Hits, int Alarms)[] steps = [.. Steps(logits, targets)];
        return ([.. steps.Select(s => s.Hits / positives)], [.. steps.Select(s => s.Hits / (double)(s.Hits + s.Alarms))]);
    }

    private static IEnumerable<(int Hits, int Alarms)> Steps(IReadOnlyList<double> logits, IReadOnlyList<int> targets)
    {
        int hits = 0, alarms = 0;
        foreach (IGrouping<double, int> tied in Enumerable.Range(0, logits.Count).GroupBy(i => logits[i]).OrderByDescending(g => g.Key))
        {
            hits += tied.Count(i => targets[i] == 1);
            alarms += tied.Count(i => targets[i] != 1);
            yield return (hits, alarms);
        }
    }
}
