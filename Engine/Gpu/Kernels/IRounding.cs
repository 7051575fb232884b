using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>What the operands of a product are rounded to before they are multiplied. Sums are float32 in every case.</summary>
internal interface IRounding
{
    static abstract float Round(float value);
}

/// <summary>float32 as it is.</summary>
internal readonly struct Whole : IRounding
{
    public static float Round(float value) => value;
}

/// <summary>Bits of float32 cut to fewer digits.</summary>
internal static class Digits
{
    /// <summary>The value with its last <paramref name="bits"/> bits dropped, to nearest; ties go away from zero, or to even. Infinities and NaN stay.</summary>
    public static float Drop(float value, int bits, bool even)
    {
        uint word = Interop.FloatAsInt(value), half = 1u << (bits - 1), odd = (word >> bits) & 1;
        uint rounded = (word + (even ? half - 1 + odd : half)) & ~((1u << bits) - 1);
        return (word & 0x7F800000) == 0x7F800000 ? value : Interop.IntAsFloat(rounded);
    }
}
