namespace EmotionXai.Bench.Peers;

/// <summary>Rows from what a contest has measured.</summary>
internal sealed partial record Row
{
    /// <summary>A row of times: less is better.</summary>
    public static Row Times(string work, string unit, double scale, (Timing Ours, Timing Peer) timing, double bar, double deviation, string note, Floor? floor = null) =>
        new(work, scale * timing.Ours.Median, scale * timing.Peer.Median, unit, timing.Peer.Median / timing.Ours.Median, bar, deviation <= Agreement.Bound)
        {
            Note = $"{note}; ±{timing.Ours.Spread:0%} / ±{timing.Peer.Spread:0%}; differ by {deviation:0e+0}{Apart(timing.Ours)}",
            Floor = floor is null ? 0 : scale * floor.Seconds,
            Limit = floor?.Limit ?? "",
            OurSpread = timing.Ours.Spread,
            PeerSpread = timing.Peer.Spread,
            Counts = Counted(timing.Ours),
        };

    /// <summary>A row of rates: more is better.</summary>
    public static Row Rates(string work, string unit, double amount, (Timing Ours, Timing Peer) timing, double bar, double deviation, string note, Floor? floor = null) =>
        new(work, amount / timing.Ours.Median, amount / timing.Peer.Median, unit, timing.Peer.Median / timing.Ours.Median, bar, deviation <= Agreement.Bound)
        {
            Note = $"{note}; ±{timing.Ours.Spread:0%} / ±{timing.Peer.Spread:0%}; differ by {deviation:0e+0}{Apart(timing.Ours)}",
            Floor = floor is null ? 0 : amount / floor.Seconds,
            Limit = floor?.Limit ?? "",
            OurSpread = timing.Ours.Spread,
            PeerSpread = timing.Peer.Spread,
            Counts = Counted(timing.Ours),
        };

    private static string Apart(Timing ours) => ours.Apart.Before <= 0 ? ""
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"; cores {ours.Apart.Before:0} ns apart before, {ours.Apart.After:0} after");

    private static RowCounts? Counted(Timing ours) => ours.Counts is { } c ? new RowCounts(c.Cycles, c.Instructions, c.CacheMisses, c.Operations) : null;
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
