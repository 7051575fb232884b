using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Bench.Gpu;

/// <summary>What works ask of a card: launches, bytes, waits and allocations, counted for an H100 that need not be there.</summary>
internal static class Counts
{
    private const int Time = 20, Features = 936, Hidden = 64, Batch = 512, Batches = 4, BaselineCount = 5;
    private const long Memory = 80L << 30;

    public static void Run()
    {
        Console.WriteLine($"T {Time}, F {Features}, H {Hidden}; counted for an H100, nothing was run");
        Console.WriteLine($"{"work",-52} {"launches",9} {"MB up",9} {"MB down",9} {"waits",6} {"allocations",12}");
        foreach (ModelKind kind in (ModelKind[])[ModelKind.Dense, ModelKind.Rnn, ModelKind.Gru, ModelKind.Lstm, ModelKind.BiLstm])
        {
            Epoch(kind);
            foreach ((int clips, int steps) in ((int, int)[])[(32, 16), (64, 50)]) Paths(kind, clips, steps);
            Prediction(kind);
        }
    }

    private static void Epoch(ModelKind kind)
    {
        using GpuBackend backend = GpuBackend.Dry(DryCard.H100, Memory);
        using Classifier classifier = Build(kind, backend);
        float[] labels = [.. Enumerable.Range(0, Batches * Batch).Select(i => (float)(i % 2))];
        using Trainer trainer = new(classifier, new ClipData(Time, Features, new float[labels.Length * Time * Features], labels), new TrainingOptions { BatchSize = Batch }, 1);
        Row($"{kind}: epoch of {Batches} batches of {Batch}", backend, () => trainer.Epoch());
    }

    private static void Paths(ModelKind kind, int clips, int steps)
    {
        using GpuBackend backend = GpuBackend.Dry(DryCard.H100, Memory);
        using Classifier classifier = Build(kind, backend);
        Baselines baselines = Baselines.ForAll(new float[BaselineCount * Time * Features], Time * Features);
        float[] values = new float[clips * Time * Features];
        IntegratedGradients method = new(new PathOptions { Steps = steps });
        Row($"{kind}: paths of {clips} clips x {BaselineCount}, {steps} steps", backend, () => method.Attribute(classifier, values, baselines, new Nothing()));
    }

    private static void Prediction(ModelKind kind)
    {
        using GpuBackend backend = GpuBackend.Dry(DryCard.H100, Memory);
        using Classifier classifier = Build(kind, backend);
        using InferenceSession session = new(classifier);
        float[] values = new float[Batch * Time * Features], logits = new float[Batch];
        Row($"{kind}: session, {Batch} clips", backend, () => session.Run(values, logits));
    }

    private static Classifier Build(ModelKind kind, IBackend backend) =>
        new ClassifierOptions { Kind = kind, Hidden = [Hidden], Dropout = 0 }.Build(backend, Time, Features, 1);

    // Once before: tapes are recorded and pools filled by then.
    private static void Row(string name, GpuBackend backend, Action work)
    {
        work();
        Traffic before = backend.Traffic!.Value;
        work();
        Traffic done = backend.Traffic!.Value - before;
        Console.WriteLine(FormattableString.Invariant($"{name,-52} {done.Launches,9} {done.BytesUp * 1e-6,9:0.000} {done.BytesDown * 1e-6,9:0.000} {done.Waits,6} {done.Allocations,12}"));
    }

    private sealed class Nothing : IAttributionSink
    {
        public void Add(in PairAttribution pair)
        {
        }
    }
}
