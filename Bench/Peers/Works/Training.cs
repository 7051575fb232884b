using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Training;
using static TorchSharp.torch;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>Training epochs with Adam on binary cross-entropy: batches, shuffling, forward, backward, step and the loss of every batch.</summary>
internal static class Training
{
    public const double LearningRate = 1e-3;
    private const ulong Seed = 3;

    public static TrainingOptions Options(int batch) => new()
    {
        Epochs = 1_000_000,
        BatchSize = batch,
        LearningRate = LearningRate,
        Optimizer = OptimizerKind.Adam,
        WeightDecay = 0,
        Schedule = ScheduleKind.Constant,
        ClipNorm = 0,
        PositiveWeight = 1,
    };

    public static IEnumerable<Row> Epoch(Settings settings, NetworkCase network, int clips, int batch, double bar)
    {
        ClipData data = Data(network, clips);
        using CpuBackend backend = new(settings.Threads);
        using Classifier classifier = network.Ours(backend);
        using TorchNetwork peer = network.Peer(classifier);
        using TorchTrainer theirs = new(peer, data, batch, LearningRate, Seed);
        using Trainer ours = new(classifier, data, Options(batch), Seed);

        // From equal weights through equal batches: the mean loss of the first epoch, and of the second.
        double deviation = 0;
        for (int epoch = 0; epoch < 2; epoch++)
        {
            double our = ours.Epoch(), their = theirs.Epoch();
            deviation = Math.Max(deviation, Math.Abs(our - their) / Math.Abs(their));
        }

        (Timing, Timing) timing = new Contest(settings).Run(() => ours.Epoch(), () => theirs.Epoch());
        yield return Row.Times($"training epoch, {network.Name}, {clips} clips, batch {batch}, Adam", "ms", 1e3, timing, bar, deviation, "libtorch", Floor.Of(settings, watched =>
        {
            Classifier own = network.Ours(watched);
            Trainer trainer = new(own, data, Options(batch), Seed);
            return (new Both(trainer, own), () => trainer.Epoch());
        }));
    }

    /// <summary>An epoch beside the calls that it makes of the backend, each kind of them by itself over and over: what it loses by doing one after the other.</summary>
    public static IEnumerable<Row> OpsAlone(Settings settings, NetworkCase network, int clips, int batch)
    {
        ClipData data = Data(network, clips);
        using CpuBackend backend = new(settings.Threads);
        using Classifier classifier = network.Ours(backend);
        using Trainer trainer = new(classifier, data, Options(batch), Seed);
        using KeptCalls kept = new(new CpuBackend(settings.Threads));
        using Classifier same = network.Ours(kept);
        using Trainer watched = new(same, data, Options(batch), Seed);
        double deviation = 0;
        for (int epoch = 0; epoch < 3; epoch++)
        {
            kept.Keeps = epoch == 2;
            deviation = Math.Max(deviation, Math.Abs(trainer.Epoch() - watched.Epoch()));
        }

        kept.Keeps = false;
        (Timing, Timing) timing = new Contest(settings).Run(() => trainer.Epoch(), kept.Again);
        yield return Row.Times($"training epoch against its ops alone, {network.Name}, {clips} clips, batch {batch}", "ms", 1e3, timing, 0.85, deviation, "ours on both sides");
    }

    public static ClipData Data(NetworkCase network, int clips) =>
        new(network.Time, network.Features, Numbers.Normal(clips * network.Length, 10), Numbers.Labels(clips, 11));

    /// <summary>The same as our trainer, by libtorch, in the same order of clips.</summary>
    internal sealed class TorchTrainer : IDisposable
    {
        private readonly TorchNetwork _network;
        private readonly optim.Optimizer _optimizer;
        private readonly Tensor _clips, _targets;
        private readonly int _batch;
        private readonly ulong _seed;
        private readonly int[] _order;
        private int _epoch;

        public TorchTrainer(TorchNetwork network, ClipData data, int batch, double rate, ulong seed)
        {
            (_network, _batch, _seed) = (network, batch, seed);
            _optimizer = optim.Adam(network.parameters().Where(p => p.requires_grad), rate);
            _clips = tensor(data.Clips.ToArray(), data.Count, data.Time, data.Features);
            _targets = tensor(data.Targets, data.Count, 1);
            _order = new int[data.Count];
        }

        public double Epoch()
        {
            for (int i = 0; i < _order.Length; i++) _order[i] = i;
            RandomOrder.Shuffle(_order, new RandomKey(_seed, 1 + (ulong)_epoch++));
            double total = 0;
            for (int at = 0; at < _order.Length; at += _batch) total += Step(_order.AsSpan(at, Math.Min(_batch, _order.Length - at)));
            return total / _order.Length;
        }

        public double Step(ReadOnlySpan<int> chosen)
        {
            using IDisposable scope = NewDisposeScope();
            Tensor index = tensor(chosen.ToArray());
            Tensor logits = _network.call(_clips.index_select(0, index));
            Tensor loss = nn.functional.binary_cross_entropy_with_logits(logits, _targets.index_select(0, index));
            _optimizer.zero_grad();
            loss.backward();
            _optimizer.step();
            return loss.item<float>() * chosen.Length;
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _clips.Dispose();
            _targets.Dispose();
        }
    }
}
