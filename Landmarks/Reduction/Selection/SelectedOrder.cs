namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>An order of all landmarks, and what Integrated Gradients of people left out say of each, whichever rule ordered them.</summary>
/// <param name="Order">The first to keep first.</param>
/// <param name="Aligned">[landmark]: aligned relevance in logits, with all landmarks there.</param>
internal sealed record SelectedOrder(int[] Order, double[] Aligned)
{
    /// <summary>The regions inside which the first landmarks were chosen; empty where all were chosen among.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>[landmark]: the aligned relevance as shares; 0 where it speaks against the emotion on people left out, which is noise.</summary>
    public double[] Relevance
    {
        get
        {
            double sum = Aligned.Sum(r => Math.Max(0, r));
            return [.. Aligned.Select(r => sum > 0 ? Math.Max(0, r) / sum : 1.0 / Aligned.Length)];
        }
    }
}
