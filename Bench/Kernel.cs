using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Bench;

/// <summary>A call of the engine that is timed. What it has to do is counted by the profiler, in one call outside the timing.</summary>
public abstract class Kernel
{
    private IBackend _backend = null!;
    private TensorScope _scope = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    protected IBackend Backend => _backend;

    [GlobalSetup]
    public void SetUp() => SetUp(new CpuBackend(Threads));

    [GlobalCleanup]
    public void TearDown()
    {
        Release();
        _scope.Dispose();
        _backend.Dispose();
    }

    [Benchmark]
    public void Run() => Call();

    /// <summary>Multiply-adds and bytes of a call.</summary>
    internal (long MultiplyAdds, long Bytes) Cost()
    {
        Profile profile = new(new MachineLimits(Threads, 1, 1, 1));
        SetUp(profile.Watch(new CpuBackend(Threads), Threads));
        (long multiplyAdds, long bytes) = Totals(profile);
        Call();
        (long multiplyAddsAfter, long bytesAfter) = Totals(profile);
        TearDown();
        return (multiplyAddsAfter - multiplyAdds, bytesAfter - bytes);
    }

    /// <summary>Makes operands and whatever else a call needs.</summary>
    protected abstract void Prepare();

    /// <summary>What is timed.</summary>
    protected abstract void Call();

    /// <summary>Gives back what <see cref="Prepare"/> took, but for operands.</summary>
    protected virtual void Release()
    {
    }

    /// <summary>Numbers in [0, 1).</summary>
    protected Slice Operand(int length)
    {
        Slice slice = Empty(length);
        _backend.Random(Distribution.Uniform, new RandomKey(1, (ulong)length), 0, slice);
        return slice;
    }

    /// <summary>Small numbers around zero, as weights are: states of recurrent cells stay in range.</summary>
    protected Slice Weights(int length)
    {
        Slice slice = Operand(length), half = Empty(length);
        _backend.Fill(half, 0.5);
        _backend.Map(default(Difference), slice, half, slice, accumulate: false);
        return slice;
    }

    protected Slice Empty(int length) => _scope.New(new Shape(length)).Data;

    private static (long MultiplyAdds, long Bytes) Totals(Profile profile)
    {
        IReadOnlyList<OpKind> kinds = profile.Kinds();
        return (kinds.Sum(k => k.Calls * k.MultiplyAdds), kinds.Sum(k => k.Calls * k.Bytes));
    }

    private void SetUp(IBackend backend)
    {
        _backend = backend;
        _scope = new TensorScope(backend);
        Prepare();
    }
}
