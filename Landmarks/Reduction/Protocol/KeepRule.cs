using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Which landmarks of an order are kept: the first ones, or, where some stay together, whole pairs or whole regions.</summary>
/// <param name="mirror">[landmark]: its partner, itself on the midline; null keeps each by itself.</param>
/// <param name="regions">[landmark]: its region; null keeps each by itself.</param>
internal sealed class KeepRule(IReadOnlyList<int>? mirror = null, IReadOnlyList<string>? regions = null)
{
    /// <summary>The rule of a run.</summary>
    public static KeepRule Of(ReductionOptions options, LandmarkTopology topology) =>
        new(options.Symmetric ? topology.Mirror : null, options.ByRegion ? topology.Regions : null);

    /// <summary>
    /// The first <paramref name="count"/>. With pairs: pairs and single landmarks in the order of their better member; where one
    /// place is left, the next single one takes it. Only where there is none is a pair parted. With regions: see <see cref="Whole"/>.
    /// </summary>
    public int[] First(IReadOnlyList<int> order, int count) =>
        regions is not null ? Whole(order, count, regions)
        : mirror is not null ? Pairs(order, count, mirror)
        : [.. order.Take(count)];

    /// <summary>
    /// Whole regions, those whose landmarks stand higher on average first, as long as they fit; one that does not is passed over.
    /// So there may be fewer than <paramref name="count"/> landmarks, and never part of a region.
    /// </summary>
    private static int[] Whole(IReadOnlyList<int> order, int count, IReadOnlyList<string> regions)
    {
        List<int> kept = [];
        IEnumerable<IGrouping<string, (int Landmark, int Rank)>> groups = order.Select((landmark, rank) => (landmark, rank)).GroupBy(l => regions[l.landmark]);
        foreach (IGrouping<string, (int Landmark, int Rank)> region in groups.OrderBy(g => g.Average(l => l.Rank)).ThenBy(g => g.Key, StringComparer.Ordinal))
            if (kept.Count + region.Count() <= count) kept.AddRange(region.Select(l => l.Landmark));
        return [.. kept];
    }

    private static int[] Pairs(IReadOnlyList<int> order, int count, IReadOnlyList<int> mirror)
    {
        HashSet<int> there = [.. order], taken = [];
        List<int> kept = [];
        foreach (int landmark in order)
        {
            if (kept.Count == count || taken.Contains(landmark)) continue;
            int partner = mirror[landmark];
            bool single = partner == landmark || !there.Contains(partner);
            if (!single && kept.Count + 2 > count) continue;
            foreach (int member in single ? new[] { landmark } : [landmark, partner])
            {
                kept.Add(member);
                taken.Add(member);
            }
        }

        kept.AddRange(order.Where(l => !taken.Contains(l)).Take(count - kept.Count));
        return [.. kept];
    }
}
