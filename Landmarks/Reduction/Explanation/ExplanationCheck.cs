using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Statistics;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What the measures say of one attribution method. NaN where one does not apply.</summary>
/// <param name="Method">Its name.</param>
public sealed record MethodCheck(string Method)
{
    /// <summary>The sum of gaps over that of logit changes; only where the method promises completeness.</summary>
    public double CompletenessGap { get; init; } = double.NaN;

    /// <summary>0 is perfect, 1 no better than saying nothing; not for sizes without a sign.</summary>
    public double Infidelity { get; init; } = double.NaN;

    /// <summary>The same where landmarks are taken away for a quarter of the time: faithfulness over time.</summary>
    public double TimeInfidelity { get; init; } = double.NaN;

    /// <summary>The largest relative change of relevance under small noise.</summary>
    public double MaxSensitivity { get; init; } = double.NaN;

    /// <summary>The part of the logit's change left on average while landmarks are taken away, most relevant first: small is good.</summary>
    public required double Deletion { get; init; }

    /// <summary>The part reached on average while they are put in: large is good.</summary>
    public required double Insertion { get; init; }

    /// <summary>Insertion less deletion, less the same of landmarks in random order.</summary>
    public required double Lead { get; init; }

    /// <summary>Its 95% interval, by a bootstrap over people.</summary>
    public required IReadOnlyList<double> LeadCi95 { get; init; }

    /// <summary>[person]: the lead.</summary>
    public required IReadOnlyList<double> LeadByPerson { get; init; }

    /// <summary>Sufficiency: the part of the logit's change that the first eight landmarks alone bring.</summary>
    public required double Sufficiency { get; init; }

    /// <summary>Necessity: the part that goes with them.</summary>
    public required double Necessity { get; init; }

    /// <summary>The number of equally relevant landmarks with the same entropy.</summary>
    public required double EffectiveLandmarks { get; init; }

    /// <summary>Kendall's tau with the order against other baselines (the mean clip, zeros, each clip's own onset), the mean.</summary>
    public double Baselines { get; init; } = double.NaN;

    /// <summary>[layers drawn anew, from the read-out down]: Kendall's tau with the trained network's order (Adebayo et al. 2018, cascading).</summary>
    public IReadOnlyList<double> Cascade { get; init; } = [];

    /// <summary>Kendall's tau with the relevance of the same network with all weights drawn anew, the mean over draws: near 0 is good.</summary>
    public double Randomized { get; init; } = double.NaN;

