using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>How far orders of landmarks agree over pairs of networks.</summary>
/// <param name="Tau">Kendall's tau, the mean over pairs.</param>
/// <param name="Deviation">Its standard deviation over pairs.</param>
/// <param name="Top">The Jaccard index of the first eight, the mean over pairs.</param>
public readonly record struct OrderAgreement(double Tau, double Deviation, double Top);

/// <summary>What networks trained anew say of one attribution method. NaN where there is nothing to compare.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Seeds">Networks of different seeds, trained on the same clips.</param>
/// <param name="Sets">Kendall's tau between the averages of two disjoint halves of these networks.</param>
/// <param name="Halves">Networks trained on the one half of the people against those trained on the other; tau of the averages, spread over pairs.</param>
/// <param name="Labels">Kendall's tau between the average and that of networks trained on labels permuted within each person (Adebayo et al. 2018).</param>
/// <param name="Randomized">Kendall's tau between the average and that of networks of random weights.</param>
/// <param name="Precision">Where the truth is known: the part of the average's first landmarks that is evidence.</param>
public sealed record MethodStability(string Method, OrderAgreement Seeds, double Sets, OrderAgreement Halves, double Labels, double Randomized, double Precision);

/// <summary>Trains the network of a model anew, on other seeds, other people and labels that say nothing, and compares what methods say of these.</summary>
public static class StabilityCheck
{
    /// <summary>The row of <see cref="Selection.SelectionRule.Gain"/>, of Integrated Gradients.</summary>
    public const string Gain = "gain";

