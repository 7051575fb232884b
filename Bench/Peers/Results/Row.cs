using System.Text.Json.Serialization;

namespace EmotionXai.Bench.Peers;

/// <summary>A line of the table.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Peer">The other side's.</param>
/// <param name="Unit">Of both.</param>
/// <param name="Ratio">How much better ours is; more is better whatever the unit.</param>
/// <param name="Bar">The least ratio that is good enough.</param>
/// <param name="Agrees">Whether both sides gave the same results before they were timed.</param>
internal sealed partial record Row(string Work, double Ours, double Peer, string Unit, double Ratio, double Bar, bool Agrees)
{
    /// <summary>Who the other side is, spreads, deviation, batch sizes: for the reader of the table.</summary>
    public string Note { get; init; } = "";

    /// <summary>The least that the work can take here, in the row's unit (of rates the most); 0 where none is known.</summary>
    public double Floor { get; init; }

    /// <summary>What the floor consists of.</summary>
    public string Limit { get; init; } = "";

    /// <summary>The floor's part of our time; 0 where none is known.</summary>
    [JsonIgnore]
    public double PartOfFloor => Floor <= 0 || Ours <= 0 ? 0 : Unit == "GFLOP/s" ? Ours / Floor : Floor / Ours;

    /// <summary>Half the distance of our quartiles, relative to our median; 0 where it was measured once.</summary>
    public double OurSpread { get; init; }

    /// <summary>The same of the other side.</summary>
    public double PeerSpread { get; init; }

    /// <summary>What the processor counted in a call of ours; absent where it shows no counters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowCounts? Counts { get; init; }
}

/// <summary>What the processor counted in a call; null of what it does not count.</summary>
/// <param name="Cycles">Of all busy cores.</param>
/// <param name="Instructions">Retired.</param>
/// <param name="CacheMisses">Of the last level.</param>
/// <param name="Operations">Floating-point operations, two a multiply-add.</param>
internal sealed record RowCounts(double? Cycles, double? Instructions, double? CacheMisses, double? Operations);
