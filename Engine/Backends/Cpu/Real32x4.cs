using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>4 float32 in a register of 128 bits.</summary>
internal unsafe struct Real32x4(Vector128<float> v) : ILanes<Real32x4>
{
    private Vector128<float> V = v;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Constant(double value) => new(Vector128.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Splat(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Load(float* address) => new(Vector128.Load(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, Real32x4 value) => value.V.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 operator +(Real32x4 a, Real32x4 b) => new(a.V + b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 operator -(Real32x4 a, Real32x4 b) => new(a.V - b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 operator *(Real32x4 a, Real32x4 b) => new(a.V * b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 operator /(Real32x4 a, Real32x4 b) => new(a.V / b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 operator -(Real32x4 a) => new(-a.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 MultiplyAdd(Real32x4 a, Real32x4 b, Real32x4 c) => new(Vector128.FusedMultiplyAdd(a.V, b.V, c.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Real32x4 sum, Real32x4 a, Real32x4 b) => sum.V = Vector128.FusedMultiplyAdd(a.V, b.V, sum.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Abs(Real32x4 a) => new(Vector128.Abs(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Sqrt(Real32x4 a) => new(Vector128.Sqrt(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Exp(Real32x4 a) => LaneMath.Exp(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Log(Real32x4 a) => LaneMath.Log(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Tanh(Real32x4 a) => LaneMath.Tanh(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 IfGreater(Real32x4 a, Real32x4 b, Real32x4 then, Real32x4 otherwise) => new(Vector128.ConditionalSelect(Vector128.GreaterThan(a.V, b.V), then.V, otherwise.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalSum(Real32x4 a) => Vector128.Sum(a.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Round(Real32x4 a) => new(Vector128.Round(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Scale(Real32x4 a, Real32x4 n)
    {
        Real32x4 half = Round(n * Splat(0.5f));
        return a * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    // The hardware's maximum takes its second operand where one is NaN, or NaN itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Clamp(Real32x4 x, float least, float most) => new(Vector128.MinNative(Vector128.Create(most), Vector128.MaxNative(Vector128.Create(least), x.V)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Exponent(Real32x4 a) => new(Vector128.ConvertToSingle(((Vector128.AsInt32(a.V) >> 23) & Vector128.Create(0xFF)) - Vector128.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 Mantissa(Real32x4 a) => new(((Vector128.AsInt32(a.V) & Vector128.Create(0x7FFFFF)) | Vector128.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x4 CopySign(Real32x4 a, Real32x4 sign) => new(Vector128.ConditionalSelect(Vector128.Create(-0f), sign.V, a.V));

    // For whole a in [-126, 127].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Real32x4 PowerOfTwo(Real32x4 a) => new(((Vector128.ConvertToInt32Native(a.V) + Vector128.Create(127)) << 23).AsSingle());
}
