using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Statistics;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Which landmarks are chosen whichever half of the people chooses; see <see cref="StabilitySelection"/>.</summary>
/// <param name="Emotion">The emotion.</param>
/// <param name="Pairs">Pairs of halves.</param>
/// <param name="Chosen">Landmarks that each half chooses: as many as the smallest stage keeps.</param>
/// <param name="Frequencies">[landmark]: the share of halves that choose it.</param>
/// <param name="Threshold">What counts as stable.</param>
/// <param name="Stable">The landmarks at or above it, most frequent first.</param>
/// <param name="Bound">How many of them are expected at most to be there by chance (Shah and Samworth 2013, unimodal); NaN where the theorem does not hold.</param>
/// <param name="ExchangeableBound">The same by Meinshausen and Buehlmann (2010).</param>
public sealed record SelectionStability(
    string Emotion, int Pairs, int Chosen, IReadOnlyList<double> Frequencies, double Threshold, IReadOnlyList<int> Stable, double Bound, double ExchangeableBound)
{
    private const double StableShare = 0.75;

    /// <summary>Chooses on every half by the run's own rule. No clip is tested: this describes the choice, it is no score.</summary>
    /// <param name="features">The clips.</param>
    /// <param name="emotion">The emotion.</param>
    /// <param name="options">How often, and how landmarks are ranked.</param>
    /// <param name="chosen">Landmarks that a half chooses.</param>
    /// <param name="network">Ranks.</param>
    internal static SelectionStability Of(FeatureSet features, string emotion, ReductionOptions options, int chosen, Network network)
    {
        List<int[]> selections = [];
        foreach ((string[] first, string[] second) in StabilitySelection.Halves([.. features.Subjects.Distinct()], options.Stability, options.Seed))
        {
            foreach (string[] half in new[] { first, second })
            {
                FoldData data = new(features, emotion, [.. Enumerable.Range(0, features.Clips).Where(c => half.Contains(features.Subjects[c]))], []);
                if (data.TrainTargets.Distinct().Count() < 2) continue;
                ulong seed = options.Seed + (ulong)selections.Count;
                int[] order = network.Select(data, seed)?.Order ?? network.Rank(data, data.All, options.InnerRankingSeeds, seed).Order;
                selections.Add(network.Keep.First(order, chosen));
            }
        }

        double[] share = selections.Count > 0 ? StabilitySelection.Frequencies(selections, features.Points) : new double[features.Points];
        return new SelectionStability(
            emotion, options.Stability, chosen, share, StableShare, [.. LandmarkScores.Order(share).TakeWhile(l => share[l] >= StableShare)],
            StabilitySelection.UnimodalBound(chosen, features.Points, StableShare, options.Stability), StabilitySelection.ExchangeableBound(chosen, features.Points, StableShare));
    }
}
