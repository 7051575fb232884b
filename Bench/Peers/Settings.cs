using EmotionXai.Engine.Backends.Profiling;

namespace EmotionXai.Bench.Peers;

/// <summary>How long to measure.</summary>
/// <param name="Threads">Threads of each side.</param>
/// <param name="Rounds">Alternating rounds; an odd number has one in the middle.</param>
/// <param name="LeastSeconds">What a side's turn in a round lasts at least.</param>
/// <param name="WarmSeconds">How long a side runs before it is timed: until its code has its last form and its memory is in place.</param>
/// <param name="Clips">Clips of a path integration.</param>
/// <param name="Filter">Only works whose name holds this; empty for all.</param>
internal sealed record Settings(int Threads, int Rounds, double LeastSeconds, double WarmSeconds, int Clips, string Filter)
{
    /// <summary>What the machine can do at most; null where it is not known.</summary>
    public MachineLimits? Limits { get; init; }

    /// <summary>What the processor counts; null where it shows nothing.</summary>
    public HardwareCounters? Counters { get; init; }

    public static Settings Quick { get; } = new(2, 5, 0.03, 0.6, 32, "");

    public static Settings Full { get; } = new(2, 15, 0.1, 1.5, 64, "");
}
