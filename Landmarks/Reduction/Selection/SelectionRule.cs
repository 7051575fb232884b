namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>What decides which landmarks are kept.</summary>
public enum SelectionRule
{
    /// <summary>Aligned Integrated Gradients of people left out propose the more relevant half, 17 to 34; the loss on people left out puts those in order.</summary>
    Explained,

    /// <summary>The loss on people left out chooses among all.</summary>
    Forward,

    /// <summary>Aligned Integrated Gradients of people left out alone: they halve the landmarks until 17 are left.</summary>
    Aligned,

    /// <summary>Matching pursuit: regressions on the Integrated Gradients of people left out, one number a landmark, grown by the loss on people left out.</summary>
    Pursuit,

    /// <summary>A linear group lasso: the landmarks in the order in which they enter its path.</summary>
    Lasso,

    /// <summary>A landmark's share of |IG| over its share in the same networks before training, ranked at every stage.</summary>
    Gain,

    /// <summary>Mean |IG| of the training clips from typical baselines, ranked at every stage: the paper's rule.</summary>
    Paper,
}
