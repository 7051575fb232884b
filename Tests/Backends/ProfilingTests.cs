using System.Globalization;
using System.Text.Json;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using EmotionXai.Tests.Explain;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>A watched backend is as good as the one it watches.</summary>
public sealed class ProfilingContractTests : BackendContract
{
    protected override IBackend Create() => Profiles.New().Watch(new CpuBackend(2), threads: 2);
}

/// <summary>What a profile says of known work.</summary>
public sealed class ProfilingTests
{
    private const int Batch = 7;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_counts_the_multiply_adds_that_the_network_states(ModelKind kind)
    {
        Profile profile = Profiles.New();
        using IBackend backend = profile.Watch(new CpuBackend(), threads: 1);
        using Classifier classifier = Models.Small(backend, kind);
        using Tape tape = new(backend);
        classifier.Logits(tape, tape.Input(new Shape(Batch, Models.Time, Models.Features), Numbers.Singles(1, Batch * Models.Time * Models.Features, -1, 1)));
        Assert.Equal(Batch * classifier.MultiplyAdds, Profiles.Events(profile).Sum(e => e.MultiplyAdds));
    }

    public static TheoryData<ModelKind> Kinds => [.. Enum.GetValues<ModelKind>()];

    [Fact]
    public void A_training_step_counts_each_product_forward_and_its_two_backward_but_for_the_first_layers_input()
    {
        const int Inputs = Models.Time * Models.Features, Hidden = 5;
        Profile profile = Profiles.New();
        using IBackend backend = profile.Watch(new CpuBackend(), threads: 1);
        using Classifier classifier = new ClassifierOptions { Hidden = [Hidden], Dropout = 0 }.Build(backend, Models.Time, Models.Features, seed: 1);
        using Trainer trainer = new(classifier, Models.Separable(Batch, 1), new TrainingOptions { BatchSize = Batch, ClipNorm = 0 }, seed: 1);

        // Recording runs the forward products once before the epoch does.
        long recorded = Profiles.Events(profile).Sum(e => e.MultiplyAdds), forward = Batch * ((Inputs * Hidden) + Hidden);
        Assert.Equal(forward, recorded);
        trainer.Epoch();
        long backward = Batch * ((Inputs * Hidden) + (2 * Hidden));
        Assert.Equal(forward + backward, Profiles.Events(profile).Sum(e => e.MultiplyAdds) - recorded);

        // Adam: parameter and two moments read and written, the gradient read; of float32.
        Assert.Equal(7 * 4 * classifier.ParameterCount, Profiles.Events(profile).Where(e => e.Name == "Adam").Sum(e => e.Bytes));
    }

    [Fact]
    public void A_product_states_its_bytes_and_its_rate_follows_from_its_time()
    {
        Profile profile = Profiles.New(peak: 50e9);
        using IBackend backend = profile.Watch(new CpuBackend(2), threads: 2);
        Multiply(backend, m: 30, n: 20, k: 40, accumulate: true);
        Event product = Assert.Single(Profiles.Events(profile), e => e.Name == "Multiply");
        Assert.Equal("30x40 * 40x20, added", product.Shapes);
        Assert.Equal(30 * 20 * 40, product.MultiplyAdds);
        Assert.Equal(4 * ((30 * 40) + (40 * 20) + (2 * 30 * 20)), product.Bytes);
        double rate = 2 * 30 * 20 * 40 / (product.Length * 1e3);
        Assert.Equal(rate, product.Gflops, 0.001 + (1e-3 * rate));
        Assert.Equal(100 * rate / 50, product.PercentOfPeak, 0.01 + (1e-2 * rate));
    }

    [Fact]
    public void Numbers_of_the_reference_backend_have_eight_bytes()
    {
        Profile profile = Profiles.New();
        using IBackend backend = profile.Watch(new ReferenceBackend(), threads: 1);
        Multiply(backend, m: 3, n: 2, k: 4, accumulate: false);
        Assert.Equal(8 * ((3 * 4) + (4 * 2) + (3 * 2)), Profiles.Events(profile).Single(e => e.Name == "Multiply").Bytes);
    }

