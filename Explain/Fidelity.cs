using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Training;

namespace EmotionXai.Explain;

/// <summary>Measures of how well attributions say what a classifier does, group by group (a landmark, say).</summary>
public static class Fidelity
{
    /// <summary>
    /// Infidelity (Yeh et al., NeurIPS 2019): the mean squared error with which attributions predict the change of the logit when
    /// random groups are put back to the baseline, over the mean square of that change. 0 is perfect; 1 is no better than saying
    /// nothing. Attributions may be scaled as a whole first, as the paper does, so that methods without units can be compared.
    /// </summary>
    /// <param name="classifier">What is explained.</param>
    /// <param name="method">Whose attributions.</param>
    /// <param name="clips">[clip, time, feature].</param>
    /// <param name="baselines">What is compared with.</param>
    /// <param name="groups">What is put back together.</param>
    /// <param name="draws">Random sets of groups a pair.</param>
    /// <param name="seed">Of the sets.</param>
    public static double Infidelity(Classifier classifier, IAttributionMethod method, ReadOnlySpan<float> clips, Baselines baselines, FeatureGroups groups, int draws, ulong seed)
    {
        Sums sums = new(groups, method.Meaning == AttributionMeaning.Slope ? baselines : null, clips.ToArray());
        method.Attribute(classifier, clips, baselines, sums);
        int length = classifier.Time * classifier.Features;
        double cross = 0, predicted = 0, actual = 0;
        float[] rows = new float[draws * length];
        for (int pair = 0; pair < sums.ByPair.Count; pair++)
        {
            (int clip, int baseline, double output, double[] byGroup) = sums.ByPair[pair];
            double[] sets = new double[draws];
            for (int d = 0; d < draws; d++)
            {
                // Between one group and all of them, each size as likely.
                int[] order = [.. Enumerable.Range(0, groups.Count)];
                ulong number = (ulong)(((long)pair * draws) + d);
                RandomOrder.Shuffle(order, RandomStream.Key(seed, RandomUse.InfidelityOrders, number));
                int size = 1 + RandomOrder.Below(groups.Count, RandomStream.Key(seed, RandomUse.InfidelitySizes, number), 0);
                Span<float> row = rows.AsSpan(d * length, length);
                clips.Slice(clip * length, length).CopyTo(row);
                ReadOnlySpan<float> from = baselines.Of(clip, baseline);
                foreach (int g in order.AsSpan(0, size))
                {
                    sets[d] += byGroup[g];
                    foreach (int i in groups.Members[g]) row[i] = from[i];
                }
            }

            double[] without = Predictor.Logits(classifier, rows);
            for (int d = 0; d < draws; d++)
            {
                double change = output - without[d];
                cross += sets[d] * change;
                predicted += sets[d] * sets[d];
                actual += change * change;
            }
        }

        // The least over a common factor: actual - cross^2 / predicted.
        return actual > 0 ? (predicted > 0 ? Math.Max(0, actual - (cross * cross / predicted)) : actual) / actual : double.NaN;
    }

    /// <summary>
    /// Max-sensitivity (Yeh et al. 2019) at dataset level: the largest relative change of the groups' relevance when every number of
    /// the clips is moved by up to <paramref name="radius"/>.
    /// </summary>
    public static double MaxSensitivity(Classifier classifier, IAttributionMethod method, ReadOnlySpan<float> clips, Baselines baselines, Func<GroupRelevance> empty, double radius, int draws, ulong seed)
    {
        double[] plain = Scores(classifier, method, clips, baselines, empty);
        double norm = Math.Sqrt(plain.Sum(v => v * v)), worst = 0;
        for (int d = 0; d < draws; d++)
        {
            float[] noise = PairBlock.Normal(classifier.Backend, RandomStream.Key(seed, RandomUse.SensitivityNoise, (ulong)d), clips.Length), moved = clips.ToArray();
            for (int i = 0; i < moved.Length; i++) moved[i] += (float)(radius * Math.Clamp(noise[i], -1, 1));
            double[] other = Scores(classifier, method, moved, baselines, empty);
            worst = Math.Max(worst, Math.Sqrt(plain.Zip(other, (a, b) => (a - b) * (a - b)).Sum()) / norm);
        }

        return worst;
    }

    private static double[] Scores(Classifier classifier, IAttributionMethod method, ReadOnlySpan<float> clips, Baselines baselines, Func<GroupRelevance> empty)
    {
        GroupRelevance relevance = empty();
        method.Attribute(classifier, clips, baselines, relevance);
        return relevance.Scores;
    }

    /// <summary>Keeps what every pair's groups add; slopes are multiplied with the distance first.</summary>
    private sealed class Sums(FeatureGroups groups, Baselines? slopesFrom, float[] clips) : IAttributionSink
    {
        public List<(int Clip, int Baseline, double Output, double[] ByGroup)> ByPair { get; } = [];

        public void Add(in PairAttribution pair)
        {
            double[] byGroup = new double[groups.Count];
            for (int i = 0; i < pair.Values.Length; i++)
            {
                double weight = slopesFrom is null ? 1 : clips[(pair.Clip * pair.Values.Length) + i] - slopesFrom.Of(pair.Clip, pair.Baseline)[i];
                byGroup[groups.GroupOf[i]] += pair.Values[i] * weight;
            }

            ByPair.Add((pair.Clip, pair.Baseline, pair.Output, byGroup));
        }
    }
}
