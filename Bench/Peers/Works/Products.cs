using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Tensors;
using TorchSharp;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>Matrix products, square ones and one clip's projection.</summary>
internal static class Products
{
    public static IEnumerable<Row> Square(Settings settings, int n)
    {
        (MatrixProduct product, (Timing, Timing) timing, double deviation, string note) = Measure(settings, n, n, n);
        double operations = 2e-9 * product.MultiplyAdds;
        yield return Row.Rates($"sgemm n={n}", "GFLOP/s", operations, timing, n <= 256 ? 1.3 : 1.2, deviation, note);
        if (n < 512) yield break;

        // Measured at once, so that both figures come from the same state of the machine.
        double peak = MachineLimits.Measure(settings.Threads).Peak * 1e-9, ours = operations / timing.Item1.Median;
        yield return new Row($"sgemm n={n} against the FMA peak", ours, peak, "GFLOP/s", ours / peak, 0.8, deviation <= Agreement.Bound) { Note = "peak measured right after" };
    }

    public static IEnumerable<Row> Projection(Settings settings)
    {
        (MatrixProduct product, (Timing, Timing) timing, double deviation, string note) = Measure(settings, 20, 256, 936);
        yield return Row.Times("20x936 times 936x256", "us", 1e6, timing, 2, deviation, note + $"; {2e-9 * product.MultiplyAdds / timing.Item1.Median:0} GFLOP/s");
    }

    private static (MatrixProduct Product, (Timing Ours, Timing Peer) Timing, double Deviation, string Note) Measure(Settings settings, int m, int n, int k)
    {
        float[] a = Numbers.Normal(m * k, 1), b = Numbers.Normal(k * n, 2), ours = new float[m * n];
        using CpuBackend backend = new(settings.Threads);
        using TensorScope scope = new(backend);
        Slice sliceA = scope.From(new Shape(m, k), a).Data, sliceB = scope.From(new Shape(k, n), b).Data, sliceC = scope.New(new Shape(m, n)).Data;
        MatrixProduct product = new(m, n, k, TransposeA: false, TransposeB: false, Accumulate: false);
        void Ours() => backend.Multiply(product, sliceA, sliceB, null, sliceC);

        using IDisposable disposer = torch.NewDisposeScope();
        using IDisposable off = torch.inference_mode(true);
        torch.Tensor torchA = torch.tensor(a, m, k), torchB = torch.tensor(b, k, n), turned = torchB.t().contiguous(), torchC = torch.zeros(m, n);
        (string Name, Action Way)[] ways =
        [
            ("mm", () => torchA.mm(torchB).Dispose()),
            ("addmm_ in place", () => torchC.addmm_(torchA, torchB, beta: 0, alpha: 1)),
            ("linear", () => torch.nn.functional.linear(torchA, turned).Dispose()),
        ];
        Ours();
        backend.Read(sliceC, ours);
        ways[1].Way();
        double deviation = Agreement.Deviation(ours, torchC.data<float>().ToArray());
        Contest contest = new(settings);
        (string name, Action peer) = ways[contest.Fastest([.. ways.Select(w => w.Way)])];
        return (product, contest.Run(Ours, peer), deviation, $"libtorch {name}");
    }
}
