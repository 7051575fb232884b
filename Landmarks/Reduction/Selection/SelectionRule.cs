namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>What decides which landmarks are kept.</summary>
public enum SelectionRule
{
    /// <summary>Aligned Integrated Gradients of people left out halve the landmarks until few are left; the loss on people left out puts those in order.</summary>
    Explained,

    /// <summary>The loss on people left out chooses among all.</summary>
    Forward,

    /// <summary>Aligned Integrated Gradients of people left out alone.</summary>
    Aligned,

    /// <summary>Mean |IG| of the training clips from typical baselines, as <see cref="ReductionOptions.Relevance"/> says: the paper's rule.</summary>
    Paper,
}
