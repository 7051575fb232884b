using System.Globalization;
using EmotionXai.Landmarks.Reduction.Regions;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// Puts landmarks in the order in which they should be kept, by what holds on people left out of the training people: aligned
/// Integrated Gradients propose the more relevant half, and the loss of a regression on people left out puts those in order.
/// On a dense mesh neighbours share relevance, so it is summed with its sign over patches, and the loss chooses the landmark that
/// stands for a patch.
/// </summary>
internal sealed class Selector(ReductionOptions options, LandmarkTopology topology)
{
    // Settled on graded synthetic data: docs/protocol.md.
    private const int Components = 4, Fewest = 17, Most = 34;

    // What the regression sees of a landmark; networks, and all on a mesh, see fewer.
    private const int Detail = 8;

    // Ten groups of people are told apart better than five; where people are many, five have enough to learn from.
    private const int Groups = 10, GroupsOfMany = 5, ManyClips = 800;

    // An order of landmarks is as sure by so many clips as by more; time and memory then stay as they are.
    private const int MostClips = 8192;

    // In single frames most of what a landmark varies is whose face it is, and a penalty in proportion to that is too strong where there are
    // many: then the loss decides. With few of them, and in clips, the strong penalty finds what holds on new people, whatever the loss says of it.
    private const int FewFrames = 500;
    private static readonly double[] s_parts = [1, 0.3, 0.1, 0.03, 0.01];

    // More landmarks than this are a mesh.
    private const int Sparse = 100;

    /// <summary>The selector of a run; null where attributions rank anew at every stage.</summary>
    public static Selector? Of(ReductionOptions options, LandmarkTopology topology) => options.SelectsOnce ? new Selector(options, topology) : null;

    /// <summary>The order for a fold's training clips. The tested clips are not looked at.</summary>
    /// <param name="data">The split.</param>
    /// <param name="seed">Of the random networks.</param>
    public SelectedOrder Select(FoldData data, ulong seed)
    {
        data = data.WithAtMost(MostClips, seed);
        int[] groups = GroupsOf(data, out int count);
        (Func<int[], float[]> of, int rows, int channels) = data.ForSelection();
        LandmarkComponents detail = new(of, data.TrainClips.Length, data.All.Length, rows, channels, data.All.Length > Sparse ? Components : Detail, Components);
        LandmarkComponents components = detail.Leading(Components);

        // More components share what the landmark varies, and bear less each.
        GrowingLoss Loss(LandmarkComponents of, double part = 1) =>
            new(penalty => new LeftOutRegression(of, data.TrainTargets, groups, count, penalty), part * Math.Min(1, (double)Components / of.Width));
        LeftOutAttribution Attribute(LandmarkComponents some) => LeftOutAttribution.Of(some, data.TrainTargets, groups, seed);
        LeftOutAttribution first = Attribute(components);
        double[] relevance = first.Aligned();
        IReadOnlyList<(string Name, int[] Landmarks)> regions = options.InsideRegions ? RegionChoice.Of(data, options, topology) : [];
        int[] among = options.InsideRegions ? [.. regions.SelectMany(r => r.Landmarks).Order()] : data.All;

        // Inside regions, by networks that see nothing else.
        bool inside = among.Length < data.All.Length;
        double[] own = inside ? Spread(Attribute(components.Of(among)).Aligned(), among, data.All.Length) : relevance;
        int[] byRelevance = [.. LandmarkScores.Order(own).Where(l => !inside || among.Contains(l))];
        int patches = options.Patches > 0 ? options.Patches : DefaultPatches(data.All.Length);
        int[][] singles = [.. among.Select(l => new[] { l })];
        int[][] units = patches >= topology.Count || data.All.Length != topology.Count ? singles
            : [.. Patches.Of(topology, patches).Select(u => inside ? u.Where(among.Contains).ToArray() : u).Where(u => u.Length > 0)];
        int[] order = options.Select switch
        {
            SelectionRule.Forward => Grown(singles, singles.Length),
            SelectionRule.Pursuit => Grow(Loss(components.Told(first.Signed)), singles, singles.Length, byRelevance),
            SelectionRule.Lasso => inside ? Lasso() : GroupLasso.Order(components, data.TrainTargets, byRelevance),
            SelectionRule.Aligned => [.. Halve(units, components, own, Attribute).SelectMany(u => byRelevance.Where(u.Contains))],
            _ => Grown(Ordered(units, own), Math.Clamp(units.Length / 2, Fewest, Most)),
        };
        if (inside) order = [.. order, .. LandmarkScores.Order(relevance).Except(among)];
        return new SelectedOrder(order, relevance) { Regions = [.. regions.Select(r => r.Name)] };

        int[] Lasso() => [.. GroupLasso.Order(components.Of(among), data.TrainTargets, [.. byRelevance.Select(l => Array.IndexOf(among, l))]).Select(i => among[i])];

        int[] Grown(int[][] from, int pool)
        {
            bool decides = data.Time == 1 && data.TrainClips.Length > FewFrames;
            return Grow(Loss(detail, decides ? s_parts.MinBy(part => MeanLoss(from, pool, part)) : 1), from, pool, byRelevance);
        }

        double MeanLoss(int[][] from, int pool, double part)
        {
            Garbage.Collect();
            GrowingLoss loss = Loss(detail, part);
            Grow(loss, from, pool, byRelevance, Fewest);
            return loss.Mean;
        }
    }

