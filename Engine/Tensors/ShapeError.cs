using System.Diagnostics.CodeAnalysis;

namespace EmotionXai.Engine.Tensors;

/// <summary>The error texts of shapes: what was given, what was expected, what to do.</summary>
internal static class ShapeError
{
    [DoesNotReturn]
    public static void RankTooHigh(int rank) =>
        throw new ArgumentException($"A tensor has at most {Shape.MaxRank} axes, not {rank}; merge some of them.");

    [DoesNotReturn]
    public static void NegativeExtent(int extent) =>
        throw new ArgumentException($"An axis cannot have extent {extent}; give 0 or more.");

    [DoesNotReturn]
    public static void TooManyElements(long length) =>
        throw new ArgumentException($"A tensor of {length} elements or more is too large (at most {int.MaxValue}); work in smaller batches.");

    [DoesNotReturn]
    public static void NoSuchAxis(int axis, Shape shape, string? op = null) =>
        throw new ArgumentException($"{(op is null ? "S" : op + ": s")}hape {shape} has no axis {axis}; give {-shape.Rank} to {shape.Rank - 1}.");

    [DoesNotReturn]
    public static void TooShort(string name, int length, int needed) =>
        throw new ArgumentException($"The span has {length} elements but {needed} are needed.", name);

    [DoesNotReturn]
    public static void WrongLength(string name, int length, Shape shape) =>
        throw new ArgumentException($"{length} values were given for shape {shape}, which holds {shape.Length}.", name);

    [DoesNotReturn]
    public static void ShapeMismatch(string op, string expected, Shape a, Shape b) =>
        throw new ArgumentException($"{op}: shapes {a} and {b} do not fit; {expected}.");

    [DoesNotReturn]
    public static void BadShape(string op, string expected, Shape shape) =>
        throw new ArgumentException($"{op}: shape {shape} does not fit; {expected}.");
}
