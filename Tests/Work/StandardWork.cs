using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;

namespace EmotionXai.Tests.Work;

/// <summary>Work that is done everywhere, on small shapes with one thread, and what it takes: figures that are the same at every run.</summary>
/// <param name="Name">What it is called in the record.</param>
/// <param name="Open">Makes what it needs on a backend, and a steady step of it.</param>
internal sealed record StandardWork(string Name, Func<IBackend, StandardWork.Opened> Open)
{
    private const int Warm = 3, Windows = 5, Time = 20, Features = 40, Wide = 200;

    public static IReadOnlyList<StandardWork> All { get; } =
    [
        new("training epoch, LSTM T 20", backend => Training(Network(backend, ModelKind.Lstm), clips: 24, batch: 8)),
        new("training epoch, dense", backend => Training(Network(backend, ModelKind.Dense), clips: 64, batch: 16)),
        new("Integrated Gradients, LSTM T 20", backend => Paths(Network(backend, ModelKind.Lstm), clips: 4)),
        new("Integrated Gradients, dense", backend => Paths(Network(backend, ModelKind.Dense), clips: 16)),
        new("one clip, LSTM T 20", backend => OneClip(Network(backend, ModelKind.Lstm))),
        new("one clip, dense", backend => OneClip(Network(backend, ModelKind.Dense))),
    ];

    /// <summary>What a step takes: lines of a record.</summary>
    /// <param name="lanes">Numbers in a vector.</param>
    public IReadOnlyList<string> Measure(int lanes) => [.. Ops(lanes), .. Plain(lanes)];

    /// <summary>Primitives by name: calls, multiply-adds, bytes.</summary>
    public IEnumerable<string> Ops(int lanes)
    {
        Profile profile = new(new MachineLimits(1, 1, 1, 1));
        using IBackend backend = profile.Watch(new CpuBackend(1, lanes), threads: 1);
        using Opened opened = Open(backend);
        for (int i = 0; i < Warm; i++) opened.Step();
        Dictionary<string, (long Calls, long MultiplyAdds, long Bytes)> before = Sums(profile);
        opened.Step();
        foreach ((string op, (long calls, long multiplyAdds, long bytes)) in Sums(profile).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            (long oldCalls, long oldMultiplyAdds, long oldBytes) = before.GetValueOrDefault(op);
            if (calls > oldCalls) yield return WorkRecord.Line(Name, op, $"{calls - oldCalls} calls, {multiplyAdds - oldMultiplyAdds} multiply-adds, {bytes - oldBytes} bytes");
        }
    }

    // Without a watch, which allocates: memory, packings, instructions.
    private IEnumerable<string> Plain(int lanes)
    {
        using CpuBackend backend = new(1, lanes);
        using Opened opened = Open(backend);
        for (int i = 0; i < Warm; i++) opened.Step();
        long packed = Packings.OfThisThread;
        opened.Step();
        yield return WorkRecord.Line(Name, $"packings, {32 * lanes} bits", $"{Packings.OfThisThread - packed}");
        if (opened.AllocatesNothing)
        {
            // The runtime's own work falls onto any thread at times: the least of a few steps.
            long least = long.MaxValue;
            for (int i = 0; i < Windows; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                opened.Step();
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            yield return WorkRecord.Line(Name, "managed bytes", $"{least}");
        }

        if (Instructions(opened) is { } instructions) yield return WorkRecord.Line(Name, $"{WorkRecord.Instructions}, {32 * lanes} bits", $"{instructions}");
    }

    private static long? Instructions(Opened opened)
    {
        using HardwareCounters? counters = HardwareCounters.Open(out _);
        if (counters?.Read().Instructions is null) return null;

        // The runtime compiles hot methods anew after a while; the least is that of their last form.
        double least = double.PositiveInfinity;
        for (int i = 0; i < 100; i++)
        {
            double before = counters.Read().Instructions!.Value;
            opened.Step();
            least = Math.Min(least, counters.Read().Instructions!.Value - before);
        }

        return (long)least;
    }

    private static Dictionary<string, (long, long, long)> Sums(Profile profile) => profile.Kinds().GroupBy(k => k.Name, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => (g.Sum(k => k.Calls), g.Sum(k => k.Calls * k.MultiplyAdds), g.Sum(k => k.Calls * k.Bytes)), StringComparer.Ordinal);

    private static Classifier Network(IBackend backend, ModelKind kind) => new ClassifierOptions
    {
        Kind = kind,
        Hidden = kind == ModelKind.Dense ? [64, 32] : [32],
        Activation = Activation.Relu,
        Pooling = Pooling.Last,
        Dropout = 0,
    }.Build(backend, kind == ModelKind.Dense ? 1 : Time, kind == ModelKind.Dense ? Wide : Features, seed: 1);

    private static Opened Training(Classifier network, int clips, int batch)
    {
        int length = network.Time * network.Features;
        ClipData data = new(network.Time, network.Features, Numbers.Singles(1, clips * length, -1, 1), [.. Enumerable.Range(0, clips).Select(c => (float)(c % 2))]);
        Trainer trainer = new(network, data, new TrainingOptions { Epochs = 1000, BatchSize = batch, Optimizer = OptimizerKind.Adam, Schedule = ScheduleKind.Constant, ClipNorm = 0 }, seed: 1);
        return new Opened(() => trainer.Epoch(), AllocatesNothing: true, trainer, network);
    }

    // A run is set up anew every time, which allocates; what further clips allocate is held elsewhere.
    private static Opened Paths(Classifier network, int clips)
    {
        int length = network.Time * network.Features;
        float[] values = Numbers.Singles(2, clips * length, -1, 1);
        IntegratedGradients method = new(new PathOptions { Steps = 50 });
        Baselines zero = Baselines.Zero(length);
        return new Opened(() => method.Attribute(network, values, zero, new Discard()), AllocatesNothing: false, network);
    }

    private static Opened OneClip(Classifier network)
    {
        float[] clip = Numbers.Singles(3, network.Time * network.Features, -1, 1), logit = new float[1];
        InferenceSession session = new(network);
        return new Opened(() => session.Run(clip, logit), AllocatesNothing: true, session, network);
    }

    /// <summary>A step, and what it needs, the first to go first.</summary>
    internal sealed record Opened(Action Step, bool AllocatesNothing, params IDisposable[] Needs) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable need in Needs) need.Dispose();
        }
    }

    private sealed class Discard : IAttributionSink
    {
        public void Add(in PairAttribution pair)
        {
        }
    }
}
