using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Training;

namespace EmotionXai.Explain;

/// <summary>
/// Permutation of feature groups (Breiman 2001, on the logit): a group's score is f(x) less the mean of f(x with the group's
/// values taken from another clip of those explained). Baselines only number the permutations: pair (clip, k) has its own.
/// Every group is permuted alike, so features that are alike score alike. Axioms: dummy, symmetry, linearity, implementation
/// invariance. Clips that all show one thing are permuted among themselves: what all of them share scores nothing.
/// </summary>
/// <param name="groups">What is permuted together; null takes each feature over all time.</param>
/// <param name="draws">Permutations a pair.</param>
/// <param name="seed">Of the permutations.</param>
public sealed class Permutation(FeatureGroups? groups = null, int draws = 4, ulong seed = 1) : IAttributionMethod
{
    /// <inheritdoc/>
    public string Name => "permutation";

    /// <inheritdoc/>
    public Axioms Axioms => Axioms.Dummy | Axioms.Symmetry | Axioms.Linearity | Axioms.ImplementationInvariance;

    /// <inheritdoc/>
    public AttributionMeaning Meaning => AttributionMeaning.Contribution;

    /// <inheritdoc/>
    public void Attribute(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines, IAttributionSink sink)
    {
        PairBlock block = new(classifier, clips, baselines);
        FeatureGroups taken = groups ?? FeatureGroups.Single(classifier.Time, classifier.Features);
        taken.CheckLength(block.Length);
        int[][] orders = [.. Enumerable.Range(0, draws * baselines.Count).Select(n => Order(block.Clips, n))];
        float[] rows = new float[draws * taken.Count * block.Length];
        double[] byGroup = new double[taken.Count], values = new double[block.Length];
        for (int pair = 0; pair < block.Pairs; pair++)
        {
            int clip = block.ClipOf(pair);
            for (int n = 0; n < draws * taken.Count; n++)
            {
                int other = orders[(pair % baselines.Count * draws) + (n / taken.Count)][clip];
                Span<float> row = rows.AsSpan(n * block.Length, block.Length);
                clips.Slice(clip * block.Length, block.Length).CopyTo(row);
                foreach (int i in taken.Members[n % taken.Count]) row[i] = clips[(other * block.Length) + i];
            }

            double[] without = Predictor.Logits(classifier, rows);
            for (int g = 0; g < taken.Count; g++)
                byGroup[g] = block.Output(pair) - Enumerable.Range(0, draws).Average(d => without[(d * taken.Count) + g]);
            taken.Spread(byGroup, values);
            block.Report(pair, values, draws, sink);
        }
    }

    private int[] Order(int clips, int number)
    {
        int[] order = [.. Enumerable.Range(0, clips)];
        RandomOrder.Shuffle(order, RandomStream.Key(seed, RandomUse.Permutation, (ulong)number));
        return order;
    }
}
