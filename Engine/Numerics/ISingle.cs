namespace EmotionXai.Engine.Numerics;

/// <summary>A float32, or a vector of them, with the bit tricks that <see cref="LaneMath"/> needs beyond arithmetic.</summary>
internal interface ISingle<TSelf> : IReal<TSelf>
    where TSelf : struct, ISingle<TSelf>
{
    /// <summary>Every lane set.</summary>
    static abstract TSelf Splat(float value);

    /// <summary>To the nearest whole number, ties to even; |a| below 2^22.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>2^a for whole a in [-126, 127]; anything for other a.</summary>
    static abstract TSelf PowerOfTwo(TSelf a);

    /// <summary>For normal, positive a = m 2^e with m in [1, 2): e.</summary>
    static abstract TSelf Exponent(TSelf a);

    /// <summary>For normal, positive a = m 2^e with m in [1, 2): m.</summary>
    static abstract TSelf Mantissa(TSelf a);

    /// <summary>|a| with the sign of <paramref name="sign"/>.</summary>
    static abstract TSelf CopySign(TSelf a, TSelf sign);
}
