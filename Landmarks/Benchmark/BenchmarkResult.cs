using System.Text.Json.Serialization;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>What <c>benchmark.json</c> holds.</summary>
public sealed record BenchmarkResult
{
    /// <summary>The version of this layout.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Whether it is the quick form.</summary>
    public required bool Quick { get; init; }

    /// <summary>The rule under test.</summary>
    public required string Rule { get; init; }

    /// <summary>Every bar, and whether it is met.</summary>
    public required IReadOnlyList<Criterion> Criteria { get; init; }

    /// <summary>Every rule in every group, at every number of landmarks.</summary>
    public required IReadOnlyList<RuleScore> Scores { get; init; }

    /// <summary>Reductions where nothing is; null where that part did not run.</summary>
    public NothingFound? Nothing { get; init; }

    /// <summary>Options under test.</summary>
    public required IReadOnlyDictionary<string, object> Options { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether no bar was missed.</summary>
    [JsonIgnore]
    public bool Passed => Criteria.All(c => c.Passed != false);
}
