namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// A product of small matrices on a warp's tensor cores: sums + A B with A of 16 rows and B of 8 columns, 8 words of 32 bits of each
/// along k. Which lane holds what is laid down in NVIDIA's PTX ISA (mma.m16n8k8 for .tf32, mma.m16n8k16 for .bf16): word w of row r
/// (of A; of column r of B) lies at lane 4 (r mod 8) + w mod 4.
/// </summary>
internal interface ITensorMath
{
    /// <summary>Elements of a word.</summary>
    static abstract int PerWord { get; }

    /// <summary>Four words of rounded elements: of the first four values, or of all eight where a word has two.</summary>
    static abstract Quad Pack(Float4 first, Float4 second);

    /// <inheritdoc cref="Instructions.LoadMatrices"/>
    static virtual Quad Load(ref Quad row) => Instructions.LoadMatrices(ref row);

    /// <summary>Adds a warp's product: of row l / 4 columns 2 (l mod 4) and the next, and the same eight rows below.</summary>
    static abstract Float4 Multiply(Float4 sums, Quad a, uint b0, uint b1);
}

/// <summary>TF32: the exponent of float32 and 10 bits of fraction, ties away from zero.</summary>
internal readonly struct Tf32 : ITensorMath, IRounding
{
    public static int PerWord => 1;

    public static float Round(float value) => Digits.Drop(value, 13, even: false);

    public static Quad Pack(Float4 first, Float4 second) => new(
        Instructions.RoundTf32(first.X), Instructions.RoundTf32(first.Y), Instructions.RoundTf32(first.Z), Instructions.RoundTf32(first.W));

    public static Float4 Multiply(Float4 sums, Quad a, uint b0, uint b1) => Instructions.MultiplyTf32(sums, a, b0, b1);
}

/// <summary>bfloat16: the exponent of float32 and 7 bits of fraction, ties to even. Two neighbours along k share a word, the first in its lower half.</summary>
internal readonly struct Bf16 : ITensorMath, IRounding
{
    public static int PerWord => 2;

    public static float Round(float value) => Digits.Drop(value, 16, even: true);

    public static Quad Pack(Float4 first, Float4 second) => new(
        Instructions.PackBf16(first.Y, first.X), Instructions.PackBf16(first.W, first.Z), Instructions.PackBf16(second.Y, second.X), Instructions.PackBf16(second.W, second.Z));

    public static Float4 Multiply(Float4 sums, Quad a, uint b0, uint b1) => Instructions.MultiplyBf16(sums, a, b0, b1);
}
