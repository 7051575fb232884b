namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>Four float32 that a thread loads and stores at once, where they are aligned to 16 bytes.</summary>
internal struct Float4
{
    public float X, Y, Z, W;

    public Float4(float x, float y, float z, float w) => (X, Y, Z, W) = (x, y, z, w);

    /// <summary>this + a b.</summary>
    public readonly Float4 Plus(float a, Float4 b) => new((a * b.X) + X, (a * b.Y) + Y, (a * b.Z) + Z, (a * b.W) + W);

    /// <summary>sum + this . other, one chain.</summary>
    public readonly float Dot(Float4 other, float sum) => (W * other.W) + ((Z * other.Z) + ((Y * other.Y) + ((X * other.X) + sum)));
}

/// <summary>Four words of 32 bits, loaded and stored like <see cref="Float4"/>.</summary>
internal struct Quad
{
    public uint X, Y, Z, W;

    public Quad(uint x, uint y, uint z, uint w) => (X, Y, Z, W) = (x, y, z, w);
}
