using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What the measures say of one attribution method.</summary>
/// <param name="Method">Its name.</param>
/// <param name="CompletenessGap">The sum of gaps over that of logit changes; NaN where the method promises no completeness.</param>
/// <param name="Infidelity">0 is perfect, 1 no better than saying nothing; NaN for sizes without a sign.</param>
/// <param name="MaxSensitivity">The largest relative change of relevance under small noise.</param>
/// <param name="Deletion">The part of the logit's change left on average while landmarks are taken away, most relevant first: small is good.</param>
/// <param name="Insertion">The part reached on average while they are put in: large is good.</param>
/// <param name="Randomized">Kendall's tau with the relevance of the same network with weights drawn anew (Adebayo et al. 2018), the mean over draws: near 0 is good.</param>
/// <param name="Halves">Kendall's tau of relevance between two halves of the people.</param>
/// <param name="TopHalves">The Jaccard index of the first eight landmarks of either half.</param>
public sealed record MethodCheck(
    string Method, double CompletenessGap, double Infidelity, double MaxSensitivity, double Deletion, double Insertion, double Randomized, double Halves, double TopHalves);

/// <summary>Deletion and insertion of landmarks in random orders: chance.</summary>
/// <param name="Deletion">The mean over orders.</param>
/// <param name="Insertion">The same.</param>
/// <param name="Deviation">The standard deviation over orders of insertion less deletion.</param>
public sealed record ChanceOrder(double Deletion, double Insertion, double Deviation);

/// <summary>Sounds explanations of a model, method by method.</summary>
public static class ExplanationCheck
{
    /// <summary>Below this agreement with a randomized network an order is taken to speak of the network and not of the data alone.</summary>
    public const double RandomizedBound = 0.3;

    private const int Draws = 8, Networks = 3, SensitivityDraws = 3, Orders = 8, Top = 8;
    private const double Radius = 0.1;

    /// <summary>The methods that are judged.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["integrated-gradients", "expected-gradients", "gradient-x-input", "gradient", "deeplift-rescale", "occlusion"];

    /// <summary>Judges every method that suits the model. Clips that show the emotion are explained against typical baselines.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">Clips with labels.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="chance">Landmarks in random order, to compare with.</param>
    public static IReadOnlyList<MethodCheck> Run(LandmarkModel model, FeatureSet features, ulong seed, out ChanceOrder chance)
    {
        int length = model.Classifier.Time * model.Classifier.Features;
        float[] all = model.Inputs(features);
        int[] shown = [.. Enumerable.Range(0, features.Clips).Where(i => features.Labels[i] == model.Emotion)];
        float[] Clips(IEnumerable<int> which) => [.. which.SelectMany(i => all[(i * length)..((i + 1) * length)])];
        float[] clips = Clips(shown);
        Baselines baselines = BaselineSpec.Parse("typical").Build(all, [.. features.Labels], model.Emotion, clips, model.Classifier.Time, model.Classifier.Features);
        FeatureGroups groups = Explanation.Groups(model);
        GroupRelevance Empty() => new(model.Classifier.Time, [.. groups.GroupOf.Take(model.Classifier.Features)], groups.Count);

        string[] people = [.. shown.Select(i => features.Subjects[i]).Distinct().Order(StringComparer.Ordinal)];
        float[][] halves = [.. Enumerable.Range(0, 2).Select(h => Clips(shown.Where(i => Array.IndexOf(people, features.Subjects[i]) % 2 == h)))];
        (double Deletion, double Insertion)[] orders = [.. Enumerable.Range(0, Orders).Select(o =>
        {
            int[] shuffled = [.. Enumerable.Range(0, groups.Count)];
            RandomOrder.Shuffle(shuffled, new RandomKey(seed, (ulong)o));
            return Fidelity.Areas(model.Classifier, clips, baselines, groups, shuffled);
        })];
        double[] leads = [.. orders.Select(o => o.Insertion - o.Deletion)];
        chance = new ChanceOrder(orders.Average(o => o.Deletion), orders.Average(o => o.Insertion), Math.Sqrt(leads.Sum(l => (l - leads.Average()) * (l - leads.Average())) / (Orders - 1)));

        List<MethodCheck> checks = [];
        foreach (string name in Methods)
        {
            IAttributionMethod method = AttributionMethods.Find(name, new MethodSettings { Groups = groups, Seed = seed });
            try
            {
                GroupRelevance relevance = Relevance(model.Classifier, clips);
                double[] scores = relevance.Scores;
                double[][] parts = [.. halves.Where(h => h.Length > 0).Select(h => Relevance(model.Classifier, h).Scores)];
                (double deletion, double insertion) = Fidelity.Areas(model.Classifier, clips, baselines, groups, LandmarkScores.Order(scores));
                checks.Add(new MethodCheck(
                    name,
                    method.Axioms.HasFlag(Axioms.Completeness) ? relevance.RelativeGap : double.NaN,
                    method.Meaning == AttributionMeaning.Magnitude ? double.NaN : Fidelity.Infidelity(model.Classifier, method, clips, baselines, groups, Draws, seed),
                    Fidelity.MaxSensitivity(model.Classifier, method, clips, baselines, Empty, Radius, SensitivityDraws, seed),
                    deletion,
                    insertion,
                    Enumerable.Range(1, Networks).Average(n => Randomized((ulong)n, scores)),
                    parts.Length == 2 ? Kendall.Tau(parts[0], parts[1]) : double.NaN,
                    parts.Length == 2 ? Kendall.Jaccard(parts[0], parts[1], Top) : double.NaN));
            }
            catch (ArgumentException) when (name == "deeplift-rescale" && model.Options.Kind.Cell() is not null)
            {
                // It has no rule for recurrent cells.
            }

            GroupRelevance Relevance(Classifier classifier, float[] values)
            {
                GroupRelevance relevance = Empty();
                method.Attribute(classifier, values, baselines, relevance);
                return relevance;
            }

            double Randomized(ulong network, double[] scores)
            {
                using Classifier drawn = model.Options.Build(model.Classifier.Backend, model.Classifier.Time, model.Classifier.Features, seed + network);
                return Kendall.Tau(scores, Relevance(drawn, clips).Scores);
            }
        }

        return checks;
    }
}
