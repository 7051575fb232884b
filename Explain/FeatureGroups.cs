namespace EmotionXai.Explain;

/// <summary>A partition of a clip's numbers, [time, feature]: what is taken away together. A landmark's coordinates over all time, say.</summary>
public sealed class FeatureGroups
{
    private FeatureGroups(int[] groupOf, int count)
    {
        (GroupOf, Count) = (groupOf, count);
        Members = [.. Enumerable.Range(0, count).Select(g => Enumerable.Range(0, groupOf.Length).Where(i => groupOf[i] == g).ToArray())];
    }

    /// <summary>Groups.</summary>
    public int Count { get; }

    /// <summary>[time, feature]: the group of each number.</summary>
    public IReadOnlyList<int> GroupOf { get; }

    /// <summary>[group]: where its numbers stand in [time, feature].</summary>
    public IReadOnlyList<int[]> Members { get; }

    /// <summary>Groups of features, each over all time.</summary>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="groupOf">[feature]: the group of each feature.</param>
    /// <param name="groups">The number of groups.</param>
    /// <exception cref="ArgumentException">A feature is in none of them.</exception>
    public static FeatureGroups OverTime(int time, IReadOnlyList<int> groupOf, int groups) =>
        new(Check([.. Enumerable.Range(0, time).SelectMany(_ => groupOf)], groups), groups);

    /// <summary>The same groups with every frame apart: group g at frame t is number t * groups + g. For time-resolved attribution.</summary>
    /// <inheritdoc cref="OverTime"/>
    public static FeatureGroups ByFrame(int time, IReadOnlyList<int> groupOf, int groups) =>
        new([.. Enumerable.Range(0, time).SelectMany(t => Check([.. groupOf], groups).Select(g => (t * groups) + g))], time * groups);

    /// <summary>The same groups cut into blocks of rows: group g in block k is number k * groups + g. For faithfulness over time.</summary>
    /// <param name="blockOf">[row]: the block of each row, 0 to <paramref name="blocks"/> - 1.</param>
    /// <param name="blocks">The number of blocks.</param>
    /// <param name="groupOf">[feature]: the group of each feature.</param>
    /// <param name="groups">The number of groups.</param>
    /// <exception cref="ArgumentException">A feature is in none of them.</exception>
    public static FeatureGroups InBlocks(IReadOnlyList<int> blockOf, int blocks, IReadOnlyList<int> groupOf, int groups) =>
        new(Check([.. blockOf.SelectMany(block => Check([.. groupOf], groups).Select(g => (block * groups) + g))], blocks * groups), blocks * groups);

    /// <summary>Each feature over all time is a group of its own.</summary>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    public static FeatureGroups Single(int time, int features) => OverTime(time, [.. Enumerable.Range(0, features)], features);

    /// <summary>Distributes a group's share evenly over its numbers: group sums and sums of sizes stay what they are.</summary>
    internal void Distribute(ReadOnlySpan<double> byGroup, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = byGroup[GroupOf[i]] / Members[GroupOf[i]].Length;
    }

    /// <exception cref="ArgumentException">The groups are those of clips of another length.</exception>
    internal void CheckLength(int length)
    {
        if (GroupOf.Count != length) throw new ArgumentException($"The groups are made for clips of {GroupOf.Count} numbers, but the classifier's have {length}.");
    }

    private static int[] Check(int[] groupOf, int groups) => Array.TrueForAll(groupOf, g => g >= 0 && g < groups)
        ? groupOf
        : throw new ArgumentException($"Groups are numbered from 0 to {groups - 1}.", nameof(groupOf));
}
