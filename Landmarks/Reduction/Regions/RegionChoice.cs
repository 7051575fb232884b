using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction.Regions;

/// <summary>The set of regions that best predicts people who are left out of the training people of a split; the tested people choose nothing.</summary>
internal static class RegionChoice
{
    /// <summary>Tanh units of a subset's network.</summary>
    public const int Units = 300;

    /// <summary>The regions chosen for a split, by name.</summary>
    /// <param name="data">The split; its training clips alone are looked at.</param>
    /// <param name="options">The run's; where regions are not studied, left and right are taken together.</param>
    /// <param name="topology">Whose regions.</param>
    public static IReadOnlyList<(string Name, int[] Landmarks)> Of(FoldData data, ReductionOptions options, LandmarkTopology topology)
    {
        IReadOnlyList<(string Name, int[] Landmarks)> groups = RegionGroups.Of(topology, SidesOf(options));
        if (data.TrainTargets.Distinct().Count() < 2) return groups;
        (Func<int[], float[]> of, _, _) = data.ForSelection();
        SubsetReadout readout = new([.. groups.Select(g => of(g.Landmarks))], [.. groups.Select(_ => Array.Empty<float>())], data.TrainClips.Length, 0, Units, options.Model.Random, options.Seed);
        double[] losses = [.. Enumerable.Range(0, 1 << groups.Count).Select(subset => subset == 0
            ? double.PositiveInfinity
            : readout.Of(Members(subset, groups.Count)).Fit(data.TrainTargets, data.TrainPeople, options.Training.Ridge).Loss)];
        return [.. Members(Least(losses, groups), groups.Count).Select(g => groups[g])];
    }

    /// <summary>How regions are taken where landmarks are chosen inside them.</summary>
    public static RegionSides SidesOf(ReductionOptions options) => options.Regions == RegionSides.None ? RegionSides.Pairs : options.Regions;

    /// <summary>The subset of the least loss; fewer landmarks among equals.</summary>
    /// <param name="losses">[subset]: by bits; the empty one is not taken.</param>
    /// <param name="groups">The regions.</param>
    public static int Least(IReadOnlyList<double> losses, IReadOnlyList<(string Name, int[] Landmarks)> groups) =>
        Enumerable.Range(1, losses.Count - 1).OrderBy(s => losses[s]).ThenBy(s => Members(s, groups.Count).Sum(g => groups[g].Landmarks.Length)).First();

    private static int[] Members(int subset, int groups) => [.. Enumerable.Range(0, groups).Where(g => (subset & (1 << g)) != 0)];
}
