using System.Globalization;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>The extents of a call, in words.</summary>
internal static class ShapeText
{
    public const int TransposedA = 1, TransposedB = 2, Accumulates = 4, HasBias = 8;

    /// <summary>y from its operands, by their lengths: those given, the output first.</summary>
    public static string Operands(Recorder.Key key) => key switch
    {
        { B: 0 } => Text($"[{key.A}]"),
        { C: 0 } => Text($"[{key.B}] -> [{key.A}]{Added(key.Flags == 1)}"),
        { D: 0 } => Text($"[{key.B}], [{key.C}] -> [{key.A}]{Added(key.Flags == 1)}"),
        _ => Text($"[{key.B}], [{key.C}], [{key.D}] -> [{key.A}]{Added(key.Flags == 1)}"),
    };

    public static string Blocks(Recorder.Key key) => Text($"{key.A} x {key.B} blocks of {key.C}{Added(key.Flags == 1)}");

    public static string Axis(Recorder.Key key) => Text($"[{key.A}, {key.B}, {key.C}] over axis 1{Added(key.Flags == 1)}");

    public static string Product(Recorder.Key key)
    {
        string a = (key.Flags & TransposedA) != 0 ? Text($"({key.C}x{key.A})^T") : Text($"{key.A}x{key.C}");
        string b = (key.Flags & TransposedB) != 0 ? Text($"({key.B}x{key.C})^T") : Text($"{key.C}x{key.B}");
        return $"{a} * {b}{((key.Flags & HasBias) != 0 ? " + bias" : "")}{Added((key.Flags & Accumulates) != 0)}";
    }

    public static string DensePaths(Recorder.Key key) => Text($"{key.A} paths of {key.B} points, {key.C} to {key.D} units");

    public static string Sequences(Recorder.Key key) =>
        Text($"{(RecurrentCell)key.D} batch {key.A}, time {key.B}, hidden {key.C}{(key.Flags == 1 ? ", reversed" : "")}");

    private static string Added(bool accumulate) => accumulate ? ", added" : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
