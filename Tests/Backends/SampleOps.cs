using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Tests.Backends;

/// <summary>
/// An op beside its scalar oracle. The bound of a result is <paramref name="Units"/> * u * magnitude, where the magnitude
/// is |result|, or what <see cref="Magnitude"/> says where terms may cancel; a subnormal result may be flushed to
/// zero where <paramref name="Flushes"/>.
/// </summary>
internal sealed record SampleOp(
    string Name, int Inputs, double Units, bool Flushes, Func<double, double, double, double> Oracle, Action<IBackend, Slice[], Slice, bool> Run)
{
    public Func<double, double, double, double>? Magnitude { get; init; }

    public override string ToString() => Name;
}

internal static class SampleOps
{
    // One rounding is 1 unit. The functions are not rounded correctly: 4 units are 2 to 4 units in the last place.
    private const double Rounded = 1;
    private const double Approximate = 4;

    public static readonly SampleOp[] All =
    [
        Unary<Negate>(0, false, a => -a),
        Unary<Magnitude>(0, false, Math.Abs),
        Unary<Root>(Rounded, false, Math.Sqrt),
        Unary<Exponential>(Approximate, true, Math.Exp),
        Unary<Logarithm>(Approximate, false, Math.Log),
        Unary<HyperbolicTangent>(Approximate, true, Math.Tanh),
        Unary<AddThird>(Rounded, false, a => a + (1.0 / 3)) with { Magnitude = (a, _, _) => Math.Abs(a) + 1 },
        Binary<Add>(Rounded, (a, b) => a + b),
        Binary<Subtract>(Rounded, (a, b) => a - b),
        Binary<Times>(Rounded, (a, b) => a * b),
        Binary<Over>(Rounded, (a, b) => a / b),
        Binary<Larger>(0, (a, b) => a > b ? a : b),
        Ternary<Fused>(Rounded, (a, b, c) => Math.FusedMultiplyAdd(a, b, c)) with { Magnitude = (a, b, c) => (2 * Math.Abs(a * b)) + Math.Abs(c) },
        Ternary<Choose>(0, (a, b, c) => a > b ? c : -c),
    ];

    private static SampleOp Unary<TOp>(double units, bool flushes, Func<double, double> oracle)
        where TOp : struct, IUnary =>
        new(typeof(TOp).Name, 1, units, flushes, (a, _, _) => oracle(a), (backend, x, y, accumulate) => backend.Map(default(TOp), x[0], y, accumulate));

    private static SampleOp Binary<TOp>(double units, Func<double, double, double> oracle)
        where TOp : struct, IBinary =>
        new(typeof(TOp).Name, 2, units, false, (a, b, _) => oracle(a, b), (backend, x, y, accumulate) => backend.Map(default(TOp), x[0], x[1], y, accumulate));

    private static SampleOp Ternary<TOp>(double units, Func<double, double, double, double> oracle)
        where TOp : struct, ITernary =>
        new(typeof(TOp).Name, 3, units, false, oracle, (backend, x, y, accumulate) => backend.Map(default(TOp), x[0], x[1], x[2], y, accumulate));

    internal readonly struct Negate : IUnary
    {
        public T Apply<T>(T x) where T : struct, IReal<T> => -x;
    }

    internal readonly struct Magnitude : IUnary
    {
        public T Apply<T>(T x) where T : struct, IReal<T> => T.Abs(x);
    }

    internal readonly struct Root : IUnary
    {
        public T Apply<T>(T x) where T : struct, IReal<T> => T.Sqrt(x);
    }

    internal readonly struct Exponential : IUnary
    {
        public T Apply<T>(T x) where T : struct, IReal<T> => T.Exp(x);
    }

    internal readonly struct Logarithm : IUnary
    {
        public T Apply<T>(T x) where T : struct, IReal<T> => T.Log(x);
    }

    internal readonly struct HyperbolicTangent : IUnary
    {
        public T Apply<T>(T x) where T : struct, IReal<T> => T.Tanh(x);
    }

    internal readonly struct AddThird : IUnary
    {
        public T Apply<T>(T x) where T : struct, IReal<T> => x + T.Constant(1.0 / 3);
    }

    internal readonly struct Add : IBinary
    {
        public T Apply<T>(T a, T b) where T : struct, IReal<T> => a + b;
    }

    internal readonly struct Subtract : IBinary
    {
        public T Apply<T>(T a, T b) where T : struct, IReal<T> => a - b;
    }

    internal readonly struct Times : IBinary
    {
        public T Apply<T>(T a, T b) where T : struct, IReal<T> => a * b;
    }

    internal readonly struct Over : IBinary
    {
        public T Apply<T>(T a, T b) where T : struct, IReal<T> => a / b;
    }

    internal readonly struct Larger : IBinary
    {
        public T Apply<T>(T a, T b) where T : struct, IReal<T> => T.IfGreater(a, b, a, b);
    }

    internal readonly struct Fused : ITernary
    {
        public T Apply<T>(T a, T b, T c) where T : struct, IReal<T> => T.MultiplyAdd(a, b, c);
    }

    internal readonly struct Choose : ITernary
    {
        public T Apply<T>(T a, T b, T c) where T : struct, IReal<T> => T.IfGreater(a, b, c, -c);
    }
}
