using EmotionXai.Engine.Numerics;
using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// One float32 of a thread. Its functions are the polynomials of <see cref="LaneMath"/>, not the device's, whose error differs
/// from device to device. a * b + c is written out: compilers for GPUs fuse it.
/// </summary>
internal readonly struct GpuReal(float value) : ISingle<GpuReal>
{
    // 1.5 * 2^23: adding it leaves no bits for a fraction.
    private const float Whole = 12582912;

    public readonly float Value = value;

    public static GpuReal Constant(double value) => new((float)value);

    static GpuReal IReal<GpuReal>.Constant(FormulaNumber value) => new(value.Single);

    public static GpuReal Splat(float value) => new(value);

    public static GpuReal operator +(GpuReal a, GpuReal b) => new(a.Value + b.Value);

    public static GpuReal operator -(GpuReal a, GpuReal b) => new(a.Value - b.Value);

    public static GpuReal operator *(GpuReal a, GpuReal b) => new(a.Value * b.Value);

    public static GpuReal operator /(GpuReal a, GpuReal b) => new(a.Value / b.Value);

    public static GpuReal operator -(GpuReal a) => new(-a.Value);

    public static GpuReal MultiplyAdd(GpuReal a, GpuReal b, GpuReal c) => new((a.Value * b.Value) + c.Value);

    public static GpuReal Abs(GpuReal a) => new(MathF.Abs(a.Value));

    public static GpuReal Sqrt(GpuReal a) => new(MathF.Sqrt(a.Value));

    public static GpuReal Exp(GpuReal a) => LaneMath.Exp(a);

    public static GpuReal Log(GpuReal a) => LaneMath.Log(a);

    public static GpuReal Tanh(GpuReal a) => LaneMath.Tanh(a);

    public static GpuReal IfGreater(GpuReal a, GpuReal b, GpuReal then, GpuReal otherwise) => a.Value > b.Value ? then : otherwise;

    public static GpuReal Round(GpuReal a) => new((a.Value + Whole) - Whole);

    public static GpuReal Scale(GpuReal a, GpuReal n)
    {
        // In two halves, each a normal power of two; only the second product rounds.
        GpuReal half = Round(new(n.Value * 0.5f));
        return new(a.Value * PowerOfTwo(half.Value) * PowerOfTwo(n.Value - half.Value));
    }

    public static GpuReal Clamp(GpuReal x, float least, float most) => new(x.Value < least ? least : x.Value > most ? most : x.Value);

    public static GpuReal Exponent(GpuReal a) => new((int)((Interop.FloatAsInt(a.Value) >> 23) & 0xFF) - 127);

    public static GpuReal Mantissa(GpuReal a) => new(Interop.IntAsFloat((Interop.FloatAsInt(a.Value) & 0x7FFFFF) | 0x3F800000));

    public static GpuReal CopySign(GpuReal a, GpuReal sign) =>
        new(Interop.IntAsFloat((Interop.FloatAsInt(a.Value) & 0x7FFFFFFF) | (Interop.FloatAsInt(sign.Value) & 0x80000000)));

    private static float PowerOfTwo(float n) => Interop.IntAsFloat((uint)(((int)n + 127) << 23));
}
