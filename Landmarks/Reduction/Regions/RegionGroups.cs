using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction.Regions;

/// <summary>How the regions of a face are taken.</summary>
public enum RegionSides
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Left and right together: brows, eyes, cheeks.</summary>
    Pairs,

    /// <summary>Left and right each for itself.</summary>
    Apart,
}

/// <summary>The regions of a face as players of a game.</summary>
internal static class RegionGroups
{
    /// <summary>Names and landmarks of the regions, by name.</summary>
    /// <exception cref="ArgumentException">There are too many for every subset to be retrained.</exception>
    public static IReadOnlyList<(string Name, int[] Landmarks)> Of(LandmarkTopology topology, RegionSides sides)
    {
        (string Name, int[] Landmarks)[] groups = [.. Enumerable.Range(0, topology.Count)
            .GroupBy(l => sides == RegionSides.Pairs ? WithoutSide(topology.Regions[l]) : topology.Regions[l], StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.ToArray()))];
        return groups.Length <= MostRegions ? groups
            : throw new ArgumentException($"--regions apart: {topology.Name} has {groups.Length} regions, and {(1 << groups.Length) - 1} subsets to retrain; take --regions pairs.");
    }

    private const int MostRegions = 10;

    private static string WithoutSide(string region) =>
        region.StartsWith("left_", StringComparison.Ordinal) ? $"{region[5..]}s" : region.StartsWith("right_", StringComparison.Ordinal) ? $"{region[6..]}s" : region;
}
