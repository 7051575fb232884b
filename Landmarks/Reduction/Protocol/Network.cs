using System.Diagnostics;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Reduction.Selection;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Trains the networks of a reduction, and asks them what they look at.</summary>
internal sealed class Network(IBackend backend, ReductionOptions options, KeepRule keep, Selector? selector, WorkWatch watch, CancellationToken cancellation)
{
    /// <summary>What an earlier run of the same fold has trained already; null keeps nothing.</summary>
    public NetworkStore? Kept { get; init; }

    /// <summary>Which landmarks of an order are kept.</summary>
    public KeepRule Keep => keep;

    /// <summary>Whether the order of landmarks is chosen once, by people left out; else attributions rank anew at every stage.</summary>
    public bool Selects => selector is not null;

    /// <summary>The order of all landmarks, where it is chosen once.</summary>
    public SelectedOrder? Select(FoldData data, ulong seed)
    {
        if (selector is null) return null;
        cancellation.ThrowIfCancellationRequested();
        Garbage.Collect();
        int number = Kept?.Next() ?? 0;
        if (Kept?.FindOrder(number, seed, data.All.Length) is SelectedOrder known) return known;
        long start = Stopwatch.GetTimestamp();
        SelectedOrder order = selector.Select(data, seed);
        Kept?.Keep(number, seed, order, Stopwatch.GetElapsedTime(start).TotalSeconds);
        return order;
    }

    /// <summary>A classifier trained on some landmarks of a fold.</summary>
    public Classifier Train(FoldData fold, int[] landmarks, ulong seed) => Train(new TrainingSet(fold, landmarks, options), seed, out _);

    /// <summary>The networks of a stage as one, trained on some landmarks of a fold.</summary>
    public Classifier TrainAll(FoldData fold, int[] landmarks, ulong seed)
    {
        TrainingSet set = new(fold, landmarks, options);
        return Classifier.MeanOf([.. Enumerable.Range(0, options.Networks).Select(n => Train(set, seed + (ulong)n, out _))]);
    }

    private Classifier Train(TrainingSet set, ulong seed, out TimeSpan time)
    {
        cancellation.ThrowIfCancellationRequested();
        Garbage.Collect();
        int number = Kept?.Next() ?? 0;
        time = default;
        Classifier? classifier = Kept?.Has(number) != true ? null : Known(set, seed, number, out time);
        if (classifier is null)
        {
            long start = Stopwatch.GetTimestamp();
            TrainingKeeper? keeper = Kept?.Training(number, seed);
            classifier = set.Train(backend, seed, (epoch, loss) => watch.Epoch((double)epoch / options.Training.Epochs, loss), keeper, cancellation);
            time = Stopwatch.GetElapsedTime(start) + TimeSpan.FromSeconds(keeper?.Before ?? 0);
            Kept?.Keep(number, seed, classifier, time.TotalSeconds);
        }

        watch.Trained();
        return classifier;
    }

    private Classifier? Known(TrainingSet set, ulong seed, int number, out TimeSpan time)
    {
        Classifier classifier = set.Build(backend, seed);
        double? seconds = Kept!.Find(number, seed, classifier);
        time = TimeSpan.FromSeconds(seconds ?? 0);
        if (seconds is not null) return classifier;
        classifier.Dispose();
        return null;
    }

    /// <summary>Trains on some landmarks and returns the tested clips' logits, averaged over the stage's seeds.</summary>
    public StageTest TrainAndTest(FoldData fold, int[] landmarks, ulong seed)
    {
        // The order of features is that of the face, whatever order the ranking gave: the same set, the same network.
        int[] sorted = [.. landmarks.Order()];
        TrainingSet set = new(fold, sorted, options);
        StageTest test = new(fold.Test(sorted), options.Networks);
        while (!test.Done)
        {
            using Classifier classifier = Train(set, seed + (ulong)test.Networks, out TimeSpan time);
            test.Add(classifier, time);
        }

        return test;
    }

    /// <summary>
    /// The relevance of some landmarks, averaged over networks trained from different seeds. Training clips alone are used; the
    /// first networks are those of a stage that keeps these landmarks, so their test comes along and is not trained again.
    /// </summary>
    public Ranking Rank(FoldData fold, int[] landmarks, int networks, ulong seed)
    {
        int[] sorted = [.. landmarks.Order()];
        TrainingSet set = new(fold, sorted, options);
        Ranking ranking = new(sorted, fold.Time, new StageTest(fold.Test(sorted), options.Networks));
        for (int n = 0; n < Math.Max(networks, options.Networks); n++)
        {
            using Classifier classifier = Train(set, seed + (ulong)n, out TimeSpan time);
            if (!ranking.Test.Done) ranking.Test.Add(classifier, time);
            if (n >= networks) continue;
            if (fold.Explained is not null && sorted.Length == fold.All.Length) Explain(classifier, set, ranking.Test.Clips, fold.Explained);
            ranking.Add(Attribute(classifier, set, sorted.Length));
        }

        if (options.Select == SelectionRule.Gain) ranking.DivideBy(Untrained(set, sorted.Length, networks, seed));
        return ranking;
    }

    /// <summary>[landmark, in the order of the face]: the mean share of |attribution| in networks before training.</summary>
    public double[] Untrained(FoldData fold, int[] landmarks, int networks, ulong seed)
    {
        int[] sorted = [.. landmarks.Order()];
        return Untrained(new TrainingSet(fold, sorted, options), sorted.Length, networks, seed);
    }

    // Against what the selection compares with: the mean clip, or typical ones.
    private double[] Untrained(TrainingSet set, int landmarks, int networks, ulong seed)
    {
        double[] shares = new double[landmarks];
        for (int n = 0; n < networks; n++)
        {
            using Classifier classifier = set.Build(backend, seed + (ulong)n);
            double[] scores = Attribute(classifier, set, landmarks, fromMean: Selects).Scores;
            for (int i = 0; i < shares.Length; i++) shares[i] += scores[i] / networks;
        }

        return shares;
    }

    /// <summary>[landmark of the face]: the share of |attribution| that a network trained on permuted labels gives the clips that really show the emotion.</summary>
    public double[] Relabelled(FoldData fold, FoldData permuted, ulong seed)
    {
        using Classifier classifier = Train(permuted, permuted.All, seed);
        return Attribute(classifier, new TrainingSet(fold, fold.All, options), fold.All.Length).Scores;
    }

    // What a network says of people whom it has not seen, compared with its training people.
    private void Explain(Classifier classifier, TrainingSet set, ClipData tested, ClipAttributions attributions)
    {
        if (tested.Count > 0) new IntegratedGradients(options.Path).Attribute(classifier, tested.Clips, set.Against(tested.Clips), attributions);
    }

    private GroupRelevance Attribute(Classifier classifier, TrainingSet set, int landmarks, bool fromMean = false)
    {
        (ClipRows clips, Baselines baselines) = fromMean ? set.ExplainedFromMean() : set.Explained();
        int[] groups = [.. Enumerable.Range(0, classifier.Features).Select(f => f / (classifier.Features / landmarks))];
        GroupRelevance relevance = new(classifier.Time, groups, landmarks);
        new IntegratedGradients(options.Path).Attribute(classifier, clips, baselines, relevance);
        return relevance;
    }
}
