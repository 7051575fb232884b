using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>The whole job with the engine: the networks of a stage side by side, each on a thread of its own; those that are left over on all threads.</summary>
/// <param name="threads">Threads in all.</param>
/// <param name="open">Makes a backend of so many threads.</param>
internal sealed class OurJob(int threads, Func<int, IBackend> open) : IJobSide
{
    private readonly IBackend _all = open(threads);
    private readonly IBackend[] _each = [.. Enumerable.Range(0, threads).Select(_ => open(1))];

    public double[] Stage(NetworkCase network, JobData data, int[] kept, int networks, int epochs, out float[] tested)
    {
        ClipData train = data.Train(kept), test = data.Test(kept);
        float[] explained = data.Explained(kept), logits = [];
        Baselines baselines = Baselines.ForAll(data.Baselines(kept), network.Length);
        double[][] scores = new double[networks][];
        int sideBySide = networks / threads * threads;
        Parallel.For(0, threads, t =>
        {
            for (int n = t; n < sideBySide; n += threads) Network(_each[t], n);
        });
        for (int n = sideBySide; n < networks; n++) Network(_all, n);
        tested = logits;
        return [.. Enumerable.Range(0, kept.Length).Select(i => scores.Sum(s => s[i]))];

        void Network(IBackend backend, int n)
        {
            using Classifier classifier = network.Ours(backend, (ulong)n + 1);
            Trainer.Train(classifier, train, Training.Options(batch: 32) with { Epochs = epochs }, seed: (ulong)n + 1);
            if (n == 0) logits = [.. Predictor.Logits(classifier, test.Clips).Select(v => (float)v)];
            GroupRelevance relevance = new(network.Time, [.. Enumerable.Range(0, network.Features).Select(f => f / JobData.Channels)], kept.Length);
            new IntegratedGradients(PathIntegration.Options).Attribute(classifier, explained, baselines, relevance);
            scores[n] = relevance.Scores;
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        foreach (IBackend backend in _each) backend.Dispose();
    }
}
