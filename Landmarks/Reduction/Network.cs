using System.Diagnostics;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Trains the networks of a reduction, and asks them what they look at.</summary>
internal sealed class Network(IBackend backend, ReductionOptions options, WorkWatch watch, CancellationToken cancellation)
{
    /// <summary>A classifier trained on some landmarks of a fold.</summary>
    public Classifier Train(FoldData fold, int[] landmarks, ulong seed) => Train(new TrainingSet(fold, landmarks, options), seed);

    /// <summary>A classifier trained on a set; several seeds share what does not depend on them.</summary>
    private Classifier Train(TrainingSet set, ulong seed)
    {
        cancellation.ThrowIfCancellationRequested();
        Classifier classifier = options.Model.Build(backend, set.Data.Time, set.Data.Features, seed);
        try
        {
            if (set.Readout is { } readout) readout.Train(classifier);
            else Trainer.Train(classifier, set.Data, options.Training, seed, progress: (epoch, loss) => watch.Epoch((double)epoch / options.Training.Epochs, loss), cancellation: cancellation);
            watch.Trained();
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    /// <summary>Trains on some landmarks and returns the tested clips' logits, averaged over the stage's seeds.</summary>
    public StageTest TrainAndTest(FoldData fold, int[] landmarks, ulong seed)
    {
        // The order of features is that of the face, whatever order the ranking gave: the same set, the same network.
        int[] sorted = [.. landmarks.Order()];
        TrainingSet set = new(fold, sorted, options);
        StageTest test = new(fold.Test(sorted), options.StageSeeds);
        while (!test.Done)
        {
            long start = Stopwatch.GetTimestamp();
            using Classifier classifier = Train(set, seed + (ulong)test.Networks);
            test.Add(classifier, Stopwatch.GetElapsedTime(start));
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
        ClipData data = set.Data;
        (float[] positives, Baselines baselines) = Explained(fold, data);
        Ranking ranking = new(sorted, data.Time, new StageTest(fold.Test(sorted), options.StageSeeds));
        for (int n = 0; n < Math.Max(networks, options.StageSeeds); n++)
        {
            long start = Stopwatch.GetTimestamp();
            using Classifier classifier = Train(set, seed + (ulong)n);
            if (!ranking.Test.Done) ranking.Test.Add(classifier, Stopwatch.GetElapsedTime(start));
            if (n >= networks) continue;
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
