using EmotionXai.Engine.Training;

namespace EmotionXai.Landmarks.Statistics;

/// <summary>Areas under the ROC curve, person by person: what tests and intervals over people are made of.</summary>
/// <param name="targets">[clip]: above one half is positive.</param>
/// <param name="people">[clip].</param>
/// <param name="folds">[clip]: the fold that tests it. Logits of different folds come from different networks and are never compared.</param>
internal sealed class PersonAuc(float[] targets, string[] people, int[] folds)
{
    private readonly int[][] _clips = [.. Enumerable.Range(0, people.Length).GroupBy(i => people[i], StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray())];

    /// <summary>The people, in the order of all that is returned.</summary>
    public string[] People => [.. _clips.Select(c => people[c[0]])];

    /// <summary>
    /// [person]: the probability that a clip of theirs that shows the emotion has a larger logit than one that does not, ties
    /// counting half; NaN for a person with clips of one class only. What differs between people (how much a face moves at all)
    /// does not count.
    /// </summary>
    /// <param name="logits">[clip].</param>
    public double[] Within(IReadOnlyList<double> logits) => [.. _clips.Select(clips =>
        Metrics.Of([.. clips.Select(i => logits[i])], [.. clips.Select(i => targets[i])]).Auc)];

    /// <summary>
    /// [person]: their part of the AUC over all pairs of clips of one fold, of whatever people, for data in which people have few
    /// clips. Every pair's half goes to either clip's person, scaled by the number of people, so that the mean over people is
    /// the AUC (the placements of DeLong et al. 1988, gathered by person).
    /// </summary>
    /// <param name="logits">[clip].</param>
    public double[] Between(IReadOnlyList<double> logits)
    {
        double[] wins = new double[people.Length];
        double pairs = 0;
        foreach (IGrouping<int, int> fold in Enumerable.Range(0, people.Length).GroupBy(i => folds[i]))
        {
            int[] positives = [.. fold.Where(i => targets[i] > 0.5f)], negatives = [.. fold.Where(i => targets[i] <= 0.5f)];
            pairs += (double)positives.Length * negatives.Length;
            foreach (int p in positives)
            {
                foreach (int n in negatives)
                {
                    double half = logits[p] > logits[n] ? 0.5 : logits[p] == logits[n] ? 0.25 : 0;
                    wins[p] += half;
                    wins[n] += half;
                }
            }
        }

        return [.. _clips.Select(clips => pairs > 0 ? clips.Sum(i => wins[i]) * _clips.Length / pairs : double.NaN)];
    }
}
