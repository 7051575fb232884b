using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// What the Cpu backend needs of a vector of float32 beyond arithmetic: memory, and the bit tricks of <see cref="LaneMath"/>.
/// A scalar implements it too, so a loop's tail runs the same formula as its body and gives the same bits.
/// </summary>
internal unsafe interface ILanes<TSelf> : IReal<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Every lane set.</summary>
    static abstract TSelf Splat(float value);

    static abstract TSelf Load(float* address);

    static abstract void Store(float* address, TSelf value);

    /// <summary>The sum of the lanes, in the fixed order of a binary tree.</summary>
    static abstract float HorizontalSum(TSelf a);

    /// <summary>To the nearest whole number, ties to even.</summary>
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
