using System.Diagnostics;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Bench.Gpu;

/// <summary>How long the device takes, waited for, beside what it must take: operations over its rate, bytes over its bandwidth.</summary>
internal static class Times
{
    private const int Size = 4096, Time = 20, Features = 936, Hidden = 64, Clips = 4096, BaselineCount = 5, Steps = 50, Batch = 512;

    public static void Run()
    {
        CardLimits limits;
        using (GpuBackend backend = new()) limits = CardLimits.Of(backend.Accelerator);
        Console.WriteLine(FormattableString.Invariant($"limits: float32 {limits.Single * 1e-12:0.0} TFLOP/s, tf32 {limits.Tf32 * 1e-12:0}, bf16 {limits.Bf16 * 1e-12:0}, memory {limits.Bandwidth * 1e-9:0} GB/s (from clocks; 0: not known)"));
        Console.WriteLine($"{"work",-44} {"median ms",10} {"floor ms",10} {"of floor",8}");
        foreach (ProductMath math in Enum.GetValues<ProductMath>()) Products(math, limits);
        Elementwise(limits);
        Recurrent(limits);
        Attribution();
        Epoch();
    }

    private static void Products(ProductMath math, CardLimits limits)
    {
        double rate = math switch { ProductMath.Tf32 => limits.Tf32, ProductMath.Bf16 => limits.Bf16, _ => limits.Single };
        if (math != ProductMath.Float32 && !GpuDevices.HasTensorCores()) return;
        using GpuBackend backend = new(math);
        using Arrays arrays = new(backend);
        Slice a = arrays.Random(Size * Size, 1), b = arrays.Random(Size * Size, 2), c = arrays.New(Size * Size);
        double flops = 2.0 * Size * Size * Size, bytes = 3.0 * sizeof(float) * Size * Size;
        string name = math.ToString().ToLowerInvariant();
        Row($"product {Size}, {name}", backend, 20, flops, rate, bytes, limits, () => backend.Multiply(new MatrixProduct(Size, Size, Size, false, false, false), a, b, null, c));
        if (math == ProductMath.Bf16) return;
        using CuBlasPeer? peer = CuBlasPeer.Open(backend);
        if (peer is not null) Row($"product {Size}, {name}, cuBLAS", backend, 20, flops, rate, bytes, limits, () => peer.Multiply(Size, a, b, c, math == ProductMath.Tf32));
    }

    private static void Elementwise(CardLimits limits)
    {
        const int Length = 1 << 26;
        using GpuBackend backend = new();
        using Arrays arrays = new(backend);
        Slice x = arrays.New(Length), y = arrays.New(Length), one = arrays.New(1);
        Row("squared, 64 Mi", backend, 20, Length, limits.Single, 2.0 * sizeof(float) * Length, limits, () => backend.Map(default(Squared), x, y, accumulate: false));
        Row("sum, 64 Mi", backend, 20, Length, limits.Single, sizeof(float) * (double)Length, limits, () => backend.Sum(new AxisSplit(1, Length, 1), x, one, 1, accumulate: false));
    }

    private static void Recurrent(CardLimits limits)
    {
        const int Rows = 4096, Gates = 4;
        using GpuBackend backend = new();
        using Arrays arrays = new(backend);
        Recurrence shape = new(RecurrentCell.Lstm, Rows, Time, Hidden, false);
        int units = Rows * Time * Hidden;
        Slice projection = arrays.Random(Gates * units, 1), weights = arrays.Random(Gates * Hidden * Hidden, 2, 0.1f), states = arrays.New(units), saved = arrays.New(5 * units);
        Slice arriving = arrays.Random(units, 3), gradient = arrays.New(Gates * units);
        double flops = 2.0 * shape.MultiplyAdds;
        Row($"lstm forward, {Rows} x {Time} x {Hidden}", backend, 10, flops, limits.Single, 10.0 * sizeof(float) * units, limits, () => backend.RecurrentForward(shape, projection, weights, null, states, saved));
        Row($"lstm backward, {Rows} x {Time} x {Hidden}", backend, 10, flops, limits.Single, 11.0 * sizeof(float) * units, limits, () => backend.RecurrentBackward(shape, weights, states, saved, arriving, gradient, null));
    }

    private static void Attribution()
    {
        using GpuBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = ModelKind.Lstm, Hidden = [Hidden] }.Build(backend, Time, Features, 1);
        float[] clips = Arrays.Values(Clips * Time * Features, 1), baselines = Arrays.Values(BaselineCount * Time * Features, 2);
        Nothing sink = new();
        Row($"attribution, {Clips} clips x {BaselineCount} x {Steps} steps, lstm", backend, 3, 0, 0, 0, null, () =>
            new IntegratedGradients(new PathOptions { Steps = Steps }).Attribute(classifier, clips, Baselines.ForAll(baselines, Time * Features), sink));
    }

    private static void Epoch()
    {
        using GpuBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = ModelKind.Lstm, Hidden = [Hidden], Dropout = 0 }.Build(backend, Time, Features, 1);
        float[] labels = [.. Enumerable.Range(0, Clips).Select(i => (float)(i % 2))];
        using Trainer trainer = new(classifier, new ClipData(Time, Features, Arrays.Values(Clips * Time * Features, 1), labels), new TrainingOptions { BatchSize = Batch }, 1);
        Row($"training epoch, {Clips} clips, batch {Batch}, lstm", backend, 5, 0, 0, 0, null, () => trainer.Epoch());
    }

    // Twice to warm up: kernels are compiled and pools filled by then.
    private static void Row(string name, GpuBackend backend, int repeats, double flops, double rate, double bytes, CardLimits? limits, Action work)
    {
        for (int i = 0; i < 2; i++) work();
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++)
        {
            backend.Synchronize();
            long start = Stopwatch.GetTimestamp();
            work();
            backend.Synchronize();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        double median = seconds[repeats / 2], floor = limits is { Bandwidth: > 0 } && rate > 0 ? Math.Max(flops / rate, bytes / limits.Bandwidth) : 0;
        Console.WriteLine(FormattableString.Invariant($"{name,-44} {median * 1e3,10:0.000} {(floor > 0 ? FormattableString.Invariant($"{floor * 1e3:0.000}") : "-"),10} {(floor > 0 ? FormattableString.Invariant($"{floor / median:0%}") : "-"),8}"));
    }

    private sealed class Nothing : IAttributionSink
    {
        public void Add(in PairAttribution pair)
        {
        }
    }
}
