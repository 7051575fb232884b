using EmotionXai.Engine;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using EmotionXai.Tests.Explain;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>Backends of one device share its memory; work that does not fit is done in smaller parts.</summary>
public sealed class SharedMemoryTests
{
    private const int Quarter = 1 << 16;

    [Fact]
    public void What_one_backend_leaves_idle_another_may_have()
    {
        GpuDevice device = Device(1 << 20);
        using GpuBackend first = On(device), second = On(device);
        Storage a = first.Allocate(Quarter), b = first.Allocate(Quarter), c = first.Allocate(Quarter);
        Assert.Contains("0.8 MiB of 1 MiB are in use", Assert.Throws<EngineException>(() => second.Allocate(2 * Quarter)).Message, StringComparison.Ordinal);
        Assert.Equal(1, second.Traffic!.Value.Refusals);
        first.Free(b);
        first.Free(c);
        float[] values = Numbers.Singles(1, 2 * Quarter), back = new float[2 * Quarter];
        Storage d = second.Allocate(2 * Quarter);
        second.Write(values, new Slice(d, 0, 2 * Quarter));
        second.Read(new Slice(d, 0, 2 * Quarter), back);
        Assert.Equal(values, back);
        Assert.Equal(3L * Quarter * sizeof(float), device.Pool.Held);
        Assert.Equal((1, 1), (first.LiveBuffers, second.LiveBuffers));
        first.Free(a);
        second.Free(d);
    }

    [Fact]
    public void A_backend_that_goes_leaves_its_buffers_to_the_others_and_the_last_one_gives_them_back()
    {
        GpuDevice device = Device(1 << 20);
        using (GpuBackend second = On(device))
        {
            using (GpuBackend first = On(device))
            {
                first.Free(first.Allocate(Quarter));
                first.Allocate(Quarter / 2);
            }

            // What was in use is gone, what was idle is there.
            Assert.Equal((long)Quarter * sizeof(float), device.Pool.Held);
            second.Free(second.Allocate(Quarter));
            Assert.Equal(0, second.Traffic!.Value.Allocations);
        }

        Assert.Equal(0, device.Pool.Held);
    }

    [Fact]
    public void What_other_programs_hold_is_not_to_be_had()
    {
        long free = 1L << 30;
        GpuDevice device = new(GpuDevices.Emulated().Accelerator, 1 << 30) { FreeBytes = () => free };
        using GpuBackend backend = On(device);
        Storage storage = backend.Allocate(Quarter);
        free = 1 << 17;
        Assert.Contains("0.3 MiB of 0.4 MiB are in use and 0.5 MiB more were asked for", Assert.Throws<EngineException>(() => backend.Allocate(2 * Quarter)).Message, StringComparison.Ordinal);
        backend.Free(storage);
    }