    /// <summary>Patches of a mesh; a face of few landmarks has one each.</summary>
    public static int DefaultPatches(int landmarks) => landmarks > Sparse ? 32 : landmarks;

    // The less relevant half goes, and what is left is explained anew by networks that see nothing else: what two neighbours shared
    // is then the one's that stays. The most relevant come first.
    private static int[][] Halve(IReadOnlyList<int[]> units, LandmarkComponents components, double[] relevance, Func<LandmarkComponents, LeftOutAttribution> attribute)
    {
        List<int[]> gone = [];
        int[][] kept = Ordered(units, relevance);
        while (kept.Length > Fewest)
        {
            int half = Math.Max(Fewest, kept.Length / 2);
            gone.InsertRange(0, kept[half..]);
            int[] landmarks = [.. kept[..half].SelectMany(u => u).Order()];
            kept = Ordered(kept[..half], Spread(attribute(components.Of(landmarks)).Aligned(), landmarks, components.Landmarks));
        }

        return [.. kept, .. gone];
    }

    private static int[][] Ordered(IReadOnlyList<int[]> units, double[] relevance) => [.. units.OrderByDescending(u => u.Sum(l => relevance[l]))];

    // [landmark of all]: the values of some, 0 elsewhere.
    private static double[] Spread(double[] values, int[] landmarks, int all)
    {
        double[] spread = new double[all];
        for (int i = 0; i < landmarks.Length; i++) spread[landmarks[i]] = values[i];
        return spread;
    }

    // One landmark after the other, each from a unit that has not given one yet: the one of the first units that lowers the loss
    // most. Behind those, unit by unit; once all have given one they give another, the more relevant first. The loss is asked for
    // the first landmarks only, by default as many as there are to choose among or units of several.
    private static int[] Grow(GrowingLoss loss, int[][] units, int pool, int[] byRelevance, int? asked = null)
    {
        int most = asked ?? Math.Max(pool, units.Any(u => u.Length > 1) ? units.Length : 0);
        List<int> order = [];
        HashSet<int> open = [.. units.SelectMany(u => u)];
        while (open.Count > 0)
        {
            List<int[]> left = [.. units.Where(u => u.Any(open.Contains))];
            int choice = pool;
            while (left.Count > 0)
            {
                int[] candidates = [.. left.Take(choice).SelectMany(u => u).Where(open.Contains)];
                int best = order.Count < most ? candidates.MinBy(loss.With) : byRelevance.First(candidates.Contains);
                if (order.Count < most) loss.Take(best);
                order.Add(best);
                open.Remove(best);
                left.Remove(left.First(u => u.Contains(best)));
                choice = Math.Max(1, choice - 1);
            }
        }

        return [.. order];
    }

    private int[] GroupsOf(FoldData data, out int count)
    {
        // One person alone cannot be left out: then it is single clips.
        bool alone = data.TrainPeople.Distinct().Count() < 2;
        string[] people = [.. data.TrainPeople.Select((p, clip) => (alone ? clip : p).ToString("D6", CultureInfo.InvariantCulture))];
        int most = people.Length > ManyClips ? GroupsOfMany : Groups;
        IReadOnlyList<Fold> folds = SubjectFolds.Split(people, data.Labels, Math.Min(most, people.Distinct().Count()).ToString(CultureInfo.InvariantCulture), options.Seed);
        int[] groups = new int[people.Length];
        for (int f = 0; f < folds.Count; f++)
            foreach (int clip in folds[f].Test) groups[clip] = f;
        count = folds.Count;
        return groups;
    }
}