    [Fact]
    public void Slices_of_every_thread_nest_and_watching_changes_no_bit()
    {
        float[] clips = Numbers.Singles(2, 40 * Models.Time * Models.Features, -1, 1);
        Baselines zero = Baselines.Zero(Models.Time * Models.Features);
        List<Kept> plain, watched;
        using (CpuBackend backend = new(2))
        using (Classifier classifier = Models.Small(backend, ModelKind.Lstm))
            plain = Attributions.Integrated(classifier, clips, zero);

        Profile profile = Profiles.New();
        using (profile.Section("explain"))
        using (IBackend backend = profile.Watch(new CpuBackend(2), threads: 2))
        using (Classifier classifier = Models.Small(backend, ModelKind.Lstm))
        {
            watched = Attributions.Integrated(classifier, clips, zero);

            // A thread that is ready first may take all of the work; here each lane waits for the other.
            using Barrier both = new(2);
            backend.OnLanes(lane =>
            {
                both.SignalAndWait(TestContext.Current.CancellationToken);
                Multiply(backend.Lanes[lane], m: 3, n: 2, k: 4, accumulate: false);
            });
        }

        Attributions.Same(plain, watched, bound: 0);
        List<Event> events = Profiles.Events(profile);
        Profiles.CheckNesting(events);
        Assert.Equal(2, events.Select(e => e.Thread).Distinct().Count());
        Assert.Contains(events, e => e.Name == "lane 1");

        // The verb's stretch holds everything on its thread, and a lane's ops are its own thread's alone: at most one thread of the peak.
        Event verb = events.Single(e => e.Name == "explain");
        Assert.All(events, e => Assert.InRange(e.Start, verb.Start, verb.End));
        Assert.Contains(events, e => e.Name == "Multiply" && e.Thread != verb.Thread);
        Assert.All(events.Where(e => e.MultiplyAdds > 0 && e.Thread != verb.Thread), e => Assert.Equal(1, e.Threads));
    }

    [Fact]
    public void Traffic_is_that_of_all_devices_watched()
    {
        Profile profile = new(new MachineLimits(1, 1, 1, 1));
        using IBackend cpu = profile.Watch(new CpuBackend(), 1);
        Assert.Null(profile.Traffic);
        using IBackend first = profile.Watch(GpuBackend.Dry(DryCard.H100, 1 << 20), 1), second = profile.Watch(GpuBackend.Dry(DryCard.H100, 1 << 20), 1);
        foreach (IBackend backend in new[] { cpu, first, second, second })
        {
            Storage storage = backend.Allocate(10);
            backend.Fill(new Slice(storage, 0, 10), 1);
            backend.Free(storage);
        }

        Assert.Equal((1L, 2L), (first.Traffic!.Value.Launches, second.Traffic!.Value.Launches));
        Assert.Equal((3L, 2L), (profile.Traffic!.Value.Launches, profile.Traffic!.Value.Allocations));
    }

    [Fact]
    public void Totals_by_kind_are_the_sums_of_the_slices()
    {
        Profile profile = Profiles.New();
        using IBackend backend = profile.Watch(new CpuBackend(), threads: 1);
        for (int i = 0; i < 5; i++) Multiply(backend, m: 3, n: 2, k: 4, accumulate: false);
        OpKind products = profile.Kinds().Single(k => k.Name == "Multiply");
        Assert.Equal(5, products.Calls);
        Assert.Equal(Profiles.Events(profile).Where(e => e.Name == "Multiply").Sum(e => e.Length * 1e-6), products.Seconds, 1e-7);
    }

