namespace EmotionXai.Engine.Backends;

/// <summary>What random numbers are drawn from.</summary>
public enum Distribution
{
    /// <summary>[0, 1), multiples of 2^-24: the upper 24 bits of a Philox word.</summary>
    Uniform,

    /// <summary>Mean 0, variance 1: Box and Muller on consecutive pairs of words of one Philox block.</summary>
    Normal,
}
