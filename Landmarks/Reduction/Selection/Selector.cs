using System.Globalization;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// Puts landmarks in the order in which they should be kept, by what holds on people left out of the training people: Integrated
/// Gradients propose, the loss on people left out decides.
/// </summary>
internal sealed class Selector(ReductionOptions options, LandmarkTopology topology, IBackend backend)
{
    // in progress: tuned below
    private static int E(string n, int d) => Environment.GetEnvironmentVariable(n) is { } s ? int.Parse(s, CultureInfo.InvariantCulture) : d;
    private static double F(string n, double d) => Environment.GetEnvironmentVariable(n) is { } s ? double.Parse(s, CultureInfo.InvariantCulture) : d;

    public static readonly int Components = E("XQ", 8), Groups = E("XG", 5), Units = E("XU", 256), Proposals = E("XP", 16), PatchCount = E("XPATCH", 0), ForwardLimit = E("XF", 17);
    public static readonly double Penalty = F("XL", 1e-1), Direct = F("XD", 1);

    internal string Variant { get; init; } = "";

    private double V(string name, double d) => Variant.Split(':').Skip(1).FirstOrDefault(p => p.StartsWith(name, StringComparison.Ordinal)) is { } p ? double.Parse(p[name.Length..], CultureInfo.InvariantCulture) : d;

    /// <summary>The selector of a run; null where attributions rank anew at every stage.</summary>
    public static Selector? Of(ReductionOptions options, LandmarkTopology topology, IBackend backend) => options.Select == SelectionRule.Paper ? null : new Selector(options, topology, backend);

    /// <summary>All landmarks, the first to keep first.</summary>
    public int[] Order(FoldData data, ulong seed)
    {
        int[] groups = GroupsOf(data, out int count);
        LandmarkComponents components = new(data.SelectionValues(), data.TrainClips.Length, topology.Count, data.SelectionChannels, (int)V("q", Components));
        double positive = data.TrainTargets.Count(t => t > 0.5f), total = data.TrainTargets.Length;
        double[] targets = [.. data.TrainTargets.Select(t => t > 0.5f ? 1.0 : -1)], weights = [.. data.TrainTargets.Select(t => t > 0.5f ? total / (2 * positive) : total / (2 * (total - positive)))];
        LeftOutRegression Regression() => new(components, targets, weights, groups, count, V("l", Penalty));
        int[][] single = [.. Enumerable.Range(0, topology.Count).Select(i => new[] { i })];
        if (options.Select == SelectionRule.Forward) return Grow(Regression(), single, single.Length);

        ClassifierOptions model = new() { Kind = ModelKind.RandomDense, Hidden = [(int)V("u", Units)], Activation = Activation.Tanh, Random = new RandomOptions { Direct = V("d", Direct) } };
        LeftOutAttribution attribution = LeftOutAttribution.Of(components, data.TrainTargets, groups, count, model, backend, seed);
        int patchCount = (int)V("c", topology.Count > 100 ? 32 : topology.Count);
        IReadOnlyList<int[]> patches = patchCount < topology.Count ? Patches.Of(topology, patchCount) : single;
        double[] aligned = V("abs", 0) > 0 ? attribution.Absolute() : attribution.Aligned();
        int[][] ranked = [.. patches.OrderByDescending(p => p.Sum(l => aligned[l]))];
        if (options.Select == SelectionRule.Aligned) return [.. ranked.SelectMany(p => p.OrderByDescending(l => aligned[l]))];
        return Grow(Regression(), ranked, (int)V("p", Proposals));
    }

    // Takes one landmark after the other: of the first patches of the ranking that have not given one yet, the landmark that lowers
    // the loss most. Twice as many patches are looked at as there are landmarks, and never fewer than proposals; once all have
    // given one they give another.
    private static int[] Grow(LeftOutRegression regression, IReadOnlyList<int[]> ranked, int proposals)
    {
        List<int> order = [];
        HashSet<int> taken = [];
        int all = ranked.Sum(p => p.Length);
        while (order.Count < all)
        {
            List<int[]> left = [.. ranked.Where(p => p.Any(l => !taken.Contains(l)))];
            for (int given = 0; left.Count > 0; given++)
            {
                int window = Math.Max(1, Math.Max(proposals, 2 * (given + 1)) - given);
                int[] candidates = [.. left.Take(window).SelectMany(p => p).Where(l => !taken.Contains(l))];
                int best = order.Count < ForwardLimit ? candidates.MinBy(regression.LossWith) : candidates[0];
                if (order.Count < ForwardLimit) regression.Take(best);
                taken.Add(best);
                order.Add(best);
                left.Remove(left.First(p => p.Contains(best)));
            }
        }

        return [.. order];
    }

    private int[] GroupsOf(FoldData data, out int count)
    {
        string[] people = [.. data.TrainPeople.Select(p => p.ToString("D6", CultureInfo.InvariantCulture))];
        IReadOnlyList<Fold> folds = SubjectFolds.Split(people, data.Labels, Math.Min(Groups, people.Distinct().Count()).ToString(CultureInfo.InvariantCulture), options.Seed);
        int[] groups = new int[people.Length];
        for (int f = 0; f < folds.Count; f++)
            foreach (int clip in folds[f].Test) groups[clip] = f;
        count = folds.Count;
        return groups;
    }
}
