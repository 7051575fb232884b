using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Statistics;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction.Regions;

/// <summary>
/// Which regions of the face an emotion needs. Many sets of landmarks are equally good, so that a set is no answer; the
/// worth of every subset of regions on new people, each retrained, is one. Whatever the run's network is, subsets are fitted by a
/// random one with one hidden layer, in closed form: nothing else can retrain all of them.
/// </summary>
internal sealed class RegionStudy(FeatureSet features, ReductionOptions options, LandmarkTopology topology, IReadOnlyList<Fold> folds)
{
    private const double Level = 0.05;

    private readonly IReadOnlyList<(string Name, int[] Landmarks)> _groups = RegionGroups.Of(topology, options.Regions);

    private int Subsets => 1 << _groups.Count;

    /// <summary>Studies some emotions.</summary>
    /// <param name="emotions">Their names.</param>
    /// <param name="cancellation">Stops between subsets.</param>
    public RegionResult[] Run(IReadOnlyList<string> emotions, CancellationToken cancellation)
    {
        // [fold][emotion][subset]
        (double[] Logits, double Loss)[][][] fits = new (double[], double)[folds.Count][][];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellation };
        Parallel.For(0, folds.Count, parallel, f => fits[f] = Fit(folds[f], emotions, cancellation));
        return [.. emotions.Select((e, i) => Judge(e, [.. fits.Select(f => f[i])]))];
    }

    // What does not depend on the emotion is computed once for all of them.
    private (double[] Logits, double Loss)[][] Fit(Fold fold, IReadOnlyList<string> emotions, CancellationToken cancellation)
    {
        FoldData[] data = [.. emotions.Select(e => new FoldData(features, e, [.. fold.Train], [.. fold.Test]))];
        SubsetReadout readout = new(
            [.. _groups.Select(g => data[0].Train(g.Landmarks).Clips.ToArray())], [.. _groups.Select(g => data[0].Test(g.Landmarks).Clips.ToArray())],
            fold.Train.Count, fold.Test.Count, RegionChoice.Units, options.Model.Random, options.Seed);
        (double[] Logits, double Loss)[][] fits = [.. emotions.Select(_ => new (double[], double)[Subsets])];
        for (int subset = 0; subset < Subsets; subset++)
        {
            cancellation.ThrowIfCancellationRequested();
            SubsetNetwork? network = subset == 0 ? null : readout.Of([.. Enumerable.Range(0, _groups.Count).Where(g => (subset & (1 << g)) != 0)]);
            for (int e = 0; e < data.Length; e++)
            {
                bool both = data[e].TrainTargets.Distinct().Count() == 2;
                fits[e][subset] = network is not null && both
                    ? network.Fit(data[e].TrainTargets, data[e].TrainPeople, options.Training.Ridge)
                    : (new double[fold.Test.Count], double.PositiveInfinity);
            }
        }

        return fits;
    }

    private RegionResult Judge(string emotion, (double[] Logits, double Loss)[][] fits)
    {
        int[] clips = [.. folds.SelectMany(f => f.Test)], foldOf = [.. folds.SelectMany((f, i) => f.Test.Select(_ => i))];
        PersonAuc auc = new([.. clips.Select(c => features.Labels[c] == emotion ? 1f : 0f)], [.. clips.Select(c => features.Subjects[c])], foldOf);
        double[] within = auc.Within(new double[clips.Length]);
        string measure = 2 * within.Count(w => !double.IsNaN(w)) >= within.Length ? PrimaryFigure.Within : PrimaryFigure.Between;
        int[] people = [.. Enumerable.Range(0, within.Length).Where(p => measure == PrimaryFigure.Between || !double.IsNaN(within[p]))];
        double[][] worth = [.. Enumerable.Range(0, Subsets).Select(s => Of(_ => s))];
        double[][] shares = [.. Enumerable.Range(0, people.Length).Select(p => ExactShapley.Of([.. worth.Select(w => w[p])]))];

        int all = Subsets - 1;
        double[] above = Holm.Correct([.. _groups.Select((_, g) => SignFlips.Above([.. shares.Select(s => s[g] - s.Average())], options.Seed))]);
        RegionShare[] regions = [.. _groups.Select((group, g) =>
        {
            double[] own = [.. shares.Select(s => s[g])];
            return new RegionShare(group.Name, group.Landmarks.Length, Mean(own), Bootstrap.Mean(own, options.BootstrapSamples, options.Seed), above[g], Mean(worth[1 << g]), Mean(worth[all & ~(1 << g)]));
        }).OrderByDescending(r => r.Shapley).ThenBy(r => r.Region, StringComparer.Ordinal)];
        double found = SignFlips.Above([.. worth[all].Zip(worth[0], (a, b) => a - b)], options.Seed);
        return new RegionResult(emotion, measure, people.Length, Mean(worth[all]), regions, Verdict(regions, found), Best());

        // [person]: the AUC of a subset, chosen by fold.
        double[] Of(Func<int, int> subset)
        {
            double[] logits = [.. fits.SelectMany((f, i) => f[subset(i)].Logits)], values = measure == PrimaryFigure.Within ? auc.Within(logits) : auc.Between(logits);
            return [.. people.Select(p => values[p])];
        }

        BestRegions Best()
        {
            int[] chosen = [.. fits.Select(f => RegionChoice.Least([.. f.Select(s => s.Loss)], _groups))];
            IGrouping<int, int> often = chosen.GroupBy(s => s).OrderByDescending(g => g.Count()).ThenBy(g => Size(g.Key)).First();
            double[] kept = Of(i => chosen[i]), differences = [.. kept.Zip(worth[all], (a, b) => a - b)];
            double mean = Mean(differences), deviation = people.Length > 1 ? Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (people.Length - 1)) : double.NaN;
            double p = SignFlips.TwoSided(differences, options.Seed);
            PairedDifference figure = new("all", mean, Bootstrap.Mean(differences, options.BootstrapSamples, options.Seed), deviation > 0 ? mean / deviation : double.NaN, p, p)
            {
                Landmarks = Size(often.Key),
                People = people.Length,
                Auc = Mean(kept),
                AucAgainst = Mean(worth[all]),
                NotWorse = SignFlips.NotWorse(differences, options.Margin, options.Seed),
            };
            return new BestRegions(Names(often.Key), often.Count(), [.. chosen.Select(Names)], figure);
        }
    }

    // A share that is surely above the mean one, but by less than the margin, makes no region needed.
    private string Verdict(RegionShare[] regions, double found)
    {
        double mean = regions.Average(r => r.Shapley);
        string[] most = [.. regions.Where(r => r.AboveMeanP <= Level && r.Shapley - mean >= options.Margin).Select(r => r.Region)];
        return found > Level ? "nothing is found: no region tells anything of new people"
            : most.Length > 0 ? $"needed most: {string.Join(", ", most)}"
            : "redundant: no region is needed more than another";
    }

    private int Size(int subset) => Enumerable.Range(0, _groups.Count).Where(g => (subset & (1 << g)) != 0).Sum(g => _groups[g].Landmarks.Length);

    private string[] Names(int subset) => [.. Enumerable.Range(0, _groups.Count).Where(g => (subset & (1 << g)) != 0).Select(g => _groups[g].Name)];

    private static double Mean(double[] values) => values.Length > 0 ? values.Average() : double.NaN;
}
