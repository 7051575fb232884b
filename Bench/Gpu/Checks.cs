using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;

namespace EmotionXai.Bench.Gpu;

/// <summary>Every kind of kernel beside Reference, in float64: the largest error relative to the largest value.</summary>
internal static class Checks
{
    // float32 over a few hundred terms; 11 and 8 bits of the operands.
    private const double Single = 1e-5, Tf32 = 2e-3, Bf16 = 2e-2;

    private static readonly RecurrentCell[] s_cells = [RecurrentCell.Elman, RecurrentCell.Gru, RecurrentCell.Lstm];

    /// <summary>Runs all; false where one is beyond its bound.</summary>
    public static bool Run(bool emulated)
    {
        bool good = true;
        Console.WriteLine($"{"check against Reference",-44} {"relative error",14} {"bound",8}");
        foreach ((ProductMath math, double bound) in ((ProductMath, double)[])[(ProductMath.Float32, Single), (ProductMath.Tf32, Tf32), (ProductMath.Bf16, Bf16)])
        {
            if (math != ProductMath.Float32 && !emulated && !GpuDevices.HasTensorCores()) continue;
            using GpuBackend gpu = Make(math);
            foreach ((int m, int n, int k) in Shapes(emulated))
            {
                foreach (int transposes in (int[])[0, 1, 2, 3])
                {
                    MatrixProduct product = new(m, n, k, (transposes & 1) != 0, (transposes & 2) != 0, Accumulate: true);
                    string name = $"product {math.ToString().ToLowerInvariant()} {m} x {n} x {k} {(product.TransposeA ? 't' : 'n')}{(product.TransposeB ? 't' : 'n')}";
                    Compare(name, bound, gpu, (b, a) =>
                    {
                        Slice c = a.Random(m * n, 3);
                        b.Multiply(product, a.Random(m * k, 1), a.Random(k * n, 2), a.Random(n, 4), c);
                        return [c];
                    });
                }
            }
        }

        using GpuBackend single = Make(ProductMath.Float32);
        int length = emulated ? 5000 : 5_000_000, batch = emulated ? 6 : 70, time = emulated ? 3 : 20;
        Compare("map", Single, single, (b, a) =>
        {
            Slice x = a.Random(length, 1), y = a.New(length);
            b.Map(default(Squared), x, y, accumulate: false);
            b.Map(default(Product), x, a.Random(1000, 2), y, accumulate: true);
            return [y];
        });
        Compare("scaled copy, points, rows gathered", Single, single, (b, a) =>
        {
            int rows = length / 50;
            Slice wide = a.New(rows * 50), points = a.New(5 * rows), picked = a.New(100 * 50), order = a.New(100);
            b.Copy(new BlockCopy(10, 50, rows / 10, rows / 10, 0, rows / 10 * 50, rows / 10) { Scale = 0.3 }, a.Random(rows, 1), wide, accumulate: false);
            b.Points(a.Random(rows, 2), a.Random(rows, 3), a.Random(5, 4), points);
            b.Write([.. Enumerable.Range(0, 100).Select(i => (float)(i * 37 % rows))], order);
            b.Gather(wide, 50, order, picked);
            return [wide, points, picked];
        });
        Compare("sum and largest of rows, of columns", Single, single, (b, a) =>
        {
            Slice x = a.Random(length, 1), rows = a.New(10), columns = a.New(length / 10), top = a.New(10), index = a.New(10);
            b.Sum(new AxisSplit(10, length / 10, 1), x, rows, 1, accumulate: false);
            b.Sum(new AxisSplit(1, 10, length / 10), x, columns, 1, accumulate: false);
            b.Max(new AxisSplit(10, length / 10, 1), x, top, index);
            return [rows, columns, top, index];
        });
        Compare("loss", Single, single, (b, a) =>
        {
            Slice loss = a.New(1), derivative = a.New(500), targets = a.New(500);
            b.Fill(targets.Part(0, 200), 1);
            b.BinaryCrossEntropy(a.Random(500, 1, 5), targets, 2, loss, derivative);
            return [loss, derivative];
        });
        Compare("Adam", Single, single, (b, a) =>
        {
            Slice p = a.Random(length, 1), first = a.New(length), second = a.New(length);
            b.Adam(new AdamStep(1e-2, 0.9, 0.999, 1e-8, 0, false, 1, 1), p, a.Random(length, 2), first, second);
            return [p, first, second];
        });
        Compare("squares and Adam of eleven parameters", Single, single, (b, a) =>
        {
            Slice[] p = [.. Enumerable.Range(1, 11).Select(i => a.Random(length / (i * i), i))], g = [.. Enumerable.Range(1, 11).Select(i => a.Random(length / (i * i), 20 + i))];
            Slice[] first = [.. p.Select(s => a.New(s.Length))], second = [.. p.Select(s => a.New(s.Length))];
            Slice sum = a.New(1), factor = a.New(1);
            b.SumOfSquares(g, a.New(length), sum);
            b.Fill(factor, 0.5);
            b.Adam([.. p.Select((s, i) => new AdamPart(new AdamStep(1e-2, 0.9, 0.999, 1e-8, 0.1, true, 1, 1), s, g[i], first[i], second[i]))], factor);
            return [sum, .. p];
        });
        Compare("Philox, uniform and normal", Single, single, (b, a) =>
        {
            Slice uniform = a.New(length), normal = a.New(length);
            b.Random(Distribution.Uniform, new RandomKey(1, 2), 3, uniform);
            b.Random(Distribution.Normal, new RandomKey(1, 3), 5, normal);
            return [uniform, normal];
        });
        foreach (RecurrentCell cell in s_cells)
        {
            foreach (int hidden in emulated ? (int[])[5] : [5, 32, 64, 100])
                Compare($"{cell.ToString().ToLowerInvariant()} {batch} x {time} x {hidden}, there and back", 5 * Single, single, (b, a) => Recur(b, a, new Recurrence(cell, batch, time, hidden, false)));
        }

        // More shared memory than every device gives unasked, and launches that a card keeps.
        if (!emulated) Compare("lstm 8 x 3 x 512, there and back", 5 * Single, single, (b, a) => Recur(b, a, new Recurrence(RecurrentCell.Lstm, 8, 3, 512, false)));
        Compare("a tape five times, and five walks back", Single, single, Repeat);
        foreach (ModelKind kind in (ModelKind[])[ModelKind.Dense, ModelKind.Gru, ModelKind.Lstm])
            Row($"attributions beside Cpu, {kind.ToString().ToLowerInvariant()}", Attributions(single, kind, emulated ? 3 : 40), 1e-4);
        return good;

        GpuBackend Make(ProductMath math) => emulated ? GpuBackend.Emulated(math) : new GpuBackend(math);

        void Compare(string name, double bound, IBackend gpu, Func<IBackend, Arrays, Slice[]> work)
        {
            using ReferenceBackend reference = new();
            using Arrays theirs = new(reference), ours = new(gpu);
            double worst = 0;
            foreach ((Slice expected, Slice actual) in work(reference, theirs).Zip(work(gpu, ours)))
            {
                double[] e = new double[expected.Length], a = new double[actual.Length];
                reference.Read(expected, e);
                gpu.Read(actual, a);
                worst = Math.Max(worst, Distance(e, a));
            }

            Row(name, worst, bound);
        }

        void Row(string name, double error, double bound)
        {
            bool within = error <= bound;
            good &= within;
            Console.WriteLine(FormattableString.Invariant($"{name,-44} {error,14:0.0e+00} {bound,8:0e+00}{(within ? "" : "  WRONG")}"));
        }
    }

