namespace EmotionXai.Engine.Numerics;

/// <summary>A float64: the number of the Reference backend.</summary>
internal readonly record struct Real64(double Value) : IReal<Real64>
{
    /// <inheritdoc/>
    public static Real64 Constant(double value) => new(value);

    /// <inheritdoc/>
    public static Real64 operator +(Real64 a, Real64 b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    public static Real64 operator -(Real64 a, Real64 b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    public static Real64 operator *(Real64 a, Real64 b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    public static Real64 operator /(Real64 a, Real64 b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    public static Real64 operator -(Real64 a) => new(-a.Value);

    /// <inheritdoc/>
    public static Real64 MultiplyAdd(Real64 a, Real64 b, Real64 c) => new(Math.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    /// <inheritdoc/>
    public static Real64 Abs(Real64 a) => new(Math.Abs(a.Value));

    /// <inheritdoc/>
    public static Real64 Sqrt(Real64 a) => new(Math.Sqrt(a.Value));

    /// <inheritdoc/>
    public static Real64 Exp(Real64 a) => new(Math.Exp(a.Value));

    /// <inheritdoc/>
    public static Real64 Log(Real64 a) => new(Math.Log(a.Value));

    /// <inheritdoc/>
    public static Real64 Tanh(Real64 a) => new(Math.Tanh(a.Value));

    /// <inheritdoc/>
    public static Real64 IfGreater(Real64 a, Real64 b, Real64 then, Real64 otherwise) => a.Value > b.Value ? then : otherwise;
}
