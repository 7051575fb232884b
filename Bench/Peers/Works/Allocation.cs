using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>
/// Managed bytes that all threads allocate in a steady step. Setting up a run allocates; a step is what a longer run does
/// more of. The runtime's own threads allocate at times, so the least of a few windows counts.
/// </summary>
internal static class Allocation
{
    private const int Windows = 5, WarmEpochs = 30, Epochs = 10;

    public static IEnumerable<Row> Training(Settings settings, NetworkCase network)
    {
        const int Clips = 64, Batch = 16;
        ClipData data = Works.Training.Data(network, Clips);
        using CpuBackend backend = new(settings.Threads);
        using Classifier classifier = network.Ours(backend);
        using TorchNetwork peer = network.Peer(classifier);
        using Training.TorchTrainer theirs = new(peer, data, Batch, 1e-3, 3);
        using Trainer ours = new(classifier, data, Works.Training.Options(Batch), 3);
        double steps = (double)Epochs * Clips / Batch;
        double Bytes(Func<double> epoch)
        {
            for (int i = 0; i < WarmEpochs; i++) epoch();
            return Least(() =>
            {
                for (int i = 0; i < Epochs; i++) epoch();
            }) / steps;
        }

        yield return Of($"managed bytes a steady training step, {network.Name}", Bytes(ours.Epoch), Bytes(theirs.Epoch));
    }

    public static IEnumerable<Row> Attribution(Settings settings, NetworkCase network)
    {
        // From 128 clips on the blocks are as large as they get; what a block needs is taken once.
        const int Few = 128, Many = 256;
        float[] values = Numbers.Normal(Many * network.Length, 40);
        using CpuBackend backend = new(settings.Threads);
        using Classifier classifier = network.Ours(backend);
        using TorchPaths peer = new(network, classifier);
        IntegratedGradients method = new(PathIntegration.Options);
        Baselines zero = Baselines.Zero(network.Length);
        PathIntegration.Discard discard = new();
        double Clip(Action<int> run)
        {
            run(Many);
            return Math.Max(0, Least(() => run(Many)) - Least(() => run(Few))) / (Many - Few);
        }

        double ours = Clip(clips => method.Attribute(classifier, values.AsSpan(0, clips * network.Length), zero, discard));
        yield return Of($"managed bytes a further clip of an attribution, {network.Name}", ours, Clip(clips => peer.Time(values, 1, clips)));
    }

    // No ratio says "none": it is 1 where there are none, else 0.
    private static Row Of(string work, double ours, double peer) =>
        new(work, ours, peer, "B", ours == 0 ? 1 : 0, 1, Agrees: true) { Note = "libtorch through TorchSharp; ratio 1 means none" };

    private static double Least(Action window)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < Windows; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            window();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
