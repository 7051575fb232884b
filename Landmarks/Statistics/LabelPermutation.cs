using EmotionXai.Engine.Numerics;

namespace EmotionXai.Landmarks.Statistics;

/// <summary>
/// Labels dealt out anew, so that there is nothing to find. Within people where that changes as many labels as dealing them out
/// over all clips: who shows what, and how often, then stays. Where people have few clips, or of few labels, it would leave so
/// many labels where they were that what is learnt from them is right; labels then go to anybody's clips.
/// </summary>
internal static class LabelPermutation
{
    // So much more of the labels may stay by chance within people than among all.
    private const double Slack = 0.02;

    /// <summary>Whether labels are dealt out within people.</summary>
    /// <param name="labels">[clip].</param>
    /// <param name="people">[clip].</param>
    public static bool WithinPeople(IReadOnlyList<string> labels, IReadOnlyList<string> people)
    {
        double within = Enumerable.Range(0, labels.Count).GroupBy(i => people[i], StringComparer.Ordinal).Sum(person => Stay([.. person.Select(i => labels[i])]));
        return within / labels.Count <= (Stay(labels) / labels.Count) + Slack;
    }

    /// <summary>[clip]: the permuted labels.</summary>
    /// <param name="labels">[clip].</param>
    /// <param name="people">[clip].</param>
    /// <param name="seed">Of the deal.</param>
    public static string[] Deal(IReadOnlyList<string> labels, IReadOnlyList<string> people, ulong seed)
    {
        string[] dealt = [.. labels];
        bool within = WithinPeople(labels, people);
        ulong number = 0;
        foreach (IGrouping<string, int> group in Enumerable.Range(0, labels.Count).GroupBy(i => within ? people[i] : "", StringComparer.Ordinal))
        {
            int[] places = [.. group], order = [.. places];
            RandomOrder.Shuffle(order, new RandomKey(seed, number++));
            for (int i = 0; i < places.Length; i++) dealt[places[i]] = labels[order[i]];
        }

        return dealt;
    }

    // Labels that stay where they are, on average: of c clips of a label among n, c^2 / n.
    private static double Stay(IReadOnlyList<string> labels) => labels.GroupBy(l => l, StringComparer.Ordinal).Sum(g => (double)g.Count() * g.Count() / labels.Count);
}
