using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// What the controls of a fold keep. Each goes down the stages as the ranking does: what a stage keeps is ranked again, by the
/// control's own rule on these landmarks alone, for the next one.
/// </summary>
/// <param name="options">The controls, and how networks look at clips.</param>
/// <param name="stages">Landmarks kept, falling from all.</param>
/// <param name="face">[landmark]: the neutral face; null where landmarks are no longer those of the topology.</param>
internal sealed class Controls(ReductionOptions options, IReadOnlyList<int> stages, IReadOnlyList<Point3>? face)
{
    /// <summary>By control, by draw, by stage but the first: the landmarks kept, best first.</summary>
    /// <param name="network">Trains and ranks.</param>
    /// <param name="data">The split; training clips alone are looked at.</param>
    /// <param name="ranked">The ranking of all landmarks.</param>
    /// <param name="seedFor">A seed for every use.</param>
    public Dictionary<string, int[][][]> Sets(Network network, FoldData data, int[] ranked, Func<int, ulong> seedFor)
    {
        ControlSpec controls = options.Controls;
        Dictionary<string, int[][][]> sets = [];
        if (stages.Count == 1) return sets;
        if (controls.Has(ControlSpec.Random))
            sets[ControlSpec.Random] = [.. Enumerable.Range(1, controls.Draws(ControlSpec.Random)).Select(draw => Down((kept, stage) => Shuffled(kept, new RandomKey(seedFor(draw), (ulong)stage))))];
        if (controls.Has(ControlSpec.Motion)) sets[ControlSpec.Motion] = [Down((kept, _) => Motion(data, kept))];
        if (controls.Has(ControlSpec.Fisher)) sets[ControlSpec.Fisher] = [Down((kept, _) => Fisher(data, kept, count: 0))];
        if (controls.Has(ControlSpec.FisherMrmr)) sets[ControlSpec.FisherMrmr] = [Down((kept, stage) => Fisher(data, kept, stages[stage]))];
        if (controls.Has(ControlSpec.Untrained)) sets[ControlSpec.Untrained] = [Down((kept, _) => By(kept, network.Untrained(data, kept, options.RankingSeeds, seedFor(0))))];
        if (controls.Has(ControlSpec.Spread) && face is not null) sets[ControlSpec.Spread] = [Down((kept, _) => Spread(kept))];

        // The ranking of all landmarks is known; below, networks rank again where the ranking does.
        if (controls.Has(ControlSpec.Lowest))
            sets[ControlSpec.Lowest] = [Down((kept, stage) => stage == 1 ? [.. ranked.Reverse()] : options.Rerank && !network.Selects ? [.. network.Rank(data, kept, options.RankingSeeds, seedFor(0)).Order.Reverse()] : Unsorted(ranked, kept))];
        return sets;

        int[][] Down(Func<int[], int, int[]> order)
        {
            int[][] kept = new int[stages.Count - 1][];
            int[] before = data.All;
            for (int s = 1; s < stages.Count; s++) kept[s - 1] = before = network.Keep.First(order([.. before.Order()], s), stages[s]);
            return kept;
        }
    }

    /// <summary>The outcome with what other emotions keep in the same fold as one more control; the outcome itself where there are no others.</summary>
    /// <param name="network">Trains.</param>
    /// <param name="data">The fold's split.</param>
    /// <param name="outcome">The fold's outcome.</param>
    /// <param name="others">The same fold of the other emotions.</param>
    /// <param name="seed">Of the fold.</param>
    public FoldOutcome Swapped(Network network, FoldData data, FoldOutcome outcome, IReadOnlyList<FoldOutcome> others, ulong seed)
    {
        FoldOutcome[] taken = [.. others.Take(options.Controls.Draws(ControlSpec.Swap))];
        if (taken.Length == 0) return outcome;
        return outcome with
        {
            Stages = [.. outcome.Stages.Select((stage, s) => s == 0 ? stage : stage with
            {
                Controls = new Dictionary<string, double[][]>(stage.Controls)
                {
                    [ControlSpec.Swap] = [.. taken.Select(other => stage.Calibration.Apply(network.TrainAndTest(data, other.Stages[s].Kept, seed).Logits))],
                },
            })],
        };
    }

    private int[] Motion(FoldData data, int[] kept)
    {
        TrainingSet train = new(data, kept, options);
        (ClipRows positives, Baselines baselines) = train.Explained();
        return By(kept, LandmarkScores.Motion(positives, baselines, kept.Length, data.Dimensions));
    }

    private static int[] Fisher(FoldData data, int[] kept, int count)
    {
        ClipData clips = data.Train(kept);
        return count == 0
            ? By(kept, LandmarkScores.Fisher(clips.Clips, clips.Targets, kept.Length, data.Dimensions))
            : [.. LandmarkScores.FisherMrmr(clips.Clips, clips.Targets, kept.Length, data.Dimensions, count).Select(i => kept[i])];
    }

    // From the point nearest to the middle on, each the farthest from the nearest of all before; the lower index among equals.
    private int[] Spread(int[] kept)
    {
        Point3[] points = [.. kept.Select(l => face![l])];
        Point3 middle = new(points.Average(p => p.X), points.Average(p => p.Y), points.Average(p => p.Z));
        double[] distance = [.. points.Select(p => -Squared(p, middle))];
        bool[] taken = new bool[kept.Length];
        int[] order = new int[kept.Length];
        for (int n = 0; n < order.Length; n++)
        {
            int next = Enumerable.Range(0, order.Length).Where(i => !taken[i]).MaxBy(i => distance[i]);
            (order[n], taken[next]) = (kept[next], true);
            for (int i = 0; i < distance.Length; i++) distance[i] = n == 0 ? Squared(points[i], points[next]) : Math.Min(distance[i], Squared(points[i], points[next]));
        }

        return order;
    }

    private static double Squared(Point3 a, Point3 b) => ((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)) + ((a.Z - b.Z) * (a.Z - b.Z));

    private static int[] By(int[] kept, double[] scores) => [.. LandmarkScores.Order(scores).Select(i => kept[i])];

    private static int[] Unsorted(int[] ranked, int[] kept) => [.. ranked.Reverse().Where(kept.Contains)];

    private static int[] Shuffled(int[] kept, RandomKey key)
    {
        int[] order = [.. kept];
        RandomOrder.Shuffle(order, key);
        return order;
    }
}
