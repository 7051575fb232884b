using System.Text.Json;

namespace EmotionXai.Bench.Peers;

/// <summary>A line of the table.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Peer">The other side's.</param>
/// <param name="Unit">Of both.</param>
/// <param name="Ratio">How much better ours is; more is better whatever the unit.</param>
/// <param name="Bar">The least ratio that is good enough.</param>
/// <param name="Agrees">Whether both sides gave the same results before they were timed.</param>
internal sealed record Row(string Work, double Ours, double Peer, string Unit, double Ratio, double Bar, bool Agrees)
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Who the other side is, spreads, deviation, batch sizes: for the reader of the table.</summary>
    public string Note { get; init; } = "";

    /// <summary>The least that the work can take here, in the row's unit (of rates the most); 0 where none is known.</summary>
    public double Floor { get; init; }

    /// <summary>What the floor consists of.</summary>
    public string Limit { get; init; } = "";

    /// <summary>The floor's part of our time; 0 where none is known.</summary>
    public double PartOfFloor => Floor <= 0 || Ours <= 0 ? 0 : Unit == "GFLOP/s" ? Ours / Floor : Floor / Ours;

    /// <summary>Half the distance of our quartiles, relative to our median; 0 where it was measured once.</summary>
    public double OurSpread { get; init; }

    /// <summary>The same of the other side.</summary>
    public double PeerSpread { get; init; }

    /// <summary>What it was measured on: system, processors, vectors, versions of the peers, limits.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The commit that was measured; a plus sign says that files were changed.</summary>
    public string Commit { get; init; } = "";

    /// <summary>A row of times: less is better.</summary>
    public static Row Times(string work, string unit, double scale, (Timing Ours, Timing Peer) timing, double bar, double deviation, string note, Floor? floor = null) =>
        new(work, scale * timing.Ours.Median, scale * timing.Peer.Median, unit, timing.Peer.Median / timing.Ours.Median, bar, deviation <= Agreement.Bound)
        {
            Note = $"{note}; ±{timing.Ours.Spread:0%} / ±{timing.Peer.Spread:0%}; differ by {deviation:0e+0}",
            Floor = floor is null ? 0 : scale * floor.Seconds,
            Limit = floor?.Limit ?? "",
            OurSpread = timing.Ours.Spread,
            PeerSpread = timing.Peer.Spread,
        };

    /// <summary>A row of rates: more is better.</summary>
    public static Row Rates(string work, string unit, double amount, (Timing Ours, Timing Peer) timing, double bar, double deviation, string note, Floor? floor = null) =>
        new(work, amount / timing.Ours.Median, amount / timing.Peer.Median, unit, timing.Peer.Median / timing.Ours.Median, bar, deviation <= Agreement.Bound)
        {
            Note = $"{note}; ±{timing.Ours.Spread:0%} / ±{timing.Peer.Spread:0%}; differ by {deviation:0e+0}",
            Floor = floor is null ? 0 : amount / floor.Seconds,
            Limit = floor?.Limit ?? "",
            OurSpread = timing.Ours.Spread,
            PeerSpread = timing.Peer.Spread,
        };

    public static string Json(IEnumerable<Row> rows) => JsonSerializer.Serialize(rows, s_json);

    /// <summary>The rows of a file that <see cref="Json"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static IReadOnlyList<Row> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Row[]>(File.ReadAllText(path), s_json) ?? throw new JsonException("there is nothing in it.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: not a result of './bench.sh peers --json': {e.Message}", e);
        }
    }
}

/// <summary>How far results of the two sides are apart.</summary>
internal static class Agreement
{
    /// <summary>What is agreement.</summary>
    public const double Bound = 1e-4;

    /// <summary>The largest difference relative to the largest number.</summary>
    public static double Deviation(ReadOnlySpan<float> ours, ReadOnlySpan<float> peer)
    {
        if (ours.Length != peer.Length) return double.PositiveInfinity;
        double difference = 0, size = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            // A NaN on either side must not slip through a comparison.
            double d = Math.Abs((double)ours[i] - peer[i]);
            if (double.IsNaN(d)) return double.PositiveInfinity;
            difference = Math.Max(difference, d);
            size = Math.Max(size, Math.Abs(peer[i]));
        }

        return size > 0 ? difference / size : difference;
    }
}
