using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>16 float32 in a register of 512 bits.</summary>
internal unsafe struct Real32x16(Vector512<float> v) : ILanes<Real32x16>
{
    private Vector512<float> V = v;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Constant(double value) => new(Vector512.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Splat(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Load(float* address) => new(Vector512.Load(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, Real32x16 value) => value.V.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 operator +(Real32x16 a, Real32x16 b) => new(a.V + b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 operator -(Real32x16 a, Real32x16 b) => new(a.V - b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 operator *(Real32x16 a, Real32x16 b) => new(a.V * b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 operator /(Real32x16 a, Real32x16 b) => new(a.V / b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 operator -(Real32x16 a) => new(-a.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 MultiplyAdd(Real32x16 a, Real32x16 b, Real32x16 c) => new(Vector512.FusedMultiplyAdd(a.V, b.V, c.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Real32x16 sum, Real32x16 a, Real32x16 b) => sum.V = Vector512.FusedMultiplyAdd(a.V, b.V, sum.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Abs(Real32x16 a) => new(Vector512.Abs(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Sqrt(Real32x16 a) => new(Vector512.Sqrt(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Exp(Real32x16 a) => LaneMath.Exp(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Log(Real32x16 a) => LaneMath.Log(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Tanh(Real32x16 a) => LaneMath.Tanh(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 IfGreater(Real32x16 a, Real32x16 b, Real32x16 then, Real32x16 otherwise) => new(Vector512.ConditionalSelect(Vector512.GreaterThan(a.V, b.V), then.V, otherwise.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalSum(Real32x16 a) => Vector128.Sum((a.V.GetLower() + a.V.GetUpper()).GetLower() + (a.V.GetLower() + a.V.GetUpper()).GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Round(Real32x16 a) => new(Vector512.Round(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Scale(Real32x16 a, Real32x16 n)
    {
        if (Avx512F.IsSupported) return new(Avx512F.Scale(a.V, n.V));
        Real32x16 half = Round(n * Splat(0.5f));
        return a * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    // The hardware's maximum takes its second operand where one is NaN, or NaN itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Clamp(Real32x16 x, float least, float most) => new(Vector512.MinNative(Vector512.Create(most), Vector512.MaxNative(Vector512.Create(least), x.V)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Exponent(Real32x16 a) => new(Vector512.ConvertToSingle(((Vector512.AsInt32(a.V) >> 23) & Vector512.Create(0xFF)) - Vector512.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 Mantissa(Real32x16 a) => new(((Vector512.AsInt32(a.V) & Vector512.Create(0x7FFFFF)) | Vector512.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real32x16 CopySign(Real32x16 a, Real32x16 sign) => new(Vector512.ConditionalSelect(Vector512.Create(-0f), sign.V, a.V));

    // For whole a in [-126, 127].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Real32x16 PowerOfTwo(Real32x16 a) => new(((Vector512.ConvertToInt32Native(a.V) + Vector512.Create(127)) << 23).AsSingle());
}
