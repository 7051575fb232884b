namespace EmotionXai.Landmarks.Reduction;

/// <summary>Which landmarks of an order are kept: the first ones, or, where mirror partners stay together, whole pairs.</summary>
/// <param name="mirror">[landmark]: its partner, itself on the midline; null keeps each by itself.</param>
internal sealed class KeepRule(IReadOnlyList<int>? mirror)
{
    /// <summary>
    /// The first <paramref name="count"/>. With pairs: pairs and single landmarks in the order of their better member; where one
    /// place is left, the next single one takes it. Only where there is none is a pair parted.
    /// </summary>
    public int[] First(IReadOnlyList<int> order, int count)
    {
        if (mirror is null) return [.. order.Take(count)];
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