    /// <summary>Judges every method that suits the model.</summary>
    /// <param name="model">Whose network, training and landmarks.</param>
    /// <param name="features">Clips with labels.</param>
    /// <param name="truth">[landmark of the face]: whether it is evidence; null where that is not known.</param>
    /// <param name="networks">Networks of each sort, 2 or more.</param>
    /// <param name="seed">Of the first.</param>
    /// <param name="progress">Told of every sort.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    /// <exception cref="ArgumentException">Fewer than two networks, or the clips lack the emotion or any other.</exception>
    public static IReadOnlyList<MethodStability> Run(
        LandmarkModel model, FeatureSet features, IReadOnlyList<bool>? truth, int networks, ulong seed, Action<string>? progress = null, CancellationToken cancellation = default)
    {
        if (networks < 2) throw new ArgumentException($"{networks} network(s) cannot be compared; train 2 or more.", nameof(networks));
        int[] landmarks = [.. model.Landmarks], clips = [.. Enumerable.Range(0, features.Clips)];
        string[] people = [.. features.Subjects.Distinct().Order(StringComparer.Ordinal)];
        string[] names = [.. ExplanationCheck.MethodsFor(model)];
        IAttributionMethod[] methods = [.. names.Select(name => AttributionMethods.Find(name, new MethodSettings { Groups = Explanation.Groups(model), Seed = seed }))];
        ReductionOptions options = new() { Model = model.Options with { Networks = 1 }, Training = model.Training };
        FoldData all = Data(clips);
        double[][][] real = Scores("all people", all, permuted: false), dealt = Scores("permuted labels", all, permuted: true), random = Untrained(new TrainingSet(all, landmarks, options));
        double[][][]?[] halves = [.. Enumerable.Range(0, 2).Select(h => Half(h))];
        return [.. names.Append(Gain).Select((name, m) => new MethodStability(
            name,
            Agreement(Pairs(real[m], real[m], among: true)),
            Kendall.Tau(Mean(real[m].Where((_, n) => n % 2 == 0)), Mean(real[m].Where((_, n) => n % 2 == 1))),
            halves is [{ } one, { } other] ? Agreement(Pairs(one[m], other[m], among: false)) with { Tau = Kendall.Tau(Mean(one[m]), Mean(other[m])) } : new(double.NaN, double.NaN, double.NaN),
            Kendall.Tau(Mean(real[m]), Mean(dealt[m])),
            Kendall.Tau(Mean(real[m]), Mean(random[m])),
            truth is null ? double.NaN : Precision(Mean(real[m]), [.. landmarks.Select(l => truth[l])])))];

        FoldData Data(int[] which) => new(features, model.Emotion, which, []);

        double[][][]? Half(int half)
        {
            FoldData data = Data([.. clips.Where(i => Array.IndexOf(people, features.Subjects[i]) % 2 == half)]);
            return data.TrainTargets.Distinct().Count() == 2 ? Scores(half == 0 ? "one half of the people" : "the other half", data, permuted: false) : null;
        }

        // [method][network][landmark]
        double[][][] Scores(string sort, FoldData data, bool permuted)
        {
            progress?.Invoke(sort);
            TrainingSet same = new(data, landmarks, options);
            return Of(n =>
            {
                TrainingSet set = permuted ? new TrainingSet(data.WithPermutedLabels(seed + (ulong)n), landmarks, options) : same;
                return (set, set.Train(model.Classifier.Backend, seed + (ulong)n, cancellation: cancellation));
            });
        }

        double[][][] Untrained(TrainingSet set) => Of(n => (set, Drawn(set, seed + (ulong)(networks + n))));

        Classifier Drawn(TrainingSet set, ulong from) => set.Build(model.Classifier.Backend, from);

        double[][][] Of(Func<int, (TrainingSet Set, Classifier Network)> network)
        {
            double[][][] scores = [.. names.Append(Gain).Select(_ => new double[networks][])];
            double[][] before = new double[networks][];
            int paths = Array.IndexOf(names, "integrated-gradients");
            for (int n = 0; n < networks; n++)
            {
                (TrainingSet set, Classifier classifier) = network(n);
                using (classifier)
                    for (int m = 0; m < methods.Length; m++) scores[m][n] = Relevance(methods[m], classifier, set);
                using Classifier drawn = Drawn(set, seed + (ulong)n);
                before[n] = Relevance(methods[paths], drawn, set);
            }

            double[] untrained = Mean(before);
            for (int n = 0; n < networks; n++) scores[^1][n] = Ranking.Gain(scores[paths][n], untrained);
            return scores;
        }

        double[] Relevance(IAttributionMethod method, Classifier classifier, TrainingSet set)
        {
            (ClipRows explained, Baselines baselines) = set.Explained();
            GroupRelevance relevance = ExplanationCheck.Empty(model);
            method.Attribute(classifier, explained, baselines, relevance);
            return relevance.Scores;
        }
    }

    /// <summary>The part of the first landmarks that is evidence: of as many as there are, at most eight.</summary>
    internal static double Precision(IReadOnlyList<double> scores, bool[] truth)
    {
        int k = Math.Min(ExplanationCheck.Top, truth.Count(t => t));
        return k == 0 ? double.NaN : LandmarkScores.Order(scores).Take(k).Count(i => truth[i]) / (double)k;
    }

    private static IEnumerable<(double[] A, double[] B)> Pairs(double[][] a, double[][] b, bool among) =>
        from i in Enumerable.Range(0, a.Length)
        from j in Enumerable.Range(among ? i + 1 : 0, among ? b.Length - i - 1 : b.Length)
        select (a[i], b[j]);

    private static OrderAgreement Agreement(IEnumerable<(double[] A, double[] B)> pairs)
    {
        (double[] A, double[] B)[] all = [.. pairs];
        double[] tau = [.. all.Select(p => Kendall.Tau(p.A, p.B))];
        double mean = tau.Average(), variance = tau.Length > 1 ? tau.Sum(t => (t - mean) * (t - mean)) / (tau.Length - 1) : 0;
        return new OrderAgreement(mean, Math.Sqrt(variance), all.Average(p => Kendall.Jaccard(p.A, p.B, ExplanationCheck.Top)));
    }

    private static double[] Mean(IEnumerable<double[]> scores)
    {
        double[][] all = [.. scores];
        return [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(s => s[i]))];
    }
}
