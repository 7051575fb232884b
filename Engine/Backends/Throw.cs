using System.Diagnostics.CodeAnalysis;

namespace EmotionXai.Engine.Backends;

/// <summary>The error texts of backends: what was given, what was expected, what to do. Those of shapes: <see cref="Tensors.ShapeError"/>.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void SliceOutOfRange(int offset, int length, int available) =>
        throw new ArgumentException($"Elements {offset} to {(long)offset + length} are outside a slice of {available}.");

    [DoesNotReturn]
    public static void BadLength(string op, string name, int length, int expected) =>
        throw new ArgumentException($"{op}: {name} has {length} elements, expected {expected}.");

    [DoesNotReturn]
    public static void OutOfRange(string op, string name, double value, string expected) =>
        throw new ArgumentOutOfRangeException(name, value, $"{op}: {name} must be {expected}.");

    [DoesNotReturn]
    public static void Overlaps(string op, string first, Slice a, string second, Slice b, bool inPlace) =>
        throw new ArgumentException(
            $"{op}: {first} (elements {a.Offset} to {(long)a.Offset + a.Length}) and {second} ({b.Offset} to {(long)b.Offset + b.Length}) share memory; give {second} a place of its own{(inPlace ? $", or exactly that of {first}" : "")}.");

    public static void UnlessInRange(string op, string name, int value, int least, int most, string expected)
    {
        if (value < least || value > most) OutOfRange(op, name, value, expected);
    }

    public static void IfAccumulates(in MatrixProduct product)
    {
        if (product.Accumulate) throw new ArgumentException("Multiply: a finished product replaces what C holds; it cannot accumulate.");
    }

    [DoesNotReturn]
    public static void ForeignBackend(string op, string expected, string actual) =>
        throw new ArgumentException($"{op}: a tensor of the backend '{actual}' was given to '{expected}'; copy it over first.");
}
