using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using EmotionXai.Tests.Explain;
using Xunit;

namespace EmotionXai.Tests.Gpu;

/// <summary>What tapes do again and again a device keeps and launches as one: the same launches in the same order, the same bits.</summary>
public sealed class GraphTests
{
    // Works of full size on an H100 that is not there, whose chunks of a path are small: what is run is what would be launched one by one.
    // Normalized layers: paths of plain recurrent bodies are one launch, which nobody need keep.
    [Theory]
    [InlineData(ModelKind.Dense, 0)]
    [InlineData(ModelKind.Gru, 0.5)]
    [InlineData(ModelKind.Lstm, 0)]
    [InlineData(ModelKind.BiLstm, 0.5)]
    public void What_is_kept_is_what_would_be_launched(ModelKind kind, double dropout)
    {
        KeptLaunches plain = new(), kept = new();
        long one = Work(plain, null), together = Work(kept, kept);
        Assert.True(plain.Ran.Count > 300);
        Assert.Equal(plain.Ran, kept.Ran);
        Assert.Equal(plain.Ran.Count, one);
        Assert.True(kept.Captures >= 4 && kept.GraphLaunches > 2 * kept.Captures, $"{kept.GraphLaunches} launches of {kept.Captures} graphs");
        Assert.True(together < 0.6 * one, $"{together} of {one} launches are left");
        Assert.Equal(0, kept.LiveGraphs);

        long Work(KeptLaunches runner, IGraphs? graphs)
        {
            const int Time = 20, Features = 936;
            using GpuBackend backend = GpuBackend.On(new GpuDevice(GpuDevices.Emulated().Accelerator, 1L << 30, DryCard.H100) { Runner = runner, Graphs = graphs }, ProductMath.Float32);
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [64], Dropout = dropout, Normalize = true }.Build(backend, Time, Features, 1);
            using (Trainer trainer = new(classifier, new ClipData(Time, Features, new float[130 * Time * Features], [.. Enumerable.Range(0, 130).Select(i => (float)(i % 2))]), new TrainingOptions { BatchSize = 16 }, 1))
            {
                for (int epoch = 0; epoch < 3; epoch++) trainer.Epoch();
            }

            Baselines baselines = Baselines.ForAll(new float[5 * Time * Features], Time * Features);
            new IntegratedGradients(new PathOptions { Steps = 50 }).Attribute(classifier, new float[4 * Time * Features], baselines, new Keeper());
            using InferenceSession session = new(classifier);
            for (int i = 0; i < 4; i++) session.Run(new float[4 * Time * Features]);
            return backend.Traffic!.Value.Launches;
        }
    }

    // Kernels are executed here, with their temporaries in memory that others must not have in between.
    [Theory]
    [InlineData(ModelKind.Gru, OptimizerKind.AdamW, 0.5)]
    [InlineData(ModelKind.Dense, OptimizerKind.Sgd, 0)]
    public void Trainings_and_attributions_give_the_same_bits(ModelKind kind, OptimizerKind optimizer, double dropout)
    {
        using PtxDevice ptx = new(multiprocessors: 4);
        KeptLaunches kept = new(ptx);
        (double[][] parameters, List<Kept> pairs) = Run(kept, null);
        (double[][] again, List<Kept> same) = Run(kept, kept);
        Assert.Equal([], ptx.Findings.All);
        Assert.True(kept.GraphLaunches > kept.Captures && kept.Captures > 1, $"{kept.GraphLaunches} launches of {kept.Captures} graphs");
        Assert.Equal(parameters, again);
        Assert.Equal(pairs.SelectMany(p => p.Values), same.SelectMany(p => p.Values));
        Assert.Equal(0, kept.LiveGraphs);

        (double[][] Parameters, List<Kept> Pairs) Run(IKernelRunner runner, IGraphs? graphs)
        {
            const int Time = 3, Features = 20;
            using GpuBackend backend = GpuBackend.On(new GpuDevice(ptx.Device.Accelerator, 1L << 26) { Runner = runner, Graphs = graphs }, ProductMath.Float32);
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [6], Dropout = dropout }.Build(backend, Time, Features, 3);
            ClipData data = new(Time, Features, Numbers.Singles(1, 20 * Time * Features), [.. Enumerable.Range(0, 20).Select(i => (float)(i % 2))]);
            using (Trainer trainer = new(classifier, data, new TrainingOptions { BatchSize = 8, Optimizer = optimizer, ClipNorm = 0.5 }, 1))
            {
                for (int epoch = 0; epoch < 3; epoch++) trainer.Epoch();
            }

            Baselines baselines = Baselines.ForAll(Numbers.Singles(2, 2 * Time * Features), Time * Features);
            return (Models.ParameterValues(classifier), Attributions.Integrated(classifier, Numbers.Singles(3, 4 * Time * Features), baselines, new PathOptions { Steps = 6, Tolerance = 1e-3 }));
        }
    }

    // 64 x 64 with a depth of 512 is multiplied in two parts, which need memory of their own for a while.
    [Fact]
    public void Memory_that_a_kept_call_takes_for_a_while_is_nobody_elses()
    {
        using PtxDevice ptx = new(multiprocessors: 4);
        KeptLaunches kept = new(ptx);
        using GpuBackend backend = On(kept, ptx);
        Slice a = Put(Numbers.Singles(1, 64 * 512)), b = Put(Numbers.Singles(2, 512 * 64)), c = New(64 * 64);
        void Multiply() => backend.Multiply(new MatrixProduct(64, 64, 512, false, false, Accumulate: false), a, b, null, c);
        Multiply();
        float[] expected = Get(c), written = Numbers.Singles(3, 2 * 64 * 64);
        int live = backend.LiveBuffers;
        using (ICapturedWork work = ((ICapturesWork)backend).Capture(Multiply)!)
        {
            Assert.Equal(live, backend.LiveBuffers);
            Slice[] others = [.. Enumerable.Range(0, 4).Select(_ => Put(written))];
            backend.Fill(c, 0);
            Assert.True(work.Run());
            Assert.Equal(expected, Get(c));
            Assert.All(others, other => Assert.Equal(written, Get(other)));
            foreach (Slice other in others) backend.Free(other.Storage);
        }

        // Given back with what was kept: nothing new is needed for the next one.
        long allocations = backend.Traffic!.Value.Allocations;
        Multiply();
        Assert.Equal(allocations, backend.Traffic!.Value.Allocations);
        Assert.Equal((live, 0), (backend.LiveBuffers, kept.LiveGraphs));

        Slice New(int length) => new(backend.Allocate(length), 0, length);

        Slice Put(float[] values)
        {
            Slice slice = New(values.Length);
            backend.Write(values, slice);
            return slice;
        }

        float[] Get(Slice slice)
        {
            float[] values = new float[slice.Length];
            backend.Read(slice, values);
            return values;
        }
    }

    [Fact]
    public void What_moves_numbers_or_waits_is_not_kept_and_the_device_goes_on_keeping()
    {
        using PtxDevice ptx = new();
        KeptLaunches kept = new(ptx);
        using GpuBackend backend = On(kept, ptx);
        ICapturesWork keeper = backend;
        Slice x = new(backend.Allocate(8), 0, 8);
        backend.Fill(x, 1);
        Assert.Null(keeper.Capture(() => backend.Write(new float[8], x)));
        Assert.Null(keeper.Capture(() => backend.Read(x, new double[8])));
        Assert.Null(keeper.Capture(backend.Synchronize));

        // The driver would have to be asked for memory that no pool has.
        Assert.Null(keeper.Capture(() => backend.Free(backend.Allocate(100_000))));
        Assert.Throws<ArgumentException>(() => keeper.Capture(() => throw new ArgumentException("mine")));
        Assert.Equal(0, kept.LiveGraphs);

        // One at a time: a capture within a capture keeps nothing of its own.
        using ICapturedWork? work = keeper.Capture(() =>
        {
            Assert.Null(keeper.Capture(() => backend.Fill(x, 4)));
            backend.Fill(x, 2);
        });
        Assert.True(work!.Run());
        float[] values = new float[8];
        backend.Read(x, values);
        Assert.Equal(2, values[7]);
        Assert.Null(GpuDevices.GraphsRefused);
        backend.WaitAfterEveryCall();
        Assert.Null(keeper.Capture(() => backend.Fill(x, 3)));
    }

    [Theory]
    [InlineData(nameof(IGraphs.Begin))]
    [InlineData(nameof(IGraphs.End))]
    [InlineData(nameof(IGraph.Launch))]
    public void A_driver_that_refuses_is_asked_no_more_and_every_kernel_is_launched_by_itself(string refuses)
    {
        using PtxDevice ptx = new();
        KeptLaunches kept = new(ptx) { Refuses = refuses };
        GpuDevice device = new(ptx.Device.Accelerator, 1L << 26) { Runner = kept, Graphs = kept };
        using GpuBackend backend = GpuBackend.On(device, ProductMath.Float32);
        using Parameter weight = new(backend, "weight", new Shape(3));
        weight.Value.CopyFrom([1f, 2, 3]);
        using (Tape tape = new(backend, training: true))
        {
            Tensor x = tape.Input(new Shape(3), [0f, 0, 0]), y = tape.Square(tape.Multiply(x, tape.Use(weight)));
            for (int round = 1; round < 5; round++)
            {
                x.CopyFrom([round, round, round]);
                tape.Replay();
                Assert.Equal([round * round, 4f * round * round, 9f * round * round], y.ToArray());
                tape.Backward(y);
                Assert.Equal([2f * round * round, 4f * round * round, 6f * round * round], weight.Gradient.ToArray());
            }
        }

        Assert.Null(device.Graphs);
        Assert.NotNull(device.GraphsRefused);
        Assert.Equal((0, 0), (kept.GraphLaunches, kept.LiveGraphs));
        Assert.Equal(2, backend.LiveBuffers);
        Assert.Equal([], ptx.Findings.All);
    }

    // Gradients, and whether parameters have one, are what they are without anything kept, whatever is asked for in turn.
    [Fact]
    public void Walks_back_of_all_kinds_may_take_turns()
    {
        using PtxDevice ptx = new();
        KeptLaunches kept = new(ptx);
        using GpuBackend backend = On(kept, ptx);
        using Parameter first = new(backend, "first", new Shape(2)), second = new(backend, "second", new Shape(2));
        first.Value.CopyFrom([1f, 2]);
        second.Value.CopyFrom([3f, 4]);
        using Tape tape = new(backend, training: true);
        Tensor x = tape.Input(new Shape(2), [5f, 6], tracksGradient: true), y = tape.Multiply(x, tape.Use(first)), z = tape.Multiply(y, tape.Use(second)), seed = tape.Input(new Shape(2), [1f, 10]);
        for (int round = 0; round < 4; round++)
        {
            Walk(() => tape.Backward(z), [5 * 3, 6 * 4], [5 * 1, 6 * 2], [1 * 3, 2 * 4]);
            first.HasGradient = second.HasGradient = false;
        }

        Assert.Equal((1, 3), (kept.Captures, kept.GraphLaunches));
        Walk(() => tape.Backward(y), [5, 6], null, [1, 2]);
        for (int round = 0; round < 3; round++) Walk(() => tape.Backward(z, seed), [5 * 3, 60 * 4], [5 * 1, 60 * 2], [1 * 3, 20 * 4]);
        Assert.Equal((2, 5), (kept.Captures, kept.GraphLaunches));
        tape.Accumulates = true;
        Walk(() => tape.Backward(z), [30, 264], [10, 132], [3, 8]);
        tape.Accumulates = false;
        for (int round = 0; round < 3; round++) Walk(() => tape.Backward(z), [5 * 3, 6 * 4], [5 * 1, 6 * 2], [1 * 3, 2 * 4]);
        Assert.Equal((3, 7), (kept.Captures, kept.GraphLaunches));

        // An op more: both ways are others now.
        Tensor w = tape.Square(x);
        Assert.Equal(0, kept.LiveGraphs);
        tape.Backward(w);
        Assert.Equal([10f, 12], tape.GradientOf(x).ToArray());
        Assert.Equal([], ptx.Findings.All);

        void Walk(Action walk, float[] ofFirst, float[]? ofSecond, float[] ofX)
        {
            walk();
            Assert.Equal((true, ofSecond is not null), (first.HasGradient, second.HasGradient));
            Assert.Equal(ofFirst, first.Gradient.ToArray());
            if (ofSecond is not null) Assert.Equal(ofSecond, second.Gradient.ToArray());
            Assert.Equal(ofX, tape.GradientOf(x).ToArray());
        }
    }

    // It may do what it likes, so nothing of its tape is kept.
    [Fact]
    public void An_op_of_somebody_elses_runs_as_it_is()
    {
        using PtxDevice ptx = new();
        KeptLaunches kept = new(ptx);
        using GpuBackend backend = On(kept, ptx);
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2), [1f, 2]), y = tape.Output(new Shape(2), tracksGradient: false);
        int calls = 0;
        tape.Record(new Foreign(() => backend.Write(new float[] { ++calls, calls }, y.Data)));
        Tensor z = tape.Multiply(x, y);
        for (int round = 2; round < 6; round++)
        {
            tape.Replay();
            Assert.Equal([round, 2f * round], z.ToArray());
        }

        Assert.Equal(0, kept.Captures);
    }

    // While launches are kept nobody may wait for the queue, so what lies idle in it is no help to others.
    [Fact]
    public void Others_leave_a_queue_alone_that_keeps_what_it_is_given()
    {
        GpuDevice device = new(GpuDevices.Emulated().Accelerator, 1 << 20);
        using GpuBackend first = GpuBackend.On(device, ProductMath.Float32), second = GpuBackend.On(device, ProductMath.Float32);
        first.Free(first.Allocate(3 << 16));
        device.Pool.Hold(first.Stream, true);
        Assert.Throws<EmotionXai.Engine.EngineException>(() => second.Allocate(2 << 16));
        device.Pool.Hold(first.Stream, false);
        second.Free(second.Allocate(2 << 16));
    }

    [Fact]
    public void A_driver_that_is_not_there_answers_that_it_cannot()
    {
        Assert.NotEqual(0, CudaDriver.Call(() => throw new DllNotFoundException()));
        Assert.NotEqual(0, CudaDriver.Call(() => throw new EntryPointNotFoundException()));
    }

    private static GpuBackend On(KeptLaunches kept, PtxDevice ptx) => GpuBackend.On(new GpuDevice(ptx.Device.Accelerator, 1L << 26) { Runner = kept, Graphs = kept }, ProductMath.Float32);

    private sealed class Foreign(Action forward) : Node
    {
        public override void Forward() => forward();

        public override void Backward()
        {
        }
    }
}
