namespace EmotionXai.Landmarks.Reduction.Regions;

/// <summary>What the regions of a face are worth for an emotion on new people: random networks retrained on every subset of regions.</summary>
/// <param name="Emotion">The emotion.</param>
/// <param name="Measure"><see cref="PrimaryFigure.Within"/> or <see cref="PrimaryFigure.Between"/>.</param>
/// <param name="People">People whose clips could tell.</param>
/// <param name="Auc">With all regions.</param>
/// <param name="Regions">By falling share.</param>
/// <param name="Verdict">In words: the regions whose share is above the mean one, at 0.05 and by the margin or more; or that none is.</param>
/// <param name="Best">The best set of regions.</param>
public sealed record RegionResult(
    string Emotion, string Measure, int People, double Auc, IReadOnlyList<RegionShare> Regions, string Verdict, BestRegions Best);

/// <summary>A region's share.</summary>
/// <param name="Region">Its name.</param>
/// <param name="Landmarks">Its landmarks.</param>
/// <param name="Shapley">The exact Shapley value in AUC, the mean over people: shares add up to the AUC of all regions less one half.</param>
/// <param name="Ci95">Its interval, by a bootstrap over people.</param>
/// <param name="AboveMeanP">The one-sided p-value, by sign flips over people, of a share above the mean one; corrected over the regions (Holm 1979).</param>
/// <param name="Alone">The AUC of this region alone.</param>
/// <param name="Without">The AUC of all others.</param>
public sealed record RegionShare(string Region, int Landmarks, double Shapley, IReadOnlyList<double> Ci95, double AboveMeanP, double Alone, double Without);

/// <summary>The set of regions that predicts training people who are left out best, chosen in every fold for itself.</summary>
/// <param name="Regions">The set that most folds choose.</param>
/// <param name="Folds">How many choose it.</param>
/// <param name="ByFold">[fold]: the chosen regions.</param>
/// <param name="Figure">Every fold's set against all regions, on the people that the fold tests.</param>
public sealed record BestRegions(IReadOnlyList<string> Regions, int Folds, IReadOnlyList<IReadOnlyList<string>> ByFold, PairedDifference Figure);