    private static (int M, int N, int K)[] Shapes(bool emulated) => emulated ? [(19, 21, 33)] : [(515, 260, 333), (128, 128, 4096), (1024, 768, 512), (300, 2, 700)];

    private static Slice[] Recur(IBackend b, Arrays a, Recurrence shape)
    {
        int units = shape.Batch * shape.Time * shape.Hidden, wide = units * shape.Gates;
        Slice weights = a.Random(shape.Hidden * shape.Hidden * shape.Gates, 2, 1 / MathF.Sqrt(shape.Hidden)), states = a.New(units), saved = a.New(units * shape.SavedPerUnit);
        Slice dprojection = a.New(wide), drecurrent = a.New(wide);
        bool gru = shape.Cell == RecurrentCell.Gru;
        b.RecurrentForward(shape, a.Random(wide, 1), weights, gru ? a.Random(shape.Hidden, 3) : null, states, saved);
        b.RecurrentBackward(shape, weights, states, saved, a.Random(units, 4), dprojection, gru ? drecurrent : null);
        return [states, dprojection, drecurrent];
    }

    // A deep product, whose parts need memory in between.
    private static Slice[] Repeat(IBackend b, Arrays a)
    {
        const int Rows = 40, Inner = 1500, Columns = 30, Times = 5;
        Slice values = a.New(Times * Rows * Columns), gradients = a.New(Times * Rows * Inner);
        using Tape tape = new(b);
        Tensor x = tape.Input(new Shape(Rows, Inner), Arrays.Values(Rows * Inner, 1), tracksGradient: true);
        Tensor y = tape.Tanh(tape.MatrixMultiply(x, tape.Input(new Shape(Inner, Columns), Arrays.Values(Inner * Columns, 2, 0.05f))));
        for (int i = 0; i < Times; i++)
        {
            x.CopyFrom(Arrays.Values(Rows * Inner, 3 + i));
            tape.Replay();
            tape.Backward(y);
            b.Map(default(Identity), y.Data, values.Part(i * Rows * Columns, Rows * Columns), accumulate: false);
            b.Map(default(Identity), tape.GradientOf(x).Data, gradients.Part(i * Rows * Inner, Rows * Inner), accumulate: false);
        }

        return [values, gradients];
    }

    private static double Attributions(IBackend gpu, ModelKind kind, int clips)
    {
        const int Time = 6, Features = 48;
        using CpuBackend cpu = new();
        return Distance(Of(cpu), Of(gpu));

        double[] Of(IBackend backend)
        {
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [24, 8] }.Build(backend, Time, Features, 1);
            Collector collector = new();
            new IntegratedGradients(new PathOptions { Steps = 20 }).Attribute(
                classifier, Arrays.Values(clips * Time * Features, 1), Baselines.ForAll(Arrays.Values(2 * Time * Features, 2), Time * Features), collector);
            return [.. collector.Values];
        }
    }

    private static double Distance(double[] expected, double[] actual)
    {
        double largest = 0, worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            double error = Math.Abs(actual[i] - expected[i]);
            worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
        }

        return largest == 0 ? worst : worst / largest;
    }

    private sealed class Collector : IAttributionSink
    {
        public List<double> Values { get; } = [];

        public void Add(in PairAttribution pair) => Values.AddRange(pair.Values);
    }
}
