namespace EmotionXai.Explain;

/// <summary>How many groups an explanation speaks of.</summary>
internal static class Complexity
{
    /// <summary>Shannon's entropy of relevance as shares (Bhatt et al., IJCAI 2020), in nats.</summary>
    /// <param name="relevance">[group], none below zero.</param>
    /// <exception cref="ArgumentException">One is below zero, or all are zero.</exception>
    public static double Entropy(IReadOnlyList<double> relevance)
    {
        double sum = relevance.Sum();
        if (relevance.Any(r => r < 0) || !(sum > 0)) throw new ArgumentException("Relevance is made of shares: none is below zero, and one is above.", nameof(relevance));
        return -relevance.Where(r => r > 0).Sum(r => r / sum * Math.Log(r / sum));
    }

    /// <summary>The number of equally relevant groups with the same entropy: 1 where one has it all, all of them where none stands out.</summary>
    /// <inheritdoc cref="Entropy"/>
    public static double EffectiveGroups(IReadOnlyList<double> relevance) => Math.Exp(Entropy(relevance));
}
