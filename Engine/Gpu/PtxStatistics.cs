using System.Globalization;
using System.Text.RegularExpressions;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// What can be read from a kernel's PTX about the memory it needs. PTX has any number of registers; the driver's assembler maps
/// them to the machine's, of which a thread has 255 at most. <see cref="LiveRegisters"/> is how many of 32 bits hold a value that is
/// still needed where most do: a lower bound for a schedule that keeps the order, and a good guess of what is assigned.
/// </summary>
internal sealed partial record PtxStatistics(string Target, int LiveRegisters, int SharedBytes, int LocalBytes, int Instructions)
{
    /// <summary>Reads a module with one kernel.</summary>
    public static PtxStatistics Of(string ptx)
    {
        PtxLiveness liveness = new(ptx);
        return new PtxStatistics(
            TargetLine().Match(ptx).Groups[1].Value,
            liveness.MostLive(),
            Bytes(SharedArray(), ptx),
            Bytes(LocalArray(), ptx),
            liveness.Instructions);
    }

    // Sizes in bytes; an array without one is given its size at launch.
    private static int Bytes(Regex array, string ptx) => array.Matches(ptx).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\.target (\S+)", RegexOptions.Multiline)]
    private static partial Regex TargetLine();

    [GeneratedRegex(@"\.shared \.align \d+ \.b8 \w+\[(\d+)\]")]
    private static partial Regex SharedArray();

    [GeneratedRegex(@"\.local \.align \d+ \.b8 \w+\[(\d+)\]")]
    private static partial Regex LocalArray();
}
