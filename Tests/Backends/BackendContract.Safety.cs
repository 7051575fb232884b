using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Backends;

public abstract partial class BackendContract
{
    /// <summary>Rounds of <see cref="Two_callers_at_a_time_get_what_each_gets_alone"/>; five calls each.</summary>
    protected virtual int Rounds => 10_000;

    [Fact]
    public void Two_callers_at_a_time_get_what_each_gets_alone()
    {
        // Large enough for worker threads to be called in now and then, small enough to meet often.
        Caller[] callers = [new(Backend, 1), new(Backend, 2)];
        foreach (Caller caller in callers) caller.Expected = caller.Run();
        Parallel.ForEach(callers, new ParallelOptions { MaxDegreeOfParallelism = callers.Length }, caller =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                double[] got = caller.Run();
                if (!got.AsSpan().SequenceEqual(caller.Expected)) Assert.Fail($"Caller {caller.Seed} got another result in round {round}.");
            }
        });
        foreach (Caller caller in callers) caller.Dispose();
    }

    [Fact]
    public void Calls_from_inside_the_lanes_work_are_right()
    {
        using Caller caller = new(Backend, 3);
        double[] alone = caller.Run();
        double[][] got = new double[Backend.Lanes.Count][];
        Backend.OnLanes(lane =>
        {
            using Caller inside = new(Backend, 3);
            got[lane] = inside.Run();
        });
        Assert.All(got, result => Assert.Equal(alone, result));
    }

    [Fact]
    public void Outputs_that_overlap_an_input_are_refused()
    {
        Slice all = Put(Values(1, 64));
        Slice a = all.Part(0, 16), b = all.Part(8, 16), c = all.Part(40, 16), one = all.Part(4, 1);
        Refuses(() => Backend.Map(default(Identity), a, b, false));
        Refuses(() => Backend.Map(default(Identity), one, a, false));
        Refuses(() => Backend.Map(default(Difference), a, c, b, false));
        Refuses(() => Backend.Map(default(Difference), c, a, b, false));
        Refuses(() => Backend.Map(default(SampleOps.Fused), c, c, a, b, false));
        Refuses(() => Backend.Sum(new AxisSplit(1, 4, 4), a, all.Part(12, 4), 1, false));
        Refuses(() => Backend.Max(new AxisSplit(1, 4, 4), a, all.Part(12, 4), all.Part(20, 4)));
        Refuses(() => Backend.Max(new AxisSplit(1, 4, 4), a, all.Part(20, 4), all.Part(22, 4)));
        Refuses(() => Backend.Scatter(new AxisSplit(1, 4, 4), all.Part(12, 4), all.Part(20, 4), a));
        MatrixProduct product = new(4, 4, 4, false, false, false);
        Refuses(() => Backend.Multiply(product, a, c, null, b));
        Refuses(() => Backend.Multiply(product, c, a, null, b));
        Refuses(() => Backend.Multiply(product, a, c, all.Part(30, 4), all.Part(20, 16)));
        Refuses(() => Backend.Copy(new BlockCopy(2, 1, 8, 8, 0, 8, 0), a, b, false));
        Refuses(() => Backend.Copy(new BlockCopy(2, 2, 4, 8, 4, 6, 3), a, c, false));
        Refuses(() => Backend.BinaryCrossEntropy(a, c, 1, one, b));
        Refuses(() => Backend.BinaryCrossEntropy(a, c, 1, one, all.Part(24, 16)));
        Refuses(() => Backend.Adam(new AdamStep(0.1, 0.9, 0.99, 1e-8, 0, false, 1, 1), a, c, b, all.Part(20, 16)));
        Refuses(() => Backend.SgdMomentum(0.1, 0.9, 0, 1, a, b, c));
        Recurrence shape = new(RecurrentCell.Elman, 1, 4, 2, false);
        Refuses(() => Backend.RecurrentForward(shape, all.Part(0, 8), all.Part(60, 4), null, all.Part(6, 8), all.Part(20, 0)));
        Refuses(() => Backend.RecurrentBackward(shape, all.Part(60, 4), all.Part(0, 8), all.Part(8, 0), all.Part(8, 8), all.Part(14, 8), null));
        Assert.Equal(Values(1, 64), Get(all));
    }

    [Fact]
    public void In_place_and_woven_layouts_are_taken()
    {
        Slice all = Put([0, 1, 2, 3, 4, 5, 6, 7]);
        Backend.Map(default(Squared), all, all, false);
        Assert.Equal([0, 1, 4, 9, 16, 25, 36, 49], Get(all));

        // Column 0 of a [4, 2] to column 1: the layouts are woven, but no element is both read and written.
        Backend.Copy(new BlockCopy(4, 1, 1, 2, 0, 2, 0), all, all.Part(1, 7), false);
        Assert.Equal([0, 0, 4, 4, 16, 16, 36, 36], Get(all));
    }

    [Fact]
    public void Extents_whose_products_overflow_are_refused()
    {
        // In 32 bits 65536 * 65537 is 65536, and 65536 * 65536 is 0.
        const int Big = 1 << 16;
        Slice some = Output(Big), none = Output(0), four = Put(new double[4]), one = Put(new double[1]);
        Refuses(() => Backend.Multiply(new MatrixProduct(Big, 1, Big + 1, false, false, false), some, some, null, some));
        Refuses(() => Backend.Multiply(new MatrixProduct(Big, Big, 0, false, false, false), none, none, null, none));
        Refuses(() => Backend.Sum(new AxisSplit(Big, Big, 1), none, some, 1, false));
        Refuses(() => Backend.Max(new AxisSplit(1, Big, Big), none, some, some));
        Refuses(() => Backend.Scatter(new AxisSplit(Big, 1, Big), none, none, none));
        Refuses(() => Backend.RecurrentForward(new Recurrence(RecurrentCell.Elman, Big, Big, 1, false), none, one, null, none, none));
        Refuses(() => Backend.RecurrentBackward(new Recurrence(RecurrentCell.Lstm, Big, Big, 1, false), four, none, none, none, none, null));
    }

    [Fact]
    public void Buffers_of_a_disposed_backend_are_refused()
    {
        IBackend own = Create();
        Storage storage = own.Allocate(4);
        own.Dispose();
        Assert.Throws<ObjectDisposedException>(() => own.Allocate(4));
        if (own is not EmotionXai.Engine.Backends.Reference.ReferenceBackend)
            Assert.Throws<ObjectDisposedException>(() => own.Fill(new Slice(storage, 0, 4), 1));
        own.Free(storage);
        Assert.Equal(0, own.LiveBuffers);
        own.Dispose();
    }

    /// <summary>A handful of calls on buffers of one's own.</summary>
    private sealed class Caller : IDisposable
    {
        private const int M = 40, N = 33, K = 50;

        private readonly IBackend _backend;
        private readonly TensorScope _scope;
        private readonly Tensor _a, _b, _c, _sum, _first, _second, _start;

        public Caller(IBackend backend, int seed)
        {
            (_backend, Seed, _scope) = (backend, seed, new TensorScope(backend));
            _a = _scope.From(new Shape(M, K), Values(seed, M * K));
            _b = _scope.From(new Shape(K, N), Values(seed + 100, K * N));
            _start = _scope.From(new Shape(N), Values(seed + 200, N));
            (_c, _sum, _first, _second) = (_scope.New(new Shape(M, N)), _scope.New(new Shape(N)), _scope.New(new Shape(N)), _scope.New(new Shape(N)));
        }

        public int Seed { get; }

        public double[] Expected { get; set; } = [];

        public double[] Run()
        {
            _backend.Multiply(new MatrixProduct(M, N, K, false, false, false), _a.Data, _b.Data, _start.Data, _c.Data);
            _backend.Map(default(SampleOps.HyperbolicTangent), _c.Data, _c.Data, accumulate: false);
            _backend.Fill(_first.Data, 0);
            _backend.Fill(_second.Data, 0);
            _backend.Sum(new AxisSplit(1, M, N), _c.Data, _sum.Data, 1, accumulate: false);
            _backend.Adam(new AdamStep(0.1, 0.9, 0.99, 1e-8, 0.01, true, 1, 1), _sum.Data, _start.Data, _first.Data, _second.Data);
            return _sum.ToDoubleArray();
        }

        public void Dispose() => _scope.Dispose();
    }
}
