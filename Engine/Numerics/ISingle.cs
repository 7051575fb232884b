namespace EmotionXai.Engine.Numerics;

/// <summary>A float32, or a vector of them, with the bit tricks that <see cref="LaneMath"/> needs beyond arithmetic.</summary>
internal interface ISingle<TSelf> : IReal<TSelf>
    where TSelf : struct, ISingle<TSelf>
{
    /// <summary>Every lane set.</summary>
    static abstract TSelf Splat(float value);

    /// <summary>To the nearest whole number, ties to even; |a| below 2^22.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>a 2^n, rounded once, for whole n in [-252, 254] and a of a size near 1; subnormal or infinite where it has to be. NaN stays.</summary>
    static abstract TSelf Scale(TSelf a, TSelf n);

    /// <summary>x between the bounds; NaN stays.</summary>
    static abstract TSelf Clamp(TSelf x, float least, float most);

    /// <summary>For normal, positive a = m 2^e with m in [1, 2): e.</summary>
    static abstract TSelf Exponent(TSelf a);

    /// <summary>For normal, positive a = m 2^e with m in [1, 2): m.</summary>
    static abstract TSelf Mantissa(TSelf a);

    /// <summary>|a| with the sign of <paramref name="sign"/>.</summary>
    static abstract TSelf CopySign(TSelf a, TSelf sign);
}
