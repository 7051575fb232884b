using System.Numerics;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Training;

namespace EmotionXai.Explain;

/// <summary>
/// Shapley values of feature groups (Shapley 1953; by sampling, Castro et al. 2009): a group's mean contribution to f as groups
/// pass from baseline to clip one after the other, over random orders, each followed by its reverse. Where all 2^groups
/// coalitions cost no more than the orders would, they are enumerated and the values are exact. Axioms: completeness (each
/// order telescopes), dummy, linearity, implementation invariance; symmetry where enumerated, in expectation otherwise. Equals
/// Integrated Gradients, group by group, on additive models. A group's value is spread evenly over its numbers.
/// </summary>
/// <param name="groups">The players; null takes each feature over all time.</param>
/// <param name="orders">Orders a pair, half of them reverses of the others.</param>
/// <param name="seed">Of the orders.</param>
public sealed class ShapleySampling(FeatureGroups? groups = null, int orders = 16, ulong seed = 1) : IAttributionMethod
{
    /// <inheritdoc/>
    public string Name => "shapley-sampling";

    /// <inheritdoc/>
    public Axioms Axioms => Axioms.Completeness | Axioms.Dummy | Axioms.Symmetry | Axioms.Linearity | Axioms.ImplementationInvariance;

    /// <inheritdoc/>
    public AttributionMeaning Meaning => AttributionMeaning.Contribution;

    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        PairBlock block = new(classifier, clips, baselines);
        FeatureGroups players = groups ?? FeatureGroups.Single(classifier.Time, classifier.Features);
        players.CheckLength(block.Length);
        bool enumerated = players.Count < 31 && 1L << players.Count <= (long)orders * (players.Count + 1);
        double[] values = new double[block.Length];
        for (int pair = 0; pair < block.Pairs; pair++)
        {
            Ends ends = new(classifier, players, clips.Slice(block.ClipOf(pair) * block.Length, block.Length).ToArray(), block.Baseline(pair).ToArray());
            double[] shares = enumerated ? Enumerate(ends) : Sample(ends, pair);
            players.Distribute(shares, values);
            block.Report(pair, values, enumerated ? 1 << players.Count : orders, sink);
        }
    }

    // phi_g = sum over coalitions S without g of |S|! (n - |S| - 1)! / n! (f(S + g) - f(S)).
    private static double[] Enumerate(Ends ends)
    {
        int n = ends.Players.Count;
        float[] rows = new float[ends.Length << n];
        for (int s = 0; s < 1 << n; s++) ends.Fill(rows.AsSpan(s * ends.Length, ends.Length), g => (s >> g & 1) != 0);
        double[] logits = Predictor.Logits(ends.Classifier, rows), shares = new double[n], weights = new double[n];
        for (int size = 0; size < n; size++)
        {
            weights[size] = 1.0 / n;
            for (int i = 1; i <= size; i++) weights[size] *= (double)i / (n - i);
        }

        for (int s = 0; s < 1 << n; s++)
        {
            for (int g = 0; g < n; g++)
                if ((s >> g & 1) == 0) shares[g] += weights[BitOperations.PopCount((uint)s)] * (logits[s | (1 << g)] - logits[s]);
        }

        return shares;
    }

    private double[] Sample(Ends ends, int pair)
    {
        int n = ends.Players.Count;
        double[] shares = new double[n];
        float[] rows = new float[(n + 1) * ends.Length];
        for (int k = 0; k < orders; k++)
        {
            int[] order = [.. Enumerable.Range(0, n)];
            RandomOrder.Shuffle(order, RandomStream.Key(seed, RandomUse.ShapleyOrders, (ulong)(((long)pair * orders) + (k / 2))));
            if (k % 2 == 1) Array.Reverse(order);
            ends.Fill(rows.AsSpan(0, ends.Length), _ => false);
            for (int place = 0; place < n; place++)
            {
                Span<float> row = rows.AsSpan((place + 1) * ends.Length, ends.Length);
                rows.AsSpan(place * ends.Length, ends.Length).CopyTo(row);
                foreach (int i in ends.Players.Members[order[place]]) row[i] = ends.Clip[i];
            }

            double[] logits = Predictor.Logits(ends.Classifier, rows);
            for (int place = 0; place < n; place++) shares[order[place]] += (logits[place + 1] - logits[place]) / orders;
        }

        return shares;
    }

    /// <summary>A game: the clip, the baseline, and who passes from one to the other.</summary>
    private sealed record Ends(Classifier Classifier, FeatureGroups Players, float[] Clip, float[] Baseline)
    {
        public int Length => Clip.Length;

        public void Fill(Span<float> row, Func<int, bool> present)
        {
            for (int i = 0; i < row.Length; i++) row[i] = present(Players.GroupOf[i]) ? Clip[i] : Baseline[i];
        }
    }
}
