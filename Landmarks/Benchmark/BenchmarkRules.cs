namespace EmotionXai.Landmarks.Benchmark;

/// <summary>The rows that rules are held against. None sees more than they do, but the oracle, which knows the truth.</summary>
internal static class BenchmarkRules
{
    public const string All = "all", Clean = "clean", Oracle = "oracle", Random = "random", Untrained = "untrained", Fisher = "fisher";

    /// <summary>Random orders that are averaged.</summary>
    public const int RandomDraws = 3;
}
