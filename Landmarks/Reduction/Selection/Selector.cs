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
    // Landmarks that attributions propose to the regression. Settled on graded synthetic data: docs/protocol.md.
    private const int Fewest = 17, Most = 34;

    // In single frames most of what a landmark varies is whose face it is, and a penalty in proportion to that is too strong where there are
    // many: then the loss decides. With few of them, and in clips, the strong penalty finds what holds on new people, whatever the loss says of it.
    private const int FewFrames = 500;
    private static readonly double[] s_parts = [1, 0.3, 0.1, 0.03, 0.01];

    /// <summary>The selector of a run; null where attributions rank anew at every stage.</summary>
    public static Selector? Of(ReductionOptions options, LandmarkTopology topology) => options.SelectsOnce ? new Selector(options, topology) : null;

    /// <summary>How many of an order are asked for. Those behind them come by relevance, for which no loss is asked.</summary>
    public int Asked { get; init; } = int.MaxValue;

    /// <summary>The order for a fold's training clips. The tested clips are not looked at.</summary>
    /// <param name="data">The split.</param>
    /// <param name="seed">Of the random networks.</param>
    public SelectedOrder Select(FoldData data, ulong seed) => Select(new SelectionGround(data, options, seed));

    /// <summary>The order for training clips that were looked at.</summary>
    public SelectedOrder Select(SelectionGround ground)
    {
        (FoldData data, LandmarkComponents components, LeftOutAttribution first) = (ground.Data, ground.Components, ground.First);
        double[] relevance = first.Aligned();
        IReadOnlyList<(string Name, int[] Landmarks)> regions = options.InsideRegions ? ground.Regions(topology) : [];
        int[] among = options.InsideRegions ? [.. regions.SelectMany(r => r.Landmarks).Order()] : data.All;

        // Inside regions, by networks that see nothing else.
        bool inside = among.Length < data.All.Length;
        double[] own = inside ? Spread(ground.Attribute(components.Of(among)).Aligned(), among, data.All.Length) : relevance;
        int[] byRelevance = [.. LandmarkScores.Order(own).Where(l => !inside || among.Contains(l))];
        int patches = options.Patches > 0 ? options.Patches : DefaultPatches(data.All.Length);
        int[][] singles = [.. among.Select(l => new[] { l })];
        int[][] units = patches >= topology.Count || data.All.Length != topology.Count ? singles
            : [.. Patches.Of(topology, patches).Select(u => inside ? u.Where(among.Contains).ToArray() : u).Where(u => u.Length > 0)];
        int[] order = options.Select switch
        {
            SelectionRule.Forward => Grown(singles, singles.Length),
            SelectionRule.Pursuit => Grow(ground.Loss(components.Told(first.Signed)), singles, singles.Length, byRelevance, Asked),
            SelectionRule.Lasso => inside ? Lasso() : GroupLasso.Order(components, data.TrainTargets, byRelevance),
            SelectionRule.Aligned => [.. Halve(units, ground, own).SelectMany(u => byRelevance.Where(u.Contains))],
            _ => Grown(Ordered(units, own), Math.Clamp(units.Length / 2, Fewest, Most)),
        };
        if (inside) order = [.. order, .. LandmarkScores.Order(relevance).Except(among)];
        return new SelectedOrder(order, relevance) { Regions = [.. regions.Select(r => r.Name)] };

        int[] Lasso() => [.. GroupLasso.Order(components.Of(among), data.TrainTargets, [.. byRelevance.Select(l => Array.IndexOf(among, l))]).Select(i => among[i])];

        int[] Grown(int[][] from, int pool)
        {
            bool decides = data.Time == 1 && data.TrainClips.Length > FewFrames;
            return Grow(ground.Loss(ground.Detail, decides ? s_parts.MinBy(part => MeanLoss(from, pool, part)) : 1), from, pool, byRelevance, Asked);
        }

        double MeanLoss(int[][] from, int pool, double part)
        {
            Garbage.Collect();
            GrowingLoss loss = ground.Loss(ground.Detail, part);
            Grow(loss, from, pool, byRelevance, Fewest);
            return loss.Mean;
        }
    }

    /// <summary>Patches of a mesh; a face of few landmarks has one each.</summary>
    public static int DefaultPatches(int landmarks) => SelectionGround.IsMesh(landmarks) ? 32 : landmarks;

    // The less relevant half goes, and what is left is explained anew by networks that see nothing else: what two neighbours shared
    // is then the one's that stays. The most relevant come first.
    private static int[][] Halve(IReadOnlyList<int[]> units, SelectionGround ground, double[] relevance)
    {
        List<int[]> gone = [];
        int[][] kept = Ordered(units, relevance);
        while (kept.Length > Fewest)
        {
            int half = Math.Max(Fewest, kept.Length / 2);
            gone.InsertRange(0, kept[half..]);
            int[] landmarks = [.. kept[..half].SelectMany(u => u).Order()];
            kept = Ordered(kept[..half], Spread(ground.Attribute(ground.Components.Of(landmarks)).Aligned(), landmarks, relevance.Length));
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
    // the first landmarks only: those asked for, and at most as many as there are to choose among or units of several.
    private static int[] Grow(GrowingLoss loss, int[][] units, int pool, int[] byRelevance, int asked)
    {
        int most = Math.Min(asked, Math.Max(pool, units.Any(u => u.Length > 1) ? units.Length : 0));
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
}
