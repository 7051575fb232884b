namespace EmotionXai.Explain;

/// <summary>What an attribution method promises. Tests hold every method to the axioms that it states, and to no others.</summary>
[Flags]
public enum Axioms
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Attributions sum to f(x) - f(b), up to the gap that is reported.</summary>
    Completeness = 1,

    /// <summary>An input that f does not depend on scores zero.</summary>
    Dummy = 2,

    /// <summary>Inputs that f treats alike and that hold the same values, in clip and baseline, score the same.</summary>
    Symmetry = 4,

    /// <summary>The attribution of a f + c g is a times that of f plus c times that of g.</summary>
    Linearity = 8,

    /// <summary>Networks that compute the same function are attributed the same, however they are built.</summary>
    ImplementationInvariance = 16,
}

/// <summary>What an attribution's numbers mean.</summary>
public enum AttributionMeaning
{
    /// <summary>Parts of the logit's change, in logits.</summary>
    Contribution,

    /// <summary>Slopes: logits for each unit of the input.</summary>
    Slope,

    /// <summary>Sizes without a sign, good for orders only.</summary>
    Magnitude,
}
