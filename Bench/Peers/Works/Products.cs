using System.Runtime.InteropServices;
using EmotionXai.Bench.Peers.Native;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Tensors;
using TorchSharp;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>Matrix products: square ones, all four ways to store the factors, and few rows, each against the fastest of libtorch, OpenBLAS and oneDNN.</summary>
internal static class Products
{
    public static IEnumerable<Row> Square(Settings settings, int n)
    {
        MatrixProduct product = new(n, n, n, TransposeA: false, TransposeB: false, Accumulate: false);
        Row row = Rate(settings, $"sgemm n={n}", product, n <= 128 ? 1.15 : 1);
        yield return row;
        if (n < 512) yield break;

        // Measured at once, so that both figures come from the same state of the machine.
        double peak = MachineLimits.Measure(settings.Threads).Peak * 1e-9;
        yield return new Row($"sgemm n={n} against the FMA peak", row.Ours, peak, "GFLOP/s", row.Ours / peak, 0.9, row.Agrees) { Note = "peak measured right after", Floor = peak, Limit = "multiply-adds" };
    }

    public static IEnumerable<Row> Transposed(Settings settings, int n, bool a, bool b)
    {
        yield return Rate(settings, $"sgemm n={n}, {(a ? "A^T" : "A")} {(b ? "B^T" : "B")}", new MatrixProduct(n, n, n, a, b, Accumulate: false), 1);
    }

    public static IEnumerable<Row> FewRows(Settings settings, int m)
    {
        yield return Rate(settings, $"{m}x936 times 936x256", new MatrixProduct(m, 256, 936, TransposeA: false, TransposeB: false, Accumulate: false), 1.2);
    }

    private static Row Rate(Settings settings, string work, in MatrixProduct p, double bar)
    {
        ((Timing, Timing) timing, double deviation, string note) = Measure(settings, p);
        return Row.Rates(work, "GFLOP/s", 2e-9 * p.MultiplyAdds, timing, bar, deviation, note, Floor.Of(settings, p));
    }

    private static unsafe ((Timing Ours, Timing Peer) Timing, double Deviation, string Note) Measure(Settings settings, MatrixProduct p)
    {
        float[] a = Numbers.Normal(p.M * p.K, 1), b = Numbers.Normal(p.K * p.N, 2), ours = new float[p.M * p.N];
        using CpuBackend backend = new(settings.Threads);
        using TensorScope scope = new(backend);
        Slice sliceA = scope.From(new Shape(p.M, p.K), a).Data, sliceB = scope.From(new Shape(p.K, p.N), b).Data, sliceC = scope.New(new Shape(p.M, p.N)).Data;
        void Ours() => backend.Multiply(p, sliceA, sliceB, null, sliceC);

        using IDisposable disposer = torch.NewDisposeScope();
        using IDisposable off = torch.inference_mode(true);
        torch.Tensor torchA = p.TransposeA ? torch.tensor(a, p.K, p.M).t() : torch.tensor(a, p.M, p.K);
        torch.Tensor torchB = p.TransposeB ? torch.tensor(b, p.N, p.K).t() : torch.tensor(b, p.K, p.N);
        torch.Tensor turned = torchB.t().contiguous(), torchC = torch.zeros(p.M, p.N);
        float* nativeA = Aligned(a), nativeB = Aligned(b), nativeC = Aligned(ours);
        List<(string Name, Action Way)> ways =
        [
            ("libtorch addmm_ in place", () => torchC.addmm_(torchA, torchB, beta: 0, alpha: 1)),
            ("libtorch mm", () => torchA.mm(torchB).Dispose()),
            ("libtorch linear", () => torch.nn.functional.linear(torchA, turned).Dispose()),
        ];
        if (OpenBlas.Open(settings.Threads) is not null) ways.Add(("OpenBLAS", () => OpenBlas.Multiply(p, nativeA, nativeB, nativeC)));
        if (OneDnn.Open(settings.Threads) is not null) ways.Add(("oneDNN", () => OneDnn.Multiply(p, nativeA, nativeB, nativeC)));
        Ours();
        backend.Read(sliceC, ours);
        ways[0].Way();
        double deviation = Agreement.Deviation(ours, torchC.data<float>().ToArray());
        foreach ((string _, Action way) in ways.Skip(3))
        {
            way();
            deviation = Math.Max(deviation, Agreement.Deviation(ours, new ReadOnlySpan<float>(nativeC, ours.Length)));
        }

        Contest contest = new(settings);
        (Action peer, string note) = contest.Fastest(ways, seconds => 2e-9 * p.MultiplyAdds / seconds);
        (Timing, Timing) timing = contest.Run(Ours, peer);
        foreach (nint block in (nint[])[(nint)nativeA, (nint)nativeB, (nint)nativeC]) NativeMemory.AlignedFree((void*)block);
        return (timing, deviation, note);
    }

    private static unsafe float* Aligned(float[] values)
    {
        float* block = (float*)NativeMemory.AlignedAlloc((nuint)values.Length * sizeof(float), 64);
        values.CopyTo(new Span<float>(block, values.Length));
        return block;
    }
}
