using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Explain;
using static TorchSharp.torch;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>Integrated Gradients of 50 Gauss-Legendre steps from a baseline of zeros.</summary>
internal static class PathIntegration
{
    public const int Steps = 50;

    private static readonly int[] s_batches = [1, 2, 4, 8, 16, 32];

    public static PathOptions Options { get; } = new() { Steps = Steps };

    public static IEnumerable<Row> Clips(Settings settings, NetworkCase network, double bar)
    {
        int clips = settings.Clips;
        float[] values = Numbers.Normal(clips * network.Length, 30);
        using CpuBackend backend = new(settings.Threads);
        using Classifier classifier = network.Ours(backend);
        using TorchPaths peer = new(network, classifier);
        IntegratedGradients method = new(Options);
        Baselines zero = Baselines.Zero(network.Length);
        Collector collector = new(new float[values.Length], network.Length);
        method.Attribute(classifier, values, zero, collector);
        float[] theirs = peer.Attribute(values, batch: 4);
        double deviation = Agreement.Deviation(collector.Values, theirs);

        Contest contest = new(settings);
        int[] batches = [.. s_batches.Where(b => b <= clips)];
        int best = batches[contest.Fastest([.. batches.Select<int, Action>(b => () => peer.Time(values, b, clips))], out _)];
        Discard discard = new();
        (Timing, Timing) timing = contest.Run(() => method.Attribute(classifier, values, zero, discard), () => peer.Time(values, best, clips));
        yield return Row.Times($"Integrated Gradients, {Steps} steps, {network.Name}, a clip", "ms", 1e3 / clips, timing, bar, deviation, $"libtorch, {best} clips at a time", Floor.Of(settings, watched =>
        {
            Classifier own = network.Ours(watched);
            return (own, () => method.Attribute(own, values, zero, discard));
        }));
    }

    /// <summary>Five baselines in one run, against five times a run of one.</summary>
    public static IEnumerable<Row> FiveBaselines(Settings settings, NetworkCase network)
    {
        const int Count = 5;
        int clips = settings.Clips;
        float[] values = Numbers.Normal(clips * network.Length, 30), baselines = Numbers.Normal(Count * network.Length, 31);
        using CpuBackend backend = new(settings.Threads);
        using Classifier classifier = network.Ours(backend);
        IntegratedGradients method = new(Options);
        Baselines five = Baselines.ForAll(baselines, network.Length), one = Baselines.ForAll(baselines[..network.Length], network.Length);
        Collector fromFive = new(new float[values.Length], network.Length), fromOne = new(new float[values.Length], network.Length);
        method.Attribute(classifier, values, five, fromFive);
        method.Attribute(classifier, values, one, fromOne);
        double deviation = Agreement.Deviation(fromFive.Values, fromOne.Values);

        Discard discard = new();
        (Timing ours, Timing single) = new Contest(settings).Run(() => method.Attribute(classifier, values, five, discard), () => method.Attribute(classifier, values, one, discard));
        double times = ours.Median / single.Median;
        Floor? floor = Floor.Of(settings, watched =>
        {
            Classifier own = network.Ours(watched);
            return (own, () => method.Attribute(own, values, five, discard));
        });
        yield return new Row(
            $"five baselines in one run against five runs of one, {network.Name}, a clip",
            1e3 / clips * ours.Median, 1e3 / clips * Count * single.Median, "ms", Count / times, Count / 4.7, deviation <= Agreement.Bound)
        {
            Note = $"ours on both sides; {times:0.00} times the time of one (at most 4.7); differ by {deviation:0e+0}",
            Floor = 1e3 / clips * (floor?.Seconds ?? 0),
            Limit = floor?.Limit ?? "",
            OurSpread = ours.Spread,
            PeerSpread = single.Spread,
        };
    }

    /// <summary>Keeps the attributions against the first baseline.</summary>
    private sealed class Collector(float[] values, int length) : IAttributionSink
    {
        public float[] Values => values;

        public void Add(in PairAttribution pair)
        {
            if (pair.Baseline != 0) return;
            Span<float> target = values.AsSpan(pair.Clip * length, length);
            for (int i = 0; i < length; i++) target[i] = (float)pair.Values[i];
        }
    }

    /// <summary>Takes attributions and keeps none: neither side pays for what is done with them.</summary>
    internal sealed class Discard : IAttributionSink
    {
        public double Sum { get; private set; }

        public void Add(in PairAttribution pair) => Sum += pair.Values[0];
    }
}

/// <summary>The same by libtorch, as one would write it: all points of a few clips in one batch, one walk back to them.</summary>
internal sealed class TorchPaths : IDisposable
{
    private readonly TorchNetwork _network;
    private readonly NetworkCase _case;
    private readonly Tensor _positions, _weights;

    public TorchPaths(NetworkCase network, Classifier weights)
    {
        _case = network;
        _network = network.Peer(weights);
        _network.eval();
        _network.Freeze();
        Quadrature rule = Quadrature.Create(PathIntegration.Options.Rule, PathIntegration.Steps);
        _positions = tensor(rule.Nodes.Select(n => (float)n).ToArray(), 1, PathIntegration.Steps, 1, 1);
        _weights = tensor(rule.Weights.Select(w => (float)w).ToArray(), 1, PathIntegration.Steps, 1);
    }

    /// <summary>[clip, time, feature].</summary>
    public float[] Attribute(float[] values, int batch)
    {
        int clips = values.Length / _case.Length;
        float[] all = new float[values.Length];
        for (int at = 0; at < clips; at += batch)
        {
            using IDisposable scope = NewDisposeScope();
            int take = Math.Min(batch, clips - at);
            Tensor attribution = Block(values.AsSpan(at * _case.Length, take * _case.Length), take);
            attribution.data<float>().ToArray().CopyTo(all.AsSpan(at * _case.Length));
        }

        return all;
    }

    /// <summary>The same without copying anything back.</summary>
    public void Time(float[] values, int batch, int clips)
    {
        for (int at = 0; at < clips; at += batch)
        {
            using IDisposable scope = NewDisposeScope();
            int take = Math.Min(batch, clips - at);
            Block(values.AsSpan(at * _case.Length, take * _case.Length), take);
        }
    }

    public void Dispose()
    {
        _network.Dispose();
        _positions.Dispose();
        _weights.Dispose();
    }

    private Tensor Block(ReadOnlySpan<float> values, int clips)
    {
        Tensor x = tensor(values.ToArray(), clips, 1, _case.Time, _case.Features);
        Tensor points = (x * _positions).view(clips * PathIntegration.Steps, _case.Time, _case.Features).requires_grad_(true);
        Tensor logits = _network.call(points).view(clips, PathIntegration.Steps, 1);
        Tensor gradient = autograd.grad([logits], [points], [_weights.expand(clips, PathIntegration.Steps, 1)])[0];
        return gradient.view(clips, PathIntegration.Steps, _case.Time, _case.Features).sum(1) * x.squeeze(1);
    }
}
