using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace EmotionXai.Bench.Peers;

/// <summary>The machine that this runs on, as a result names it.</summary>
internal static partial class ThisMachine
{
    private const int Rounds = 1 << 20, Trials = 20;

    /// <param name="lanes">Numbers in the engine's vectors.</param>
    public static Machine Read(int lanes)
    {
        string info = File.Exists("/proc/cpuinfo") ? File.ReadAllText("/proc/cpuinfo") : "";
        return new Machine(Name(info), Environment.ProcessorCount, 32 * lanes, Field(info, "flags").Split(' ').Contains("hypervisor"))
        {
            MeasuredMegahertz = Math.Round(Megahertz()),
            ReportedMegahertz = Math.Round(double.TryParse(Field(info, "cpu MHz"), CultureInfo.InvariantCulture, out double reported) ? reported : 0),
        };
    }

    /// <summary>The model, and of AMD's the kind of core, which the model does not tell.</summary>
    internal static string Name(string info)
    {
        string model = Spaces().Replace(Field(info, "model name"), " ");
        if (model.Length == 0) return "unknown processor";
        string core = (Field(info, "vendor_id"), Field(info, "cpu family"), int.TryParse(Field(info, "model"), CultureInfo.InvariantCulture, out int number) ? number : -1) switch
        {
            ("AuthenticAMD", "26", _) => " (Zen 5)",
            ("AuthenticAMD", "25", (>= 0x10 and < 0x20) or (>= 0x60 and < 0xb0)) => " (Zen 4)",
            ("AuthenticAMD", "25", >= 0) => " (Zen 3)",
            ("AuthenticAMD", "23", >= 0x30) => " (Zen 2)",
            _ => "",
        };
        return model + core;
    }

    private static string Field(string info, string name) =>
        info.Split('\n').FirstOrDefault(l => l.Split(':')[0].Trim() == name)?.Split(':', 2)[1].Trim() ?? "";

    // The best of several, as a core that rests takes a while to be fast.
    private static double Megahertz()
    {
        double best = double.PositiveInfinity;
        ulong sink = 1;
        for (int trial = 0; trial < Trials; trial++)
        {
            long start = Stopwatch.GetTimestamp();
            sink = Chain(sink);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        // A round has eight turns and eight exclusive ors, each of which waits a cycle for the one before.
        return sink == 0 ? 0 : 1e-6 * 16 * Rounds / best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Chain(ulong x)
    {
        ulong y = x | 5;
        for (int round = 0; round < Rounds; round++)
        {
            x = BitOperations.RotateLeft(x, 7) ^ y;
            x = BitOperations.RotateLeft(x, 7) ^ y;
            x = BitOperations.RotateLeft(x, 7) ^ y;
            x = BitOperations.RotateLeft(x, 7) ^ y;
            x = BitOperations.RotateLeft(x, 7) ^ y;
            x = BitOperations.RotateLeft(x, 7) ^ y;
            x = BitOperations.RotateLeft(x, 7) ^ y;
            x = BitOperations.RotateLeft(x, 7) ^ y;
        }

        return x;
    }

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
