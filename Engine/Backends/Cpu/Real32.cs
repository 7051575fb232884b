using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>One float32: the tail of every vector loop.</summary>
internal readonly unsafe struct Real32(float value) : ILanes<Real32>
{
    public float Value { get; } = value;

    public static int Count => 1;

    public static Real32 Constant(double value) => new((float)value);

    public static Real32 Splat(float value) => new(value);

    public static Real32 Load(float* address) => new(*address);

    public static void Store(float* address, Real32 value) => *address = value.Value;

    public static Real32 operator +(Real32 a, Real32 b) => new(a.Value + b.Value);

    public static Real32 operator -(Real32 a, Real32 b) => new(a.Value - b.Value);

    public static Real32 operator *(Real32 a, Real32 b) => new(a.Value * b.Value);

    public static Real32 operator /(Real32 a, Real32 b) => new(a.Value / b.Value);

    public static Real32 operator -(Real32 a) => new(-a.Value);

    public static Real32 MultiplyAdd(Real32 a, Real32 b, Real32 c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static void AddProduct(ref Real32 sum, Real32 a, Real32 b) => sum = MultiplyAdd(a, b, sum);

    public static Real32 Abs(Real32 a) => new(MathF.Abs(a.Value));

    public static Real32 Sqrt(Real32 a) => new(MathF.Sqrt(a.Value));

    public static Real32 Exp(Real32 a) => LaneMath.Exp(a);

    public static Real32 Log(Real32 a) => LaneMath.Log(a);

    public static Real32 Tanh(Real32 a) => LaneMath.Tanh(a);

    public static Real32 IfGreater(Real32 a, Real32 b, Real32 then, Real32 otherwise) => a.Value > b.Value ? then : otherwise;

    public static float HorizontalSum(Real32 a) => a.Value;

    public static Real32 Round(Real32 a) => new(MathF.Round(a.Value));

    public static Real32 Scale(Real32 a, Real32 n) => new(MathF.ScaleB(a.Value, (int)n.Value));

    public static Real32 Clamp(Real32 x, float least, float most) => new(x.Value < least ? least : x.Value > most ? most : x.Value);

    public static Real32 Exponent(Real32 a) => new(((BitConverter.SingleToInt32Bits(a.Value) >> 23) & 0xFF) - 127);

    public static Real32 Mantissa(Real32 a) => new(BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(a.Value) & 0x7FFFFF) | 0x3F800000));

    public static Real32 CopySign(Real32 a, Real32 sign) => new(MathF.CopySign(a.Value, sign.Value));
}
