using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Statistics;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// What fewer landmarks are worth against all of them and against as many others: differences of the mean AUC by person, over
/// all emotions, with tests and intervals over people. The primary figure of a run, each fold at its K* against all landmarks,
/// is fixed before the run and stands uncorrected; all others are one family (Holm).
/// </summary>
internal sealed class Leads
{
    /// <summary>What the kept landmarks are compared with beside the controls.</summary>
    public const string All = "all";

    // The stage of each fold's K*.
    private const int Chosen = -1;
    private const double Level = 0.05;

    private readonly ReductionOptions _options;
    private readonly IReadOnlyList<int> _stages;
    private readonly Emotion[] _emotions;

    /// <summary>Gathers the AUCs.</summary>
    /// <param name="features">The clips.</param>
    /// <param name="emotions">[emotion][fold]; all test the same clips in the same order.</param>
    /// <param name="stages">Landmarks kept, all first.</param>
    /// <param name="options">The margin, and what intervals are drawn with.</param>
    public Leads(FeatureSet features, IReadOnlyList<IReadOnlyList<FoldOutcome>> emotions, IReadOnlyList<int> stages, ReductionOptions options)
    {
        (_options, _stages) = (options, stages);
        PersonAuc[] persons = [.. emotions.Select(folds => Persons(features, folds))];
        double[][] within = [.. emotions.Select((folds, e) => persons[e].Within(Logits(folds, 0)))];
        int people = within[0].Length, both = Enumerable.Range(0, people).Count(p => within.Any(w => !double.IsNaN(w[p])));

        // Where most people have clips of one class only, nothing can be told within them.
        Measure = 2 * both >= people ? PrimaryFigure.Within : PrimaryFigure.Between;
        _emotions = [.. emotions.Select((folds, e) => Gather(folds, Measure == PrimaryFigure.Within ? persons[e].Within : persons[e].Between))];
    }

    /// <summary>What is compared.</summary>
    public string Measure { get; }

    /// <summary>Each fold at its K* less all landmarks, over all emotions.</summary>
    public PrimaryFigure Primary()
    {
        PairedDifference figure = Compare(_emotions, Chosen, All, _emotions.Sum(e => e.MedianLandmarks) / _emotions.Length);
        return new PrimaryFigure(Measure, _options.Margin, figure, Verdict(figure));
    }

    /// <summary>Every stage against all landmarks and against every control, over all emotions; one family.</summary>
    public PairedDifference[] Stages() => Corrected([.. Enumerable.Range(1, _stages.Count - 1).SelectMany(s =>
        _emotions[0].Controls(s).Prepend(All).Select(against => Compare(_emotions, s, against, _stages[s])))]);

    /// <summary>[emotion]: the stage of the median K* against all landmarks and against every control; all emotions together are one family.</summary>
    public PairedDifference[][] ByEmotion()
    {
        PairedDifference[][] each = [.. _emotions.Select(e => e.Controls(e.MedianStage)
            .Select(control => Compare([e], e.MedianStage, control, _stages[e.MedianStage]))
            .Prepend(Compare([e], e.MedianStage, All, e.MedianLandmarks)).ToArray())];
        PairedDifference[] corrected = Corrected([.. each.SelectMany(d => d)]);
        int at = 0;
        return [.. each.Select(d => corrected[at..(at += d.Length)])];
    }

    private PairedDifference Compare(Emotion[] emotions, int stage, string against, int landmarks)
    {
        double[][] first = [.. emotions.Select(e => e.Kept[stage])], second = [.. emotions.Select(e => against == All ? e.Kept[0] : e.Others[(stage, against)])];
        int[] people = [.. Enumerable.Range(0, first[0].Length).Where(p => first.Any(f => !double.IsNaN(f[p])))];
        double[] kept = Mean(first), other = Mean(second), differences = [.. kept.Zip(other, (a, b) => a - b)];
        double mean = differences.Length > 0 ? differences.Average() : double.NaN;
        double deviation = differences.Length > 1 ? Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1)) : double.NaN;
        double p = SignFlips.TwoSided(differences, _options.Seed);
        return new PairedDifference(against, mean, Bootstrap.Mean(differences, _options.BootstrapSamples, _options.Seed), deviation > 0 ? mean / deviation : double.NaN, p, p)
        {
            Landmarks = landmarks,
            People = people.Length,
            Auc = kept.Length > 0 ? kept.Average() : double.NaN,
            AucAgainst = other.Length > 0 ? other.Average() : double.NaN,
            NotWorse = against == All ? SignFlips.NotWorse(differences, _options.Margin, _options.Seed) : null,
        };

        // Over the emotions that a person's clips can tell anything of.
        double[] Mean(double[][] values) => [.. people.Select(p => values.Select(v => v[p]).Where(v => !double.IsNaN(v)).Average())];
    }

    // Differences and non-inferiority answer two questions: each is a family.
    private static PairedDifference[] Corrected(PairedDifference[] family)
    {
        double[] p = Holm.Correct([.. family.Select(d => d.P)]), notWorse = Holm.Correct([.. family.Select(d => d.NotWorse ?? double.NaN)]);
        return [.. family.Select((d, i) => d with { PCorrected = p[i], NotWorse = d.NotWorse is null ? null : notWorse[i] })];
    }

    private static string Verdict(PairedDifference figure) =>
        figure.People < 2 ? "too few people to tell"
        : figure.P <= Level && figure.Difference > 0 ? "better than all landmarks"
        : figure.NotWorse <= Level ? "as good as all landmarks, within the margin"
        : figure.P <= Level ? "worse than all landmarks"
        : "not shown to be as good as all landmarks";

    private static PersonAuc Persons(FeatureSet features, IReadOnlyList<FoldOutcome> folds)
    {
        int[] clips = [.. folds.SelectMany(f => f.Clips)];
        return new PersonAuc(
            [.. clips.Select(c => features.Labels[c] == folds[0].Emotion ? 1f : 0f)],
            [.. clips.Select(c => features.Subjects[c])],
            [.. folds.SelectMany(f => f.Clips.Select(_ => f.Fold))]);
    }

    private static double[] Logits(IReadOnlyList<FoldOutcome> folds, int stage) => [.. folds.SelectMany(f => f.Stages[stage == Chosen ? f.Chosen : stage].Logits)];

    private Emotion Gather(IReadOnlyList<FoldOutcome> folds, Func<IReadOnlyList<double>, double[]> auc)
    {
        int median = folds.Select(f => f.Chosen).Order().ElementAt(folds.Count / 2);
        Emotion emotion = new(median, _stages[median]);
        for (int s = Chosen; s < _stages.Count; s++) emotion.Kept[s] = auc(Logits(folds, s));
        for (int s = 1; s < _stages.Count; s++)
        {
            foreach (string control in folds[0].Stages[s].Controls.Keys)
            {
                double[][] draws = [.. Enumerable.Range(0, folds[0].Stages[s].Controls[control].Length)
                    .Select(d => auc([.. folds.SelectMany(f => f.Stages[s].Controls[control][d])]))];
                emotion.Others[(s, control)] = [.. Enumerable.Range(0, draws[0].Length).Select(person => draws.Average(d => d[person]))];
            }
        }

        return emotion;
    }

    // [person] AUCs: by stage, and by stage and control.
    private sealed record Emotion(int MedianStage, int MedianLandmarks)
    {
        public Dictionary<int, double[]> Kept { get; } = [];

        public Dictionary<(int Stage, string Control), double[]> Others { get; } = [];

        public IEnumerable<string> Controls(int stage) => Others.Keys.Where(k => k.Stage == stage).Select(k => k.Control);
    }
}
