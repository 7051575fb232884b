using System.Diagnostics;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using static TorchSharp.torch;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>
/// The whole job with TorchSharp, as one would write it: one network after the other, all threads in every op. Networks side by side on a thread
/// each were tried: 1.4 times as fast for the dense one, but TorchSharp 0.107 then fails now and then within Adam ("Expected false to be true", Scalar::toFloat).
/// </summary>
internal sealed class TorchJob : IJobSide
{
    private static readonly int[] s_pairs = [1, 2, 4, 8, 16, 32];

    // Draws the first weights, which both sides share.
    private readonly CpuBackend _weights = new(1);
    private readonly Tensor _positions, _shares;
    private int _pairs = 1;

    public TorchJob()
    {
        Quadrature rule = Quadrature.Create(PathIntegration.Options.Rule, PathIntegration.Steps);
        _positions = tensor(rule.Nodes.Select(n => (float)n).ToArray(), 1, PathIntegration.Steps, 1, 1);
        _shares = tensor(rule.Weights.Select(w => (float)w).ToArray(), 1, PathIntegration.Steps, 1);
    }

    /// <summary>How it does it, in words.</summary>
    public string Way => $"{_pairs} pairs at a time";

    /// <summary>Finds the number of pairs at which attributions take least.</summary>
    public void FindBest(NetworkCase network, JobData data)
    {
        using Classifier classifier = network.Ours(_weights, 1);
        using TorchNetwork peer = network.Peer(classifier);
        peer.eval();
        peer.Freeze();
        float[] explained = data.Explained(data.AllLandmarks), baselines = data.Baselines(data.AllLandmarks);
        _pairs = s_pairs.MinBy(pairs =>
        {
            _pairs = pairs;
            return Enumerable.Range(0, 3).Min(_ =>
            {
                long start = Stopwatch.GetTimestamp();
                Attribute(peer, network, explained, baselines);
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            });
        });
    }

    public double[] Stage(NetworkCase network, JobData data, int[] kept, int networks, int epochs, out float[] tested)
    {
        ClipData train = data.Train(kept), test = data.Test(kept);
        float[] explained = data.Explained(kept), baselines = data.Baselines(kept);
        double[][] shares = new double[networks][];
        tested = [];
        for (int n = 0; n < networks; n++)
        {
            using Classifier classifier = network.Ours(_weights, (ulong)n + 1);
            using TorchNetwork peer = network.Peer(classifier);
            using (Training.TorchTrainer trainer = new(peer, train, batch: 32, Training.LearningRate, (ulong)n + 1))
                for (int epoch = 0; epoch < epochs; epoch++) trainer.Epoch();
            peer.eval();
            peer.Freeze();
            if (n == 0) tested = Logits(peer, test);
            shares[n] = Attribute(peer, network, explained, baselines);
        }

        return [.. Enumerable.Range(0, kept.Length).Select(i => shares.Sum(s => s[i]))];
    }

    public void Dispose()
    {
        _weights.Dispose();
        _positions.Dispose();
        _shares.Dispose();
    }

    private static float[] Logits(TorchNetwork peer, ClipData clips)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable off = no_grad();
        return peer.call(tensor(clips.Clips.ToArray(), clips.Count, clips.Time, clips.Features)).data<float>().ToArray();
    }

    // [landmark kept]: its share of |IG|, summed over all pairs, time and coordinates.
    private double[] Attribute(TorchNetwork peer, NetworkCase network, float[] explained, float[] baselines)
    {
        using IDisposable all = NewDisposeScope();
        double[] sums = new double[network.Features / JobData.Channels];
        int clips = explained.Length / network.Length, count = baselines.Length / network.Length;
        Tensor x = tensor(explained, clips, 1, network.Time, network.Features).expand(clips, count, network.Time, network.Features).reshape(-1, network.Time, network.Features);
        Tensor b = tensor(baselines, 1, count, network.Time, network.Features).expand(clips, count, network.Time, network.Features).reshape(-1, network.Time, network.Features);
        for (int at = 0; at < clips * count; at += _pairs)
        {
            using IDisposable scope = NewDisposeScope();
            int take = Math.Min(_pairs, (clips * count) - at);
            Tensor start = b.narrow(0, at, take).unsqueeze(1), way = x.narrow(0, at, take).unsqueeze(1) - start;
            Tensor points = (start + (way * _positions)).view(take * PathIntegration.Steps, network.Time, network.Features).requires_grad_(true);
            Tensor logits = peer.call(points).view(take, PathIntegration.Steps, 1);
            Tensor gradient = autograd.grad([logits], [points], [_shares.expand(take, PathIntegration.Steps, 1)])[0];
            Tensor attribution = gradient.view(take, PathIntegration.Steps, network.Time, network.Features).sum(1) * way.squeeze(1);
            float[] some = attribution.abs().view(-1, network.Features / JobData.Channels, JobData.Channels).sum([0, 2]).data<float>().ToArray();
            for (int i = 0; i < some.Length; i++) sums[i] += some[i];
        }

        double total = sums.Sum();
        return [.. sums.Select(v => v / total)];
    }
}
