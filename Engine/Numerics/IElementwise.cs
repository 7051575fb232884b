namespace EmotionXai.Engine.Numerics;

/// <summary>y = f(x), element by element. A struct, so that each backend compiles its loop around the formula.</summary>
public interface IUnary
{
    /// <summary>The formula, for a number or a vector of numbers.</summary>
    TReal Apply<TReal>(TReal x)
        where TReal : struct, IReal<TReal>;
}

/// <summary>y = f(a, b), element by element.</summary>
public interface IBinary
{
    /// <inheritdoc cref="IUnary.Apply"/>
    TReal Apply<TReal>(TReal a, TReal b)
        where TReal : struct, IReal<TReal>;
}

/// <summary>y = f(a, b, c), element by element.</summary>
public interface ITernary
{
    /// <inheritdoc cref="IUnary.Apply"/>
    TReal Apply<TReal>(TReal a, TReal b, TReal c)
        where TReal : struct, IReal<TReal>;
}
