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
        Console.WriteLine($"T {Time}, F {Features}, H {Hidden}; counted for an H100, nothing was run; kept: launches where the card keeps those of a tape as a graph");
        Console.WriteLine($"{"work",-52} {"launches",9} {"kept",9} {"MB up",9} {"MB down",9} {"waits",6} {"allocations",12}");
        foreach (ModelKind kind in (ModelKind[])[ModelKind.Dense, ModelKind.Rnn, ModelKind.Gru, ModelKind.Lstm, ModelKind.BiLstm])
        {
            Epoch(kind);
            foreach ((int clips, int steps) in ((int, int)[])[(32, 16), (64, 50)]) Paths(kind, clips, steps);
            Prediction(kind);
        }
    }

    private static void Epoch(ModelKind kind) => Row($"{kind}: epoch of {Batches} batches of {Batch}", (backend, repeat) =>
    {
        using Classifier classifier = Build(kind, backend);
        float[] labels = [.. Enumerable.Range(0, Batches * Batch).Select(i => (float)(i % 2))];
        using Trainer trainer = new(classifier, new ClipData(Time, Features, new float[labels.Length * Time * Features], labels), new TrainingOptions { BatchSize = Batch }, 1);
        repeat(() => trainer.Epoch());
    });

    private static void Paths(ModelKind kind, int clips, int steps) => Row($"{kind}: paths of {clips} clips x {BaselineCount}, {steps} steps", (backend, repeat) =>
    {
        using Classifier classifier = Build(kind, backend);
        Baselines baselines = Baselines.ForAll(new float[BaselineCount * Time * Features], Time * Features);
        float[] values = new float[clips * Time * Features];
        IntegratedGradients method = new(new PathOptions { Steps = steps });
        repeat(() => method.Attribute(classifier, values, baselines, new Nothing()));
    });

    private static void Prediction(ModelKind kind) => Row($"{kind}: session, {Batch} clips", (backend, repeat) =>
    {
        using Classifier classifier = Build(kind, backend);
        using InferenceSession session = new(classifier);
        float[] values = new float[Batch * Time * Features], logits = new float[Batch];
        repeat(() => session.Run(values, logits));
    });

    private static Classifier Build(ModelKind kind, IBackend backend) =>
        new ClassifierOptions { Kind = kind, Hidden = [Hidden], Dropout = 0 }.Build(backend, Time, Features, 1);

    // Twice before: tapes are recorded, pools filled and launches kept by then.
    private static void Row(string name, Action<GpuBackend, Action<Action>> work)
    {
        Traffic plain = Of(keeps: false), kept = Of(keeps: true);
        Console.WriteLine(FormattableString.Invariant($"{name,-52} {plain.Launches,9} {kept.Launches,9} {plain.BytesUp * 1e-6,9:0.000} {plain.BytesDown * 1e-6,9:0.000} {plain.Waits,6} {plain.Allocations,12}"));

        Traffic Of(bool keeps)
        {
            using GpuBackend backend = GpuBackend.Dry(DryCard.H100, Memory, keeps);
            Traffic done = default;
            work(backend, again =>
            {
                again();
                again();
                Traffic before = backend.Traffic!.Value;
                again();
                done = backend.Traffic!.Value - before;
            });
            return done;
        }
    }

    private sealed class Nothing : IAttributionSink
    {
        public void Add(in PairAttribution pair)
        {
        }
    }
}
