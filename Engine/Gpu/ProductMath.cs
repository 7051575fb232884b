namespace EmotionXai.Engine.Gpu;

/// <summary>What the operands of matrix products are rounded to on a GPU. Sums are float32 in every case; so are recurrent cells and products of up to four columns.</summary>
public enum ProductMath
{
    /// <summary>Not at all: float32, 24 bits.</summary>
    Float32,

    /// <summary>11 bits, on tensor cores.</summary>
    Tf32,

    /// <summary>8 bits, on tensor cores.</summary>
    Bf16,
}
