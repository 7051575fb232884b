using System.Runtime.CompilerServices;
namespace EmotionXai.Engine.Numerics;

/// <summary>y = x.</summary>
internal readonly struct Identity : IUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReal Apply<TReal>(TReal x)
        where TReal : struct, IReal<TReal> => x;
}

/// <summary>y = x^2.</summary>
internal readonly struct Squared : IUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReal Apply<TReal>(TReal x)
        where TReal : struct, IReal<TReal> => x * x;
}

/// <summary>y = a - b.</summary>
internal readonly struct Difference : IBinary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReal Apply<TReal>(TReal a, TReal b)
        where TReal : struct, IReal<TReal> => a - b;
}

/// <summary>y = a b.</summary>
internal readonly struct Product : IBinary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReal Apply<TReal>(TReal a, TReal b)
        where TReal : struct, IReal<TReal> => a * b;
}

/// <summary>y = factor x.</summary>
internal readonly struct Times(FormulaNumber factor) : IUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReal Apply<TReal>(TReal x)
        where TReal : struct, IReal<TReal> => TReal.Constant(factor) * x;
}

/// <summary>y = start + position direction.</summary>
internal readonly struct Along(FormulaNumber position) : IBinary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReal Apply<TReal>(TReal start, TReal direction)
        where TReal : struct, IReal<TReal> => TReal.MultiplyAdd(TReal.Constant(position), direction, start);
}