    [Fact]
    public async Task Who_finds_the_device_full_waits_for_what_others_give_back()
    {
        GpuDevice device = Device(1 << 20);
        device.Pool.Patience = (60_000, 60_000);
        using GpuBackend first = On(device), second = On(device);
        Storage held = first.Allocate(3 * Quarter);
        Task<Storage> asked = Task.Run(() => second.Allocate(2 * Quarter), TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.False(asked.IsCompleted);
        first.Free(held);
        Storage got = await asked;
        Assert.Equal(0, second.Traffic!.Value.Refusals);

        // Who keeps what he can do without is refused at once, and so is who is alone.
        ((IWaitsForRoom)first).WaitsForRoom = false;
        Assert.Throws<EngineException>(() => first.Allocate(3 * Quarter));
        second.Free(got);
        ((IWaitsForRoom)first).WaitsForRoom = true;
        Assert.Throws<EngineException>(() => first.Allocate(5 * Quarter));
    }

    // Each has half and asks for more: one is refused and gives its half back, the others get it.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void All_but_one_may_wait(int workers)
    {
        GpuDevice device = Device(1 << 20);
        device.Pool.Patience = (60_000, 60_000);
        using Barrier ready = new(workers);
        int refused = 0;
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(() =>
        {
            using GpuBackend backend = On(device);
            Storage part = backend.Allocate(4 * Quarter / workers);
            ready.SignalAndWait(TestContext.Current.CancellationToken);
            try
            {
                backend.Free(backend.Allocate(Quarter));
            }
            catch (EngineException)
            {
                Interlocked.Increment(ref refused);
            }

            backend.Free(part);
        }))];
        foreach (Thread thread in threads) thread.Start();
        Assert.All(threads, thread => Assert.True(thread.Join(30_000)));
        Assert.InRange(refused, 1, workers - 1);
        Assert.Equal(0, device.Pool.Held);
    }

    // Others that hold memory and do nothing are waited for once, those that go on working until patience ends.
    [Fact]
    public void Nobody_waits_for_ever()
    {
        GpuDevice device = Device(1 << 20);
        device.Pool.Patience = (60_000, 50);
        using GpuBackend first = On(device), second = On(device);
        Slice held = new(first.Allocate(3 * Quarter), 0, 100);
        Assert.InRange(Refused(), 50, 20_000);
        device.Pool.Patience = (60_000, 60_000);
        Assert.InRange(Refused(), 0, 20_000);

        using CancellationTokenSource end = new();
        using ManualResetEventSlim works = new();
        Thread busy = new(() =>
        {
            while (!end.IsCancellationRequested)
            {
                first.Fill(held, 1);
                works.Set();
            }
        });
        busy.Start();
        works.Wait(TestContext.Current.CancellationToken);
        device.Pool.Patience = (200, 60_000);
        Assert.InRange(Refused(), 200, 20_000);
        end.Cancel();
        busy.Join();

        long Refused()
        {
            long start = Environment.TickCount64;
            Assert.Throws<EngineException>(() => second.Allocate(2 * Quarter));
            return Environment.TickCount64 - start;
        }
    }

    // Enough for one, too little for two: what they do at the same time is what each does alone.
    [Fact]
    public void Works_side_by_side_on_a_device_that_holds_one_of_them_take_turns()
    {
        const int Time = 6, Features = 40, Clips = 24;
        float[] clips = Numbers.Singles(5, Clips * Time * Features);
        Baselines baselines = Baselines.ForAll(Numbers.Singles(6, 2 * Time * Features), Time * Features);
        GpuDevice alone = Device(1 << 26);
        List<Kept> expected;
        long needed;
        using (GpuBackend backend = On(alone)) (expected, needed) = (Attribute(backend), alone.Pool.Held);
        GpuDevice device = Device(12 * needed / 10);
        List<Kept>[] actual = new List<Kept>[2];
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, worker =>
        {
            using GpuBackend backend = On(device);
            actual[worker] = Attribute(backend);
        });

        // One may have been refused, so that the other could go on; its sums are then added in another order.
        foreach (List<Kept> pairs in actual) Attributions.Same(expected, pairs, 1e-5);
        Assert.Equal(0, device.Pool.Held);

        List<Kept> Attribute(GpuBackend backend)
        {
            using Classifier classifier = new ClassifierOptions { Kind = ModelKind.Dense, Hidden = [12, 5] }.Build(backend, Time, Features, 3);
            return Attributions.Integrated(classifier, clips, baselines, new PathOptions { Steps = 20 });
        }
    }

    [Fact]
    public void Many_backends_at_a_time_take_no_buffer_from_each_other()
    {
        GpuDevice device = Device(1 << 22);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            for (int round = 0; round < 20; round++)
            {
                using GpuBackend backend = On(device);
                Slice[] slices = [.. Enumerable.Range(1, 5).Select(i => new Slice(backend.Allocate(100 * i), 0, 100 * i))];
                for (int i = 0; i < slices.Length; i++) backend.Fill(slices[i], (10 * worker) + i);
                for (int i = 0; i < slices.Length; i++)
                {
                    float[] back = new float[slices[i].Length];
                    backend.Read(slices[i], back);
                    Assert.All(back, value => Assert.Equal((10 * worker) + i, value));
                    backend.Free(slices[i].Storage);
                }
            }
        });
        Assert.Equal(0, device.Pool.Held);
    }

    // Seven tenths of what all blocks took: too little for them, enough for smaller ones.
    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.Lstm)]
    public void Attributions_that_do_not_fit_are_done_in_smaller_blocks(ModelKind kind)
    {
        const int Time = 6, Features = 40, Clips = 24;
        float[] clips = Numbers.Singles(5, Clips * Time * Features);
        Baselines baselines = Baselines.ForAll(Numbers.Singles(6, 2 * Time * Features), Time * Features);
        GpuDevice device = Device(1 << 26);
        using GpuBackend roomy = On(device);
        List<Kept> expected = Attribute(roomy);
        using GpuBackend tight = On(Device(7 * device.Pool.Held / 10));
        List<Kept> actual = Attribute(tight);
        Assert.Equal((0, true), (roomy.Traffic!.Value.Refusals, tight.Traffic!.Value.Refusals > 0));
        Assert.Equal(expected.Select(k => (k.Clip, k.Baseline)), actual.Select(k => (k.Clip, k.Baseline)));

        // Sums over the steps of a path are added in another order.
        Attributions.Same(expected, actual, 1e-5);
        Assert.Equal((0, 0), (roomy.LiveBuffers, tight.LiveBuffers));

        List<Kept> Attribute(GpuBackend backend)
        {
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [12, 5] }.Build(backend, Time, Features, 3);
            return Attributions.Integrated(classifier, clips, baselines, new PathOptions { Steps = 20 });
        }
    }

    [Fact]
    public void Predictions_and_validation_that_do_not_fit_are_done_in_smaller_batches()
    {
        const int Clips = 64;
        ClipData data = new(Models.Time, 60, Numbers.Singles(1, Clips * Models.Time * 60), [.. Enumerable.Range(0, Clips).Select(i => (float)(i % 2))]);
        using GpuBackend roomy = On(Device(1 << 26)), tight = On(Device(60_000));
        using Classifier large = Build(roomy), small = Build(tight);
        float[] clips = data.Clips.ToArray(), first = new float[Clips], second = new float[Clips];
        Assert.Equal(Predictor.Logits(large, clips), Predictor.Logits(small, clips));
        long refusals = tight.Traffic!.Value.Refusals;
        Assert.True(refusals > 0);
        using (InferenceSession session = new(large)) session.Run(clips, first);
        using (InferenceSession session = new(small)) session.Run(clips, second);
        Assert.Equal(first, second);
        Assert.True(tight.Traffic!.Value.Refusals > refusals);
        refusals = tight.Traffic!.Value.Refusals;
        using ValidationLoss whole = new(large, data, Losses.BinaryCrossEntropy()), parts = new(small, data, Losses.BinaryCrossEntropy());
        Assert.Equal(whole.Measure(), parts.Measure(), 1e-6);
        Assert.True(tight.Traffic!.Value.Refusals > refusals);
        Assert.Equal(0, roomy.Traffic!.Value.Refusals);

        static Classifier Build(IBackend backend) => new ClassifierOptions { Hidden = [8], Dropout = 0 }.Build(backend, Models.Time, 60, 1);
    }

    // Half of what the training took: the clips must leave the device and batches go in parts.
    [Theory]
    [InlineData(OptimizerKind.AdamW, 5)]
    [InlineData(OptimizerKind.Sgd, 4)]
    public void A_training_that_does_not_fit_takes_its_batches_in_parts(OptimizerKind optimizer, int tenths)
    {
        const int Count = 70, Features = 50;
        ClipData data = new(Models.Time, Features, Numbers.Singles(1, Count * Models.Time * Features), [.. Enumerable.Range(0, Count).Select(i => (float)(i % 2))]);
        TrainingOptions options = new() { Epochs = 2, BatchSize = 32, ClipNorm = 0.1, Optimizer = optimizer };
        GpuDevice device = Device(1 << 26);
        using GpuBackend roomy = On(device);
        (double[] losses, double[][] parameters, int atOnce) = Train(roomy);
        using GpuBackend tight = On(Device(tenths * device.Pool.Held / 10));
        (double[] again, double[][] reached, int fewer) = Train(tight);
        Assert.Equal((0, true), (roomy.Traffic!.Value.Refusals, tight.Traffic!.Value.Refusals > 0));
        Assert.Equal(32, atOnce);
        Assert.InRange(fewer, 1, 31);

        // A mean of 32 in parts: a few roundings a number, and steps that carry them on.
        Numbers.Near(losses, again, 1e-5, "losses");
        foreach ((double[] e, double[] a) in parameters.Zip(reached)) Numbers.Near(e, a, 1e-4, "parameters");
        Assert.Equal(0, tight.LiveBuffers);

        (double[] Losses, double[][] Parameters, int AtOnce) Train(GpuBackend backend)
        {
            using Classifier classifier = new ClassifierOptions { Kind = ModelKind.Gru, Hidden = [8], Dropout = 0 }.Build(backend, Models.Time, Features, 1);
            using Trainer trainer = new(classifier, data, options, 1);
            TrainingReport report = trainer.Run(cancellation: TestContext.Current.CancellationToken);
            return ([.. report.Losses], Models.ParameterValues(classifier), trainer.ClipsAtOnce);
        }
    }

    [Fact]
    public void A_clip_that_fits_in_no_way_is_refused_and_nothing_is_left_behind()
    {
        using GpuBackend backend = On(Device(40_000));
        using (Classifier classifier = new ClassifierOptions { Hidden = [2], Dropout = 0 }.Build(backend, 4, 1000, 1))
        {
            int live = backend.LiveBuffers;
            Baselines baselines = Baselines.ForAll(new float[4000], 4000);
            Assert.Contains("is full", Assert.Throws<EngineException>(() => Attributions.Integrated(classifier, new float[8000], baselines)).Message, StringComparison.Ordinal);
            Assert.Equal(live, backend.LiveBuffers);
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    [Fact]
    public void Extents_beyond_a_launch_are_refused_before_it()
    {
        // 65,537 rows of tiles of 128 columns; a grid has 65,535.
        const int N = 128 * 65_537;
        using GpuBackend backend = GpuBackend.Dry(DryCard.H100, 1L << 30);
        Slice a = New(8), b = New(8 * N), c = New(N);
        long launches = backend.Traffic!.Value.Launches;
        Assert.Contains("65535", Assert.Throws<EngineException>(() => backend.Multiply(new MatrixProduct(1, N, 8, false, false, false), a, b, null, c)).Message, StringComparison.Ordinal);
        Assert.Equal(launches, backend.Traffic!.Value.Launches);
        Assert.ThrowsAny<ArgumentException>(() => backend.Points(b, b, b, c));
        Assert.ThrowsAny<ArgumentException>(() => backend.Gather(b, 1, a, c));

        Slice New(int length) => new(backend.Allocate(length), 0, length);
    }

    // One accelerator, so that its kernels are compiled once.
    private static GpuDevice Device(long memory)
    {
        GpuDevice device = new(GpuDevices.Emulated().Accelerator, memory);
        device.Pool.Patience = (10_000, 50);
        return device;
    }

    private static GpuBackend On(GpuDevice device) => new(device, "emulated", ProductMath.Float32);
}
