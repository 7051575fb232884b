using System.Globalization;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Ops;

namespace EmotionXai.Bench;

/// <summary>
/// exp, log, tanh and sigmoid of every float32 there is, at every vector width that runs here, against float64. The error of y is
/// |y - exact| in units in the last place of the exact value; below the least normal number a unit is 2^-149, as it is there.
/// </summary>
internal static class Ulp
{
    private const int Chunk = 1 << 16;
    private const long Inputs = 1L << 32;

    private static readonly (string Name, Func<double, double> Exact, Action<CpuBackend, Slice, Slice> Run)[] s_functions =
    [
        ("exp", Math.Exp, (backend, x, y) => backend.Map(default(ExpOp.Forward), x, y, accumulate: false)),
        ("log", Math.Log, (backend, x, y) => backend.Map(default(LogOp.Forward), x, y, accumulate: false)),
        ("tanh", Math.Tanh, (backend, x, y) => backend.Map(default(TanhOp.Forward), x, y, accumulate: false)),
        ("sigmoid", x => 1 / (1 + Math.Exp(-x)), (backend, x, y) => backend.Map(default(SigmoidOp.Forward), x, y, accumulate: false)),
    ];

    /// <summary>Prints the table; the exit code.</summary>
    /// <param name="every">1 takes every float32, n every n-th chunk of them.</param>
    public static int Run(int every)
    {
        int[] widths = [.. VectorWidths.Supported];
        Console.WriteLine($"{Inputs / every} of {Inputs} inputs a function; widths {string.Join(", ", widths.Select(w => 32 * w))} bits");
        Console.WriteLine("| function | bits | largest error, normal results | at | largest error, subnormal results | at | wrong NaN or infinity | differ from the widest |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, Func<double, double> exact, Action<CpuBackend, Slice, Slice> run) in s_functions)
        {
            Worst[] worst = Of(exact, run, widths, every);
            for (int w = 0; w < widths.Length; w++)
            {
                Worst x = worst[w];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {32 * widths[w]} | {x.Normal:0.000} ulp | {x.NormalAt:R} | {(x.Subnormal == 0 ? "none" : $"{x.Subnormal:0.0} x 2^-149")} | {x.SubnormalAt:R} | {x.Wrong} | {x.Differ} |"));
            }
        }

        return 0;
    }

    private static Worst[] Of(Func<double, double> exact, Action<CpuBackend, Slice, Slice> run, int[] widths, int every)
    {
        Worst[] all = [.. widths.Select(_ => new Worst())];
        Parallel.For(0L, Inputs / Chunk / every, () => new Bench(widths), (chunk, _, bench) =>
        {
            bench.Do(chunk * every * Chunk, exact, run);
            return bench;
        }, bench =>
        {
            lock (all)
                for (int w = 0; w < widths.Length; w++) all[w].Take(bench.Worst[w]);
            bench.Dispose();
        });
        return all;
    }

    /// <summary>What went worst at one width.</summary>
    private sealed class Worst
    {
        private const double LeastNormal = 1.1754943508222875e-38, LeastUnit = 1.4012984643248171e-45, Overflow = 3.4028236692093846e38;

        public double Normal, Subnormal;
        public float NormalAt, SubnormalAt;
        public long Wrong, Differ;

        public void Take(Worst other)
        {
            if (other.Normal > Normal) (Normal, NormalAt) = (other.Normal, other.NormalAt);
            if (other.Subnormal > Subnormal) (Subnormal, SubnormalAt) = (other.Subnormal, other.SubnormalAt);
            Wrong += other.Wrong;
            Differ += other.Differ;
        }

        public void Add(float x, float y, double exact)
        {
            if (double.IsNaN(exact) || double.IsInfinity(exact) || float.IsNaN(y))
            {
                // e^x beyond float64 is beyond float32 all the more.
                if (!(double.IsNaN(exact) ? float.IsNaN(y) : exact == y)) Wrong++;
                return;
            }

            // What lies beyond the largest float32 is told apart no further: infinity stands for 2^128.
            double size = Math.Min(Math.Abs(exact), Overflow), got = float.IsInfinity(y) ? Math.CopySign(Overflow, y) : y;
            double distance = Math.Abs(got - Math.CopySign(size, exact));
            if (size < LeastNormal)
            {
                double units = distance / LeastUnit;
                if (units > Subnormal) (Subnormal, SubnormalAt) = (units, x);
                return;
            }

            double error = distance / Math.ScaleB(1, Math.Min(Math.ILogB(size), 127) - 23);
            if (error > Normal) (Normal, NormalAt) = (error, x);
        }
    }

    /// <summary>One thread's backends and buffers.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly CpuBackend[] _backends;
        private readonly (Slice X, Slice Y)[] _slices;
        private readonly float[] _inputs = new float[Chunk], _widest = new float[Chunk], _outputs = new float[Chunk];
        private readonly double[] _exact = new double[Chunk];

        public Bench(int[] widths)
        {
            _backends = [.. widths.Select(w => new CpuBackend(threads: 1, w))];
            _slices = [.. _backends.Select(b => (new Slice(b.Allocate(Chunk), 0, Chunk), new Slice(b.Allocate(Chunk), 0, Chunk)))];
            Worst = [.. widths.Select(_ => new Worst())];
        }

        public Worst[] Worst { get; }

        public void Do(long first, Func<double, double> exact, Action<CpuBackend, Slice, Slice> run)
        {
            for (int i = 0; i < Chunk; i++)
            {
                _inputs[i] = BitConverter.UInt32BitsToSingle((uint)(first + i));
                _exact[i] = exact(_inputs[i]);
            }

            for (int w = 0; w < _backends.Length; w++)
            {
                float[] outputs = w == 0 ? _widest : _outputs;
                _backends[w].Write(_inputs, _slices[w].X);
                run(_backends[w], _slices[w].X, _slices[w].Y);
                _backends[w].Read(_slices[w].Y, outputs);

                // NaNs are alike, whatever their bits.
                for (int i = 0; i < Chunk; i++)
                {
                    if (w > 0 && BitConverter.SingleToInt32Bits(outputs[i]) != BitConverter.SingleToInt32Bits(_widest[i]) && !(float.IsNaN(outputs[i]) && float.IsNaN(_widest[i]))) Worst[w].Differ++;
                    Worst[w].Add(_inputs[i], outputs[i], _exact[i]);
                }
            }
        }

        public void Dispose()
        {
            foreach (CpuBackend backend in _backends) backend.Dispose();
        }
    }
}
