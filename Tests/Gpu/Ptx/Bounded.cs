using EmotionXai.Engine.Numerics;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>
/// A number in float64 and how far float32 may be from it when it works the same formula out: every operation adds half a unit in the
/// last place of what it gives (u = 2^-24 of it), functions four units, and carries on the errors of its operands.
/// </summary>
internal readonly struct Bounded(double value, double error) : IReal<Bounded>
{
    private const double U = 1.0 / (1 << 24);
    private const double Function = 4;

    public double Value => value;

    public double Error => error;

    /// <summary>Infinity and NaN are what they are in float32 too.</summary>
    public static Bounded Constant(double value) => double.IsFinite(value) ? Rounded(value, 0, 1) : new Bounded(value, 0);

    public static Bounded operator +(Bounded a, Bounded b) => Rounded(a.Value + b.Value, a.Error + b.Error, 1);

    public static Bounded operator -(Bounded a, Bounded b) => Rounded(a.Value - b.Value, a.Error + b.Error, 1);

    public static Bounded operator *(Bounded a, Bounded b) =>
        Rounded(a.Value * b.Value, (Math.Abs(a.Value) * b.Error) + (Math.Abs(b.Value) * a.Error) + (a.Error * b.Error), 1);

    public static Bounded operator /(Bounded a, Bounded b)
    {
        double quotient = a.Value / b.Value, least = Math.Abs(b.Value) - b.Error;
        return Rounded(quotient, least > 0 ? (a.Error + (Math.Abs(quotient) * b.Error)) / least : double.PositiveInfinity, 1);
    }

    public static Bounded operator -(Bounded a) => new(-a.Value, a.Error);

    public static Bounded MultiplyAdd(Bounded a, Bounded b, Bounded c) => (a * b) + c;

    public static Bounded Abs(Bounded a) => new(Math.Abs(a.Value), a.Error);

    // |sqrt(a + e) - sqrt(a)| <= e / sqrt(a - e).
    public static Bounded Sqrt(Bounded a) => Rounded(Math.Sqrt(a.Value), a.Error == 0 ? 0 : a.Value > a.Error ? a.Error / Math.Sqrt(a.Value - a.Error) : double.PositiveInfinity, 1);

    public static Bounded Exp(Bounded a) => Rounded(Math.Exp(a.Value), Math.Exp(a.Value + a.Error) - Math.Exp(a.Value), Function);

    public static Bounded Log(Bounded a) => Rounded(Math.Log(a.Value), a.Error == 0 ? 0 : a.Value > a.Error ? a.Error / (a.Value - a.Error) : double.PositiveInfinity, Function);

    // Its slope is at most 1.
    public static Bounded Tanh(Bounded a) => Rounded(Math.Tanh(a.Value), a.Error, Function);

    /// <summary>Where errors leave open which is greater, either result may come.</summary>
    public static Bounded IfGreater(Bounded a, Bounded b, Bounded then, Bounded otherwise)
    {
        Bounded taken = a.Value > b.Value ? then : otherwise;
        bool open = Math.Abs(a.Value - b.Value) <= a.Error + b.Error && a.Error + b.Error > 0;
        return open ? new Bounded(taken.Value, Math.Max(then.Error, otherwise.Error) + Math.Abs(then.Value - otherwise.Value)) : taken;
    }

    private static Bounded Rounded(double value, double error, double units) => new(value, error + (units * U * (Math.Abs(value) + error)));
}
