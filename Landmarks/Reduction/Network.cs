using System.Diagnostics;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Trains the networks of a reduction, and asks them what they look at.</summary>
internal sealed class Network(IBackend backend, ReductionOptions options, CancellationToken cancellation)
{
    /// <summary>A classifier trained on some landmarks of a fold.</summary>
    public Classifier Train(FoldData fold, int[] landmarks, ulong seed)
    {
        ClipData data = fold.Train(landmarks);
        Classifier classifier = options.Model.Build(backend, data.Time, data.Features, seed);
        try
        {
            Trainer.Train(classifier, data, options.Training, seed, cancellation: cancellation);
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    /// <summary>Trains on some landmarks and returns the tested clips' logits, averaged over the stage's seeds.</summary>
    public (double[] Logits, double Seconds) TrainAndTest(FoldData fold, int[] landmarks, ulong seed)
    {
        // The order of features is that of the face, whatever order the ranking gave: the same set, the same network.
        int[] sorted = [.. landmarks.Order()];
        ClipData test = fold.Test(sorted);
        double[] logits = new double[test.Count];
        long start = Stopwatch.GetTimestamp();
        for (int s = 0; s < options.StageSeeds; s++)
        {
            using Classifier classifier = Train(fold, sorted, seed + (ulong)s);
            double[] part = Predictor.Logits(classifier, test.Values);
            for (int i = 0; i < logits.Length; i++) logits[i] += part[i] / options.StageSeeds;
        }

        return (logits, Stopwatch.GetElapsedTime(start).TotalSeconds / options.StageSeeds);
    }

    /// <summary>The relevance of some landmarks, averaged over networks trained from different seeds. Training clips alone are used.</summary>
    public Ranking Rank(FoldData fold, int[] landmarks, int networks, ulong seed)
    {
        int[] sorted = [.. landmarks.Order()];
        ClipData data = fold.Train(sorted);
        (float[] positives, Baselines baselines) = Explained(fold, data);
        Ranking ranking = new(sorted, data.Time);
        for (int n = 0; n < networks; n++)
        {
            using Classifier classifier = Train(fold, sorted, seed + (ulong)n);
            int[] groups = [.. Enumerable.Range(0, data.Features).Select(f => f / fold.Dimensions)];
            GroupRelevance relevance = new(data.Time, groups, sorted.Length);
            new IntegratedGradients(options.Path).Attribute(classifier, positives, baselines, relevance);
            ranking.Add(relevance);
        }

        return ranking;
    }

    /// <summary>The clips that show the emotion, and what they are compared with.</summary>
    public (float[] Positives, Baselines Baselines) Explained(FoldData fold, ClipData data)
    {
        int length = data.Time * data.Features;
        int[] positives = [.. Enumerable.Range(0, data.Count).Where(i => data.Targets[i] > 0.5f)];
        float[] values = new float[positives.Length * length];
        for (int i = 0; i < positives.Length; i++) data.Clip(positives[i]).CopyTo(values.AsSpan(i * length));
        return (values, options.Baseline.Build(data.Values, fold.Labels, fold.Emotion, values, data.Time, data.Features));
    }
}

/// <summary>Relevance of landmarks, averaged over networks.</summary>
internal sealed class Ranking(int[] landmarks, int time)
{
    private readonly double[] _scores = new double[landmarks.Length], _signed = new double[landmarks.Length], _profile = new double[time];
    private double _gap;
    private int _networks;

    /// <summary>The landmarks, by falling relevance.</summary>
    public int[] Order => [.. LandmarkScores.Order(_scores).Select(i => landmarks[i])];

    /// <summary>The sum of completeness gaps over the sum of logit changes, averaged over networks.</summary>
    public double RelativeGap => _gap / _networks;

    /// <summary>[time]: shares.</summary>
    public double[] TimeProfile => [.. _profile.Select(p => p / _networks)];

    public void Add(GroupRelevance relevance)
    {
        _networks++;
        _gap += relevance.RelativeGap;
        double[] scores = relevance.Scores, signed = relevance.Signed, profile = relevance.TimeProfile;
        for (int i = 0; i < landmarks.Length; i++)
        {
            _scores[i] += scores[i];
            _signed[i] += signed[i];
        }

        for (int i = 0; i < profile.Length; i++) _profile[i / landmarks.Length] += profile[i];
    }

    /// <summary>[landmark of the face]: shares, 0 for those not ranked.</summary>
    public double[] Scores(int points) => Spread(_scores, points);

    /// <summary>[landmark of the face]: mean signed sums.</summary>
    public double[] Signed(int points) => Spread(_signed, points);

    private double[] Spread(double[] values, int points)
    {
        double[] all = new double[points];
        for (int i = 0; i < landmarks.Length; i++) all[landmarks[i]] = values[i] / _networks;
        return all;
    }
}
