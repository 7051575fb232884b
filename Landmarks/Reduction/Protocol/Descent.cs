using EmotionXai.Landmarks.Reduction.Selection;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>The stages of one split, all landmarks first: what is kept at each, and how the networks there did.</summary>
/// <param name="First">The ranking of all landmarks by networks; null where none was asked for.</param>
/// <param name="Selected">The order that was chosen once; null where networks rank at every stage.</param>
/// <param name="Stages">By stage: the landmarks kept, those to keep first in front, and the test.</param>
internal sealed record Descent(Ranking? First, SelectedOrder? Selected, IReadOnlyList<(int[] Kept, StageTest Test)> Stages)
{
    /// <summary>
    /// Goes down the stages. Either the order is chosen once, by people left out; or each stage's networks rank what the next one
    /// keeps (with <see cref="ReductionOptions.Rerank"/>; else the first ranking decides all).
    /// </summary>
    /// <param name="network">Trains, ranks and selects.</param>
    /// <param name="data">The split.</param>
    /// <param name="stages">Landmarks kept, falling from all.</param>
    /// <param name="rankingSeeds">Networks a ranking. 0 leaves the first ranking out where the order is chosen without it.</param>
    /// <param name="rerank">Whether to rank anew at every stage.</param>
    /// <param name="seed">Of the first network of every stage.</param>
    /// <param name="step">Told of every stage.</param>
    public static Descent Run(
        Network network, FoldData data, IReadOnlyList<int> stages, int rankingSeeds, bool rerank, ulong seed, Action<string> step)
    {
        if (network.Selects) step("selection");
        SelectedOrder? selected = network.Select(data, seed);
        Ranking? first = null;
        int[] order = selected?.Order ?? data.All;
        List<(int[] Kept, StageTest Test)> done = [];
        for (int s = 0; s < stages.Count; s++)
        {
            step($"stage {s + 1} of {stages.Count}, {stages[s]} landmarks");
            int[] kept = network.Keep.First(order, stages[s]);
            bool ranks = selected is null ? s == 0 || (rerank && s < stages.Count - 1) : s == 0 && rankingSeeds > 0;
            if (!ranks)
            {
                done.Add((kept, network.TrainAndTest(data, kept, seed)));
                continue;
            }

            Ranking ranking = network.Rank(data, kept, Math.Max(1, rankingSeeds), seed);
            first ??= ranking;
            if (selected is null) order = ranking.Order;
            done.Add((s == 0 ? order : kept, ranking.Test));
        }

        return new Descent(first, selected, done);
    }
}
