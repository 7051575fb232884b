namespace EmotionXai.Landmarks.Reduction;

/// <summary>The stages of one split, all landmarks first: what is kept at each, and how the networks there did.</summary>
/// <param name="First">The ranking of all landmarks.</param>
/// <param name="Stages">By stage: the landmarks kept, most relevant first, and the test.</param>
internal sealed record Descent(Ranking First, IReadOnlyList<(int[] Kept, StageTest Test)> Stages)
{
    /// <summary>
    /// Goes down the stages. With <see cref="ReductionOptions.Rerank"/> each stage's networks rank what the next one keeps;
    /// else the first ranking decides all.
    /// </summary>
    /// <param name="network">Trains and ranks.</param>
    /// <param name="data">The split.</param>
    /// <param name="stages">Landmarks kept, falling from all.</param>
    /// <param name="rankingSeeds">Networks a ranking.</param>
    /// <param name="rerank">Whether to rank anew at every stage.</param>
    /// <param name="seed">Of the first network of every stage.</param>
    /// <param name="step">Told of every stage.</param>
    public static Descent Run(
        Network network, FoldData data, IReadOnlyList<int> stages, int rankingSeeds, bool rerank, ulong seed, Action<string> step)
    {
        Ranking? first = null;
        int[]? selected = network.Select(data, seed);
        int[] order = selected ?? data.All;
        List<(int[] Kept, StageTest Test)> done = [];
        for (int s = 0; s < stages.Count; s++)
        {
            step($"stage {s + 1} of {stages.Count}, {stages[s]} landmarks");
            int[] kept = network.Keep.First(order, stages[s]);
            if (s > 0 && (selected is not null || !(rerank && s < stages.Count - 1)))
            {
                done.Add((kept, network.TrainAndTest(data, kept, seed)));
                continue;
            }

            Ranking ranking = network.Rank(data, kept, rankingSeeds, seed);
            first ??= ranking;
            if (selected is null) order = ranking.Order;
            done.Add((s == 0 ? order : kept, ranking.Test));
        }

        return new Descent(first!, done);
    }
}
