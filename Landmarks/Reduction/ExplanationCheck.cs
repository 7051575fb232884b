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
/// <param name="Precision">Where the truth is known: the part of the first landmarks (as many as are evidence, at most eight) that is evidence; else NaN.</param>
public sealed record MethodCheck(
    string Method, double CompletenessGap, double Infidelity, double MaxSensitivity, double Deletion, double Insertion, double Randomized, double Precision);

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

    private const int Draws = 8, Networks = 3, SensitivityDraws = 3, Orders = 8;
    private const double Radius = 0.1;

    /// <summary>Landmarks at the top of an order that are compared.</summary>
    internal const int Top = 8;

    /// <summary>The methods that are judged.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["integrated-gradients", "expected-gradients", "gradient-x-input", "gradient", "deeplift-rescale", "occlusion"];

    /// <summary>Those that suit a model: DeepLIFT has no rule for recurrent cells.</summary>
    internal static IEnumerable<string> MethodsFor(LandmarkModel model) => Methods.Where(m => m != "deeplift-rescale" || model.Options.Kind.Cell() is null);

    /// <summary>What collects relevance by landmark.</summary>
    internal static GroupRelevance Empty(LandmarkModel model)
    {
        FeatureGroups groups = Explanation.Groups(model);
        return new GroupRelevance(model.Classifier.Time, [.. groups.GroupOf.Take(model.Classifier.Features)], groups.Count);
    }

    /// <summary>Judges every method that suits the model. Clips that show the emotion are explained against typical baselines.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">Clips with labels.</param>
    /// <param name="truth">[landmark of the face]: whether it is evidence; null where that is not known.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="chance">Landmarks in random order, to compare with.</param>
    public static IReadOnlyList<MethodCheck> Run(LandmarkModel model, FeatureSet features, IReadOnlyList<bool>? truth, ulong seed, out ChanceOrder chance)
    {
        int length = model.Classifier.Time * model.Classifier.Features;
        float[] all = model.Inputs(features);
        int[] shown = [.. Enumerable.Range(0, features.Clips).Where(i => features.Labels[i] == model.Emotion)];
        float[] clips = [.. shown.SelectMany(i => all[(i * length)..((i + 1) * length)])];
        Baselines baselines = BaselineSpec.Parse("typical").Build(all, [.. features.Labels], model.Emotion, clips, model.Classifier.Time, model.Classifier.Features);
        FeatureGroups groups = Explanation.Groups(model);
        (double Deletion, double Insertion)[] orders = [.. Enumerable.Range(0, Orders).Select(o =>
        {
            int[] shuffled = [.. Enumerable.Range(0, groups.Count)];
            RandomOrder.Shuffle(shuffled, new RandomKey(seed, (ulong)o));
            return Fidelity.Areas(model.Classifier, clips, baselines, groups, shuffled);
        })];
        double[] leads = [.. orders.Select(o => o.Insertion - o.Deletion)];
        chance = new ChanceOrder(orders.Average(o => o.Deletion), orders.Average(o => o.Insertion), Math.Sqrt(leads.Sum(l => (l - leads.Average()) * (l - leads.Average())) / (Orders - 1)));

        List<MethodCheck> checks = [];
        foreach (string name in MethodsFor(model))
        {
            IAttributionMethod method = AttributionMethods.Find(name, new MethodSettings { Groups = groups, Seed = seed });
            GroupRelevance relevance = Relevance(model.Classifier, clips);
            double[] scores = relevance.Scores;
            (double deletion, double insertion) = Fidelity.Areas(model.Classifier, clips, baselines, groups, LandmarkScores.Order(scores));
            checks.Add(new MethodCheck(
                name,
                method.Axioms.HasFlag(Axioms.Completeness) ? relevance.RelativeGap : double.NaN,
                method.Meaning == AttributionMeaning.Magnitude ? double.NaN : Fidelity.Infidelity(model.Classifier, method, clips, baselines, groups, Draws, seed),
                Fidelity.MaxSensitivity(model.Classifier, method, clips, baselines, () => Empty(model), Radius, SensitivityDraws, seed),
                deletion,
                insertion,
                Enumerable.Range(1, Networks).Average(n => Randomized((ulong)n, scores)),
                truth is null ? double.NaN : StabilityCheck.Precision(scores, [.. model.Landmarks.Select(l => truth[l])])));

            GroupRelevance Relevance(Classifier classifier, float[] values)
            {
                GroupRelevance relevance = Empty(model);
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
