namespace EmotionXai.Engine.Layers;

/// <summary>How the weights of random layers are drawn.</summary>
public sealed record RandomOptions
{
    /// <summary>The size of a unit's input when all features have variance 1. Small ones leave units nearly linear, large ones saturate them.</summary>
    public double InputScale { get; init; } = 4;

    /// <summary>The largest absolute eigenvalue of every gate's recurrent matrix. Below 1 an Elman network forgets its past (the echo state property).</summary>
    public double SpectralRadius { get; init; } = 0.9;

    /// <summary>The probability that a weight is zero.</summary>
    public double Sparsity { get; init; }

    /// <summary>
    /// How much the features count beside the hidden units in the read-out (a random vector functional link network, Pao et al.
    /// 1994): the part of their variance. 0 leaves these direct links out (an extreme learning machine).
    /// </summary>
    public double Direct { get; init; } = 1;
}
