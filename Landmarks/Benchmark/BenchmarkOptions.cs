using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>What is measured; see docs/protocol.md, which fixes it.</summary>
public enum BenchmarkPart
{
    /// <summary>Graded synthetic cases: which landmarks a rule keeps, and what new people are told by.</summary>
    Graded,

    /// <summary>Whole reductions where nothing is to be found.</summary>
    Nothing,

    /// <summary>Real clips with spoilt landmarks, and with action units spiked into them. Needs real clips.</summary>
    Spoilt,

    /// <summary>The reduction that <c>reduce</c> runs without data.</summary>
    Default,
}

/// <summary>How the benchmark is run.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>The options under test. Their rule is the default one; every other rule runs beside it.</summary>
    public ReductionOptions Reduction { get; init; } = new();

    /// <summary>What <see cref="BenchmarkPart.Default"/> runs: a reduction as it is where nobody says anything.</summary>
    public ReductionOptions Default { get; init; } = new();

    /// <summary>Fewer cases and draws: minutes become one.</summary>
    public bool Quick { get; init; }

    /// <summary>What is measured.</summary>
    public IReadOnlyList<BenchmarkPart> Parts { get; init; } = Enum.GetValues<BenchmarkPart>();

    /// <summary>Real clips; null leaves their part out.</summary>
    public LandmarkSet? Real { get; init; }

    /// <summary>The label of the real clips that show nothing.</summary>
    public string Neutral { get; init; } = "neutral";
}
