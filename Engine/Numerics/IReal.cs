namespace EmotionXai.Engine.Numerics;

/// <summary>
/// A number, or a vector of numbers treated as one: the type in which every elementwise formula of the engine is written,
/// once. <see cref="Real64"/> (the Reference backend), a float32 scalar (tails, GPU threads) and the vectors of
/// the Cpu backend implement it.
/// NaN propagates through every member but <see cref="IfGreater"/>, where a comparison with NaN is false.
/// </summary>
public interface IReal<TSelf>
    where TSelf : struct, IReal<TSelf>
{
    /// <summary>Every lane set to <paramref name="value"/>.</summary>
    static abstract TSelf Constant(double value);

    /// <summary>Every lane set to a number that the formula was given.</summary>
    internal static virtual TSelf Constant(FormulaNumber value) => TSelf.Constant(value.Exact);

    /// <summary>a + b.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>a - b.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>a * b.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>a / b.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>-a, with the sign of zero and NaN flipped.</summary>
    static abstract TSelf operator -(TSelf a);

    /// <summary>a * b + c, rounded once where the hardware can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>|a|.</summary>
    static abstract TSelf Abs(TSelf a);

    /// <summary>The square root; NaN below zero.</summary>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>e^a: infinity above the type's range, 0 below it.</summary>
    static abstract TSelf Exp(TSelf a);

    /// <summary>The natural logarithm: -infinity at 0, NaN below.</summary>
    static abstract TSelf Log(TSelf a);

    /// <summary>The hyperbolic tangent.</summary>
    static abstract TSelf Tanh(TSelf a);

    /// <summary>a &gt; b ? then : otherwise, lane by lane; false where either is NaN.</summary>
    static abstract TSelf IfGreater(TSelf a, TSelf b, TSelf then, TSelf otherwise);
}
