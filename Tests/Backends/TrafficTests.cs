using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>What works ask of a card, counted for an H100 that is not there, on networks of full size: at most so many launches, and no wait where none need be.</summary>
public sealed class TrafficTests
{
    private const int Time = 20, Features = 936, Hidden = 64, Batch = 512;
    private const long Memory = 80L << 30;

    // 28, 22 and 31 a step today.
    [Theory]
    [InlineData(ModelKind.Lstm, 40)]
    [InlineData(ModelKind.Dense, 40)]
    [InlineData(ModelKind.Gru, 40)]
    public void A_step_of_training_takes_few_launches_and_an_epoch_one_wait(ModelKind kind, int most)
    {
        const int Steps = 3;
        using GpuBackend backend = Card();
        using Classifier classifier = Build(backend, kind);
        ClipData data = new(Time, Features, new float[Steps * Batch * Time * Features], [.. Enumerable.Range(0, Steps * Batch).Select(i => (float)(i % 2))]);
        using Trainer trainer = new(classifier, data, new TrainingOptions { BatchSize = Batch }, 1);
        trainer.Epoch();
        Traffic epoch = Of(backend, () => trainer.Epoch());
        Assert.InRange(epoch.Launches, Steps, (Steps * most) + 2);

        // The order of the clips goes up, two numbers a step come down, once.
        Assert.Equal(Steps * Batch * sizeof(float), epoch.BytesUp);
        Assert.Equal(Steps * 2 * sizeof(float), epoch.BytesDown);
        Assert.Equal((1, 0), (epoch.Waits, epoch.Allocations));
    }

    [Fact]
    public void Clips_that_a_card_cannot_keep_go_up_batch_by_batch()
    {
        const int Count = 64;
        using GpuBackend backend = GpuBackend.Dry(DryCard.H100, Count * Features * sizeof(float));
        using Classifier classifier = new ClassifierOptions { Hidden = [4], Dropout = 0 }.Build(backend, 1, Features, 1);
        using Trainer trainer = new(classifier, new ClipData(1, Features, new float[Count * Features], [.. Enumerable.Range(0, Count).Select(i => (float)(i % 2))]), new TrainingOptions { BatchSize = 8 }, 1);
        Traffic epoch = Of(backend, () => trainer.Epoch());
        Assert.Equal(Count * (Features + 1) * sizeof(float), epoch.BytesUp);
        Assert.Equal(1, epoch.Waits);
    }

    [Theory]
    [InlineData(ModelKind.Rnn, 28)]
    [InlineData(ModelKind.Dense, 24)]
    public void Launches_of_a_block_of_paths_depend_on_neither_clips_nor_steps_nor_time(ModelKind kind, int most)
    {
        long few = Launches(kind, 4, 8, 6), many = Launches(kind, 40, 8, 6), steps = Launches(kind, 4, 50, 6), time = Launches(kind, 4, 8, Time);
        Assert.InRange(few, 1, most);
        Assert.Equal((few, few, few), (many, steps, time));
    }

    // One for all of a path behind the stem, and one that adds up sections where few paths have many steps. The others are of the ends, whose small products may take one more.
    [Theory]
    [InlineData(ModelKind.Lstm, 17)]
    [InlineData(ModelKind.Gru, 17)]
    [InlineData(ModelKind.BiLstm, 28)]
    public void A_block_of_recurrent_paths_takes_one_launch_behind_the_stem_or_two(ModelKind kind, int most)
    {
        foreach ((int clips, int steps, int time) in ((int, int, int)[])[(4, 8, 6), (40, 8, 6), (64, 8, Time), (4, 50, 6), (40, 50, Time), (64, 50, Time)])
            Assert.InRange(Launches(kind, clips, steps, time), most - 3, most);
    }

    private static long Launches(ModelKind kind, int clips, int nodes, int length)
    {
        using GpuBackend backend = Card();
        using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [Hidden], Dropout = 0 }.Build(backend, length, Features, 1);
        Baselines baselines = Baselines.ForAll(new float[5 * length * Features], length * Features);
        IntegratedGradients method = new(new PathOptions { Steps = nodes });
        float[] values = new float[clips * length * Features];
        Traffic paths = Of(backend, () => method.Attribute(classifier, values, baselines, new Nothing()));
        return paths.Launches;
    }

    [Fact]
    public void A_session_launches_a_handful_of_kernels_and_waits_for_its_outputs()
    {
        const int Clips = 8;
        using GpuBackend backend = Card();
        using Classifier classifier = Build(backend, ModelKind.Lstm);
        using InferenceSession session = new(classifier);
        float[] clips = new float[Clips * Time * Features], logits = new float[Clips];
        session.Run(clips, logits);
        Traffic run = Of(backend, () => session.Run(clips, logits));
        Assert.InRange(run.Launches, 1, 8);
        Assert.Equal((sizeof(float) * clips.Length, sizeof(float) * Clips, 1, 0), (run.BytesUp, run.BytesDown, run.Waits, run.Allocations));
    }

    // What is counted of a card that is not there is what the emulation does: the same calls lead to both.
    [Fact]
    public void The_emulation_counts_what_it_runs()
    {
        using GpuBackend backend = GpuBackend.Emulated(1L << 24);
        Storage storage = backend.Allocate(100);
        Slice all = new(storage, 0, 100);
        float[] values = Numbers.Singles(1, 100), back = new float[100];
        Traffic done = Of(backend, () =>
        {
            backend.Write(values, all);
            backend.Fill(all.Part(50, 50), 2);
            backend.Read(all, back);
        });
        Assert.Equal(new Traffic(1, 400, 400, 1, 0, 0), done);
        Assert.Equal([.. values.Take(50), .. Enumerable.Repeat(2f, 50)], back);
        Assert.Equal(1, backend.Traffic!.Value.Allocations);
        backend.Free(storage);
        Assert.Null(((IBackend)TestBackends.Create("cpu")).Traffic);
    }

    [Fact]
    public void A_card_that_is_not_there_gives_zeros()
    {
        using GpuBackend backend = Card();
        Storage storage = backend.Allocate(5);
        Slice all = new(storage, 0, 5);
        backend.Write([1f, 2, 3, 4, 5], all);
        float[] back = [9, 9, 9, 9, 9];
        backend.Read(all, back);
        Assert.Equal(new float[5], back);
        Assert.Throws<ArgumentException>(() => backend.Write([1f], all));
    }

    private static GpuBackend Card() => GpuBackend.Dry(DryCard.H100, Memory);

    private static Classifier Build(IBackend backend, ModelKind kind) => new ClassifierOptions { Kind = kind, Hidden = [Hidden], Dropout = 0 }.Build(backend, Time, Features, 1);

    private static Traffic Of(GpuBackend backend, Action work)
    {
        Traffic before = backend.Traffic!.Value;
        work();
        return backend.Traffic!.Value - before;
    }

    private sealed class Nothing : IAttributionSink
    {
        public void Add(in PairAttribution pair)
        {
        }
    }
}
