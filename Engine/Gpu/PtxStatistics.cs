using System.Globalization;
using System.Text.RegularExpressions;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// What can be read from a kernel's PTX about the memory it needs. Registers cannot: PTX has any number of them, and how many a thread
/// gets depends on the order that the driver's assembler gives the instructions.
/// </summary>
internal sealed partial record PtxStatistics(string Target, int SharedBytes, int LocalBytes, int Instructions)
{
    /// <summary>Reads a module with one kernel.</summary>
    public static PtxStatistics Of(string ptx) => new(
        TargetLine().Match(ptx).Groups[1].Value,
        Bytes(SharedArray(), ptx),
        Bytes(LocalArray(), ptx),
        Instruction().Count(ptx[ptx.IndexOf(".entry", StringComparison.Ordinal)..]));

    // Sizes in bytes; an array without one is given its size at launch.
    private static int Bytes(Regex array, string ptx) => array.Matches(ptx).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\.target (\S+)", RegexOptions.Multiline)]
    private static partial Regex TargetLine();

    [GeneratedRegex(@"^\s*[a-z@][^\n]*;", RegexOptions.Multiline)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\.shared \.align \d+ \.b8 \w+\[(\d+)\]")]
    private static partial Regex SharedArray();

    [GeneratedRegex(@"\.local \.align \d+ \.b8 \w+\[(\d+)\]")]
    private static partial Regex LocalArray();
}
