using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using EmotionXai.Engine.Backends.Cpu;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>What a number of threads of this machine can do at most, measured: the two lines of a roofline.</summary>
/// <param name="Threads">The threads that were measured together.</param>
/// <param name="Peak">Floating-point operations a second, two a multiply-add, in the engine's vectors with everything in registers.</param>
/// <param name="MemoryBandwidth">Bytes a second of a + s b -> c over arrays larger than the caches; two reads and a write are counted.</param>
/// <param name="CacheBandwidth">The same over 3 x 128 KiB a thread, which second-level caches hold.</param>
public sealed record MachineLimits(int Threads, double Peak, double MemoryBandwidth, double CacheBandwidth)
{
    // Rounds of twelve independent multiply-adds: enough to hide their latency on cores that start two of them a cycle.
    private const int FusedRounds = 1 << 18, Chains = 12;
    private const int MemoryNumbers = 3 << 25, CacheNumbers = 3 << 15;

    /// <summary>Measures for about half a second, with nothing else running if it is to mean anything. The best of several trials counts.</summary>
    /// <param name="threads">How many threads share the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public static MachineLimits Measure(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int lanes = VectorWidths.Choose();
        float[] sinks = new float[threads];
        double fused = Best(threads, 200, thread => sinks[thread] = MultiplyAdds(lanes));
        float[] numbers = new float[MemoryNumbers];
        numbers.AsSpan().Fill(1);
        int each = MemoryNumbers / threads;
        double memory = Best(threads, 12, thread => Triad(numbers.AsSpan(thread * each, each), 1));
        const int Repeats = 512;
        double cache = Best(threads, 40, thread => Triad(numbers.AsSpan(thread * each, CacheNumbers), Repeats));
        return new MachineLimits(
            threads,
            2.0 * threads * FusedRounds * Chains * lanes / fused,
            sizeof(float) * (double)threads * each / memory,
            sizeof(float) * (double)threads * CacheNumbers * Repeats / cache);
    }

    // What the second-level cache of a core holds for sure on the machines that this is for.
    private const long CacheBytes = 1 << 20;

    /// <summary>The operations a second of some of the threads.</summary>
    public double PeakOf(int threads) => Peak * Math.Min(threads, Threads) / Threads;

    /// <summary>The bytes a second at which some of the threads can be fed with operands of so many bytes: from their caches, or from memory where they do not fit.</summary>
    public double BandwidthOf(long bytes, int threads) =>
        (bytes <= CacheBytes * threads ? CacheBandwidth : MemoryBandwidth) * Math.Min(threads, Threads) / Threads;

    /// <summary>The least seconds that a call can take on the roofline: for its multiply-adds, or for its bytes, whichever is more.</summary>
    public double LeastSeconds(OpKind kind) =>
        Math.Max(2.0 * kind.MultiplyAdds / PeakOf(kind.Threads), kind.Bytes / BandwidthOf(kind.Bytes, kind.Threads));

    // From the first thread's start to the last one's end: a thread that is late must not make the others look fast.
    private static double Best(int threads, int trials, Action<int> work)
    {
        long[] starts = new long[threads], ends = new long[threads];
        double best = double.PositiveInfinity;
        using Barrier barrier = new(threads, _ =>
        {
            if (ends.Min() > 0) best = Math.Min(best, Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds);
        });
        void Run(int thread)
        {
            for (int trial = 0; trial < trials; trial++)
            {
                barrier.SignalAndWait();
                starts[thread] = Stopwatch.GetTimestamp();
                work(thread);
                ends[thread] = Stopwatch.GetTimestamp();
                barrier.SignalAndWait();
            }
        }

        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(t => new Thread(() => Run(t)))];
        foreach (Thread other in others) other.Start();
        Run(0);
        foreach (Thread other in others) other.Join();
        return best;
    }

    private static float MultiplyAdds(int lanes) => lanes switch
    {
        16 => MultiplyAdds<Real32x16>(),
        8 => MultiplyAdds<Real32x8>(),
        4 => MultiplyAdds<Real32x4>(),
        _ => MultiplyAdds<Real32>(),
    };

    // Compiled once and for good: a measurement must not start in code that is still to be optimised.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdds<TReal>()
        where TReal : struct, ILanes<TReal>
    {
        // The factor keeps every chain near 1, away from slow subnormals.
        TReal x = TReal.Splat(0.5f), y = TReal.Splat(0.5f);
        TReal a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int round = 0; round < FusedRounds; round++)
        {
            a = TReal.MultiplyAdd(a, x, y);
            b = TReal.MultiplyAdd(b, x, y);
            c = TReal.MultiplyAdd(c, x, y);
            d = TReal.MultiplyAdd(d, x, y);
            e = TReal.MultiplyAdd(e, x, y);
            f = TReal.MultiplyAdd(f, x, y);
            g = TReal.MultiplyAdd(g, x, y);
            h = TReal.MultiplyAdd(h, x, y);
            i = TReal.MultiplyAdd(i, x, y);
            j = TReal.MultiplyAdd(j, x, y);
            k = TReal.MultiplyAdd(k, x, y);
            l = TReal.MultiplyAdd(l, x, y);
        }

        return TReal.HorizontalSum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    private static void Triad(Span<float> numbers, int repeats)
    {
        int third = numbers.Length / 3;
        Span<float> b = numbers[..third], c = numbers.Slice(third, third), a = numbers.Slice(2 * third, third);
        for (int i = 0; i < repeats; i++) TensorPrimitives.MultiplyAdd(b, 0.5f, c, a);
    }
}