    [Theory]
    [InlineData(1000, 10, "multiply-adds")]
    [InlineData(10, 1000, "bytes")]
    public void The_roof_is_the_slower_of_multiply_adds_and_bytes(long multiplyAdds, long bytes, string bound)
    {
        MachineLimits limits = new(Threads: 2, Peak: 200, MemoryBandwidth: 10, CacheBandwidth: 100);
        OpKind kind = new("op", "", multiplyAdds, bytes, threads: 2);
        Assert.Equal(bound == "bytes" ? bytes / 100.0 : 2 * multiplyAdds / 200.0, limits.LeastSeconds(kind), 1e-12);

        // Half the threads have half of everything; operands beyond the caches come from memory.
        Assert.Equal(2 * limits.LeastSeconds(kind), limits.LeastSeconds(new OpKind("op", "", multiplyAdds, bytes, threads: 1)), 1e-12);
        Assert.Equal(10, limits.BandwidthOf(1 << 24, 2), 1e-12);
    }

    private static void Multiply(IBackend backend, int m, int n, int k, bool accumulate)
    {
        using TensorScope scope = new(backend);
        Slice a = scope.New(new Shape(m, k)).Data, b = scope.New(new Shape(k, n)).Data, c = scope.New(new Shape(m, n)).Data;
        foreach (Slice slice in new[] { a, b, c }) backend.Fill(slice, 1);
        backend.Multiply(new MatrixProduct(m, n, k, false, false, accumulate), a, b, null, c);
    }
}

/// <summary>A slice of a trace.</summary>
internal sealed record Event(
    string Name, int Thread, double Start, double Length, string Shapes, long MultiplyAdds, long Bytes, double Gflops, double PercentOfPeak, int Threads)
{
    public double End => Start + Length;
}

internal static class Profiles
{
    /// <summary>A profile against limits that need no measuring.</summary>
    public static Profile New(double peak = 100e9) => new(new MachineLimits(2, peak, 20e9, 100e9));

    public static List<Event> Events(Profile profile)
    {
        using StringWriter writer = new(CultureInfo.InvariantCulture);
        profile.WriteTrace(writer);
        return Parse(writer.ToString());
    }

    public static List<Event> Parse(string trace)
    {
        using JsonDocument document = JsonDocument.Parse(trace);
        return [.. document.RootElement.GetProperty("traceEvents").EnumerateArray().Where(e => e.GetProperty("ph").GetString() == "X").Select(Of)];
    }

    /// <summary>On every thread, a slice that begins inside another ends inside it.</summary>
    public static void CheckNesting(IEnumerable<Event> events)
    {
        // Times have three digits behind the point of a microsecond.
        const double Rounding = 2e-3;
        foreach (IGrouping<int, Event> thread in events.GroupBy(e => e.Thread))
        {
            Stack<Event> open = [];
            foreach (Event e in thread.OrderBy(e => e.Start).ThenByDescending(e => e.Length))
            {
                while (open.Count > 0 && open.Peek().End <= e.Start + Rounding) open.Pop();
                if (open.Count > 0) Assert.True(e.End <= open.Peek().End + Rounding, $"{e} leaves {open.Peek()}");
                open.Push(e);
            }
        }
    }

    private static Event Of(JsonElement e)
    {
        string name = e.GetProperty("name").GetString()!;
        int thread = e.GetProperty("tid").GetInt32();
        double start = e.GetProperty("ts").GetDouble(), length = e.GetProperty("dur").GetDouble();
        return e.TryGetProperty("args", out JsonElement a)
            ? new Event(
                name, thread, start, length, a.GetProperty("shapes").GetString()!, a.GetProperty("multiply_adds").GetInt64(), a.GetProperty("bytes").GetInt64(),
                a.GetProperty("gflops").GetDouble(), a.GetProperty("percent_of_peak").GetDouble(), a.GetProperty("threads").GetInt32())
            : new Event(name, thread, start, length, "", 0, 0, 0, 0, 0);
    }
}