    /// <summary>Where the truth is known: the part of the first landmarks (as many as are evidence, at most eight) that is evidence.</summary>
    public double Precision { get; init; } = double.NaN;
}

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

    /// <summary>The row of Integrated Gradients ranked by |mean over pairs| instead of the mean of |.|.</summary>
    public const string SignedMean = "|mean| of IG";

    private const string IntegratedGradientsName = "integrated-gradients";
    private const int Draws = 8, Networks = 3, SensitivityDraws = 3, Orders = 8, Samples = 1000, Quarters = 4;
    private const double Radius = 0.1;

    private static readonly string[] s_otherBaselines = ["mean", "zero", "onset"];

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
        ClipRows all = model.Inputs(features);
        int[] shown = [.. Enumerable.Range(0, features.Clips).Where(i => features.Labels[i] == model.Emotion)];
        ClipRows explained = all.Some(shown);
        float[] clips = explained.Whole ?? explained.ToArray();
        Baselines baselines = BaselineSpec.Parse("typical").Build(all, [.. features.Labels], model.Emotion, explained, model.Classifier.Time, model.Classifier.Features);
        FeatureGroups groups = Explanation.Groups(model), blocks = Blocks(model, features);
        Baselines[] others = [.. s_otherBaselines.Select(b => BaselineSpec.Parse(b).Build(all, [.. features.Labels], model.Emotion, explained, model.Classifier.Time, model.Classifier.Features))];
        RemovalCurves[] orders = [.. Enumerable.Range(0, Orders).Select(o =>
        {
            int[] shuffled = [.. Enumerable.Range(0, groups.Count)];
            RandomOrder.Shuffle(shuffled, new RandomKey(seed, (ulong)o));
            return RemovalCurves.Of(model.Classifier, clips, baselines, groups, shuffled);
        })];
        double[] leads = [.. orders.Select(o => o.Insertion - o.Deletion)];
        chance = new ChanceOrder(orders.Average(o => o.Deletion), orders.Average(o => o.Insertion), Math.Sqrt(leads.Sum(l => (l - leads.Average()) * (l - leads.Average())) / (Orders - 1)));
        double[][] byOrder = [.. orders.Select(o => o.Leads)];
        int[][] people = [.. Enumerable.Range(0, shown.Length).GroupBy(i => features.Subjects[shown[i]], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray())];

        List<MethodCheck> checks = [];
        foreach (string name in MethodsFor(model))
        {
            IAttributionMethod method = AttributionMethods.Find(name, new MethodSettings { Groups = groups, Seed = seed });
            bool signed = method.Meaning != AttributionMeaning.Magnitude;
            GroupRelevance relevance = Relevance(model.Classifier, baselines);
            checks.Add(Judge(name, r => r.Scores) with
            {
                CompletenessGap = method.Axioms.HasFlag(Axioms.Completeness) ? relevance.RelativeGap : double.NaN,
                Infidelity = signed ? Fidelity.Infidelity(model.Classifier, method, clips, baselines, groups, Draws, seed) : double.NaN,
                TimeInfidelity = signed ? Fidelity.Infidelity(model.Classifier, method, clips, baselines, blocks, Draws, seed) : double.NaN,
                MaxSensitivity = Fidelity.MaxSensitivity(model.Classifier, method, clips, baselines, () => Empty(model), Radius, SensitivityDraws, seed),
            });

            // What a landmark adds on one clip and takes back on another does not count here.
            if (name == IntegratedGradientsName) checks.Add(Judge(SignedMean, r => [.. r.Signed.Select(Math.Abs)]));

            MethodCheck Judge(string row, Func<GroupRelevance, double[]> scoresOf)
            {
                double[] scores = scoresOf(relevance);
                RemovalCurves curves = RemovalCurves.Of(model.Classifier, clips, baselines, groups, LandmarkScores.Order(scores));
                double[] own = curves.Leads, byPerson = [.. people.Select(p => p.Average(i => own[i] - byOrder.Average(o => o[i])))];
                return new MethodCheck(row)
                {
                    Deletion = curves.Deletion,
                    Insertion = curves.Insertion,
                    Lead = byPerson.Average(),
                    LeadCi95 = Bootstrap.Mean(byPerson, Samples, seed),
                    LeadByPerson = byPerson,
                    Sufficiency = curves.Reached(Top),
                    Necessity = curves.Lost(Top),
                    EffectiveLandmarks = scores.Sum() > 0 ? Complexity.EffectiveGroups(scores) : double.NaN,
                    Baselines = others.Average(b => Kendall.Tau(scores, scoresOf(Relevance(model.Classifier, b)))),
                    Cascade = Cascade(model, seed + 1, drawn => Kendall.Tau(scores, scoresOf(Relevance(drawn, baselines)))),
                    Randomized = Enumerable.Range(1, Networks).Average(n => Randomized((ulong)n, scores, scoresOf)),
                    Precision = truth is null ? double.NaN : StabilityCheck.Precision(scores, [.. model.Landmarks.Select(l => truth[l])]),
                };
            }

            GroupRelevance Relevance(Classifier classifier, Baselines against)
            {
                GroupRelevance relevance = Empty(model);
                method.Attribute(classifier, clips, against, relevance);
                return relevance;
            }

            double Randomized(ulong network, double[] scores, Func<GroupRelevance, double[]> scoresOf)
            {
                using Classifier drawn = model.Drawn(seed + network);
                return Kendall.Tau(scores, scoresOf(Relevance(drawn, baselines)));
            }
        }

        return checks;
    }

    /// <summary>How far measures agree about the methods: Kendall's tau between the orders in which two measures put them, the mean over pairs of measures.</summary>
    public static double Agreement(IReadOnlyList<MethodCheck> checks)
    {
        // Only methods that all measures can judge; larger is better.
        MethodCheck[] judged = [.. checks.Where(c => double.IsFinite(c.Infidelity))];
        Func<MethodCheck, double>[] measures = [c => -c.Deletion, c => c.Insertion, c => -c.Infidelity, c => -c.TimeInfidelity, c => -c.MaxSensitivity];
        double[][] scores = [.. measures.Select(m => judged.Select(m).ToArray())];
        double[] taus = [.. scores.SelectMany((a, i) => scores.Skip(i + 1).Select(b => Kendall.Tau(a, b))).Where(double.IsFinite)];
        return judged.Length > 1 && taus.Length > 0 ? taus.Average() : double.NaN;
    }

    /// <summary>What to do, in a sentence.</summary>
    public static string Advice(IReadOnlyList<MethodCheck> checks, ulong seed)
    {
        MethodCheck best = checks.MaxBy(c => c.Lead)!;
        if (double.IsNaN(best.LeadCi95[0])) return "Explain clips of two people or more: with fewer it cannot be told whether an order is better than chance.";
        if (best.LeadCi95[0] <= 0) return "Draw no conclusions from these explanations: no method finds what the network uses better than landmarks in random order.";
        string[] level = [.. checks.Where(c => c != best && Level(c)).Select(c => c.Method)];
        string where = best.Method == SignedMean ? " (the column signed of ranking.csv, whatever its sign)" : "";
        string advice = $"Use {best.Method}{where}{(level.Length > 0 ? $" ({string.Join(", ", level)} cannot be told from it)" : ", which leads every other method for sure")}";
        return Math.Abs(best.Randomized) < RandomizedBound
            ? $"{advice}; its order is what the network has learnt."
            : double.IsNaN(best.Randomized) ? $"{advice}."
            : $"{advice}; part of its order is how faces move whatever was learnt, so check it with reduce --null.";

        bool Level(MethodCheck other)
        {
            double[] difference = [.. best.LeadByPerson.Zip(other.LeadByPerson, (a, b) => a - b)];
            return Bootstrap.Mean(difference, Samples, seed)[0] <= 0;
        }
    }

    // Layers are drawn anew one after the other, the read-out first; those below stay as they were trained.
    private static double[] Cascade(LandmarkModel model, ulong seed, Func<Classifier, double> agreement)
    {
        IReadOnlyList<Parameter> trained = model.Classifier.Rest.Parameters;
        string[] layers = [.. trained.Select(p => p.Name.Split('.')[0]).Distinct()];
        return [.. Enumerable.Range(1, layers.Length).Select(redrawn =>
        {
            using Classifier drawn = model.Drawn(seed);
            IReadOnlyList<Parameter> own = drawn.Rest.Parameters;
            for (int i = 0; i < trained.Count; i++)
                if (Array.IndexOf(layers, trained[i].Name.Split('.')[0]) < layers.Length - redrawn) own[i].Value.CopyFrom(trained[i].Value.ToDoubleArray());
            return agreement(drawn);
        })];
    }

    // Quarters of every series of frames; descriptors, which belong to no moment, are a block each.
    private static FeatureGroups Blocks(LandmarkModel model, FeatureSet features)
    {
        int[] blockOf = new int[features.Time];
        int blocks = 0;
        foreach (FeatureRows rows in features.Blocks)
        {
            int parts = rows.InTime ? Math.Min(Quarters, rows.Count) : 1;
            for (int r = 0; r < rows.Count; r++) blockOf[rows.First + r] = blocks + (r * parts / rows.Count);
            blocks += parts;
        }

        return FeatureGroups.InBlocks(blockOf, blocks, [.. Explanation.Groups(model).GroupOf.Take(model.Classifier.Features)], model.Landmarks.Count);
    }
}
