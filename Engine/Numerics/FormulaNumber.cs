namespace EmotionXai.Engine.Numerics;

/// <summary>A number that a formula is given, exact and rounded once to float32: a GPU's kernel takes the one it computes with and never meets float64.</summary>
internal readonly struct FormulaNumber(double value)
{
    /// <summary>As it was given.</summary>
    public readonly double Exact = value;

    /// <summary>Rounded to float32.</summary>
    public readonly float Single = (float)value;

    /// <summary>Of a number.</summary>
    public static implicit operator FormulaNumber(double value) => new(value);
}
