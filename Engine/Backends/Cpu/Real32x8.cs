using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>8 float32 in a register of 256 bits.</summary>
internal unsafe struct Real32x8(Vector256<float> v) : ILanes<Real32x8>
{
    private Vector256<float> V = v;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Constant(double value) => new(Vector256.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Splat(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Load(float* address) => new(Vector256.Load(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, Real32x8 value) => value.V.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 operator +(Real32x8 a, Real32x8 b) => new(a.V + b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 operator -(Real32x8 a, Real32x8 b) => new(a.V - b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 operator *(Real32x8 a, Real32x8 b) => new(a.V * b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 operator /(Real32x8 a, Real32x8 b) => new(a.V / b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 operator -(Real32x8 a) => new(-a.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 MultiplyAdd(Real32x8 a, Real32x8 b, Real32x8 c) => new(Vector256.FusedMultiplyAdd(a.V, b.V, c.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Real32x8 sum, Real32x8 a, Real32x8 b) => sum.V = Vector256.FusedMultiplyAdd(a.V, b.V, sum.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Abs(Real32x8 a) => new(Vector256.Abs(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Sqrt(Real32x8 a) => new(Vector256.Sqrt(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Exp(Real32x8 a) => LaneMath.Exp(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Log(Real32x8 a) => LaneMath.Log(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Tanh(Real32x8 a) => LaneMath.Tanh(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 IfGreater(Real32x8 a, Real32x8 b, Real32x8 then, Real32x8 otherwise) => new(Vector256.ConditionalSelect(Vector256.GreaterThan(a.V, b.V), then.V, otherwise.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalSum(Real32x8 a) => Vector128.Sum(a.V.GetLower() + a.V.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Round(Real32x8 a) => new(Vector256.Round(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Scale(Real32x8 a, Real32x8 n)
    {
        Real32x8 half = Round(n * Splat(0.5f));
        return a * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    // The hardware's maximum takes its second operand where one is NaN, or NaN itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Clamp(Real32x8 x, float least, float most) => new(Vector256.MinNative(Vector256.Create(most), Vector256.MaxNative(Vector256.Create(least), x.V)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Exponent(Real32x8 a) => new(Vector256.ConvertToSingle(((Vector256.AsInt32(a.V) >> 23) & Vector256.Create(0xFF)) - Vector256.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 Mantissa(Real32x8 a) => new(((Vector256.AsInt32(a.V) & Vector256.Create(0x7FFFFF)) | Vector256.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x8 CopySign(Real32x8 a, Real32x8 sign) => new(Vector256.ConditionalSelect(Vector256.Create(-0f), sign.V, a.V));

    // For whole a in [-126, 127].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Real32x8 PowerOfTwo(Real32x8 a) => new(((Vector256.ConvertToInt32Native(a.V) + Vector256.Create(127)) << 23).AsSingle());
}
