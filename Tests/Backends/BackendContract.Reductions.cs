using CsCheck;
using EmotionXai.Engine.Backends;
using Xunit;

namespace EmotionXai.Tests.Backends;

public abstract partial class BackendContract
{
    private static IEnumerable<AxisSplit> Splits
    {
        get
        {
            foreach (int outer in new[] { 1, 2, 5 })
                foreach (int extent in new[] { 1, 2, 3, 7, 16, 33, 100 })
                    foreach (int inner in new[] { 1, 2, 5, 8, 17, 64, 71 })
                        yield return new AxisSplit(outer, extent, inner);
            for (int n = 1; n <= 70; n++) yield return new AxisSplit(2, n, 1);
            yield return new AxisSplit(0, 3, 2);
            yield return new AxisSplit(2, 3, 0);
            yield return new AxisSplit(1, 100_003, 1);
            yield return new AxisSplit(1, 257, 401);
            yield return new AxisSplit(1003, 1, 3);
            yield return new AxisSplit(1003, 71, 1);
        }
    }

    [Fact]
    public void Sum_over_every_split()
    {
        foreach (AxisSplit split in Splits.Append(new AxisSplit(2, 0, 3)))
            foreach (bool accumulate in new[] { false, true })
            {
                const double scale = -0.7;
                double[] x = Values(3, split.Length);
                double[] held = Values(4, split.Reduced);
                Slice input = Put(x);
                Slice y = accumulate ? Put(held) : Output(split.Reduced);
                Backend.Sum(split, input, y, scale, accumulate);
                double[] got = Get(y);
                for (int r = 0; r < split.Reduced; r++)
                {
                    // Any order of n terms: |err| <= (n - 1) u sum |x|; one rounding each for scale (twice: 0.7 itself) and sum.
                    double sum = 0, size = 0;
                    foreach (double value in Axis(split, x, r)) (sum, size) = (sum + value, size + Math.Abs(value));
                    double start = accumulate ? held[r] : 0;
                    Close(start + (scale * sum), got[r], (split.Extent + 3) * U * ((0.7 * size) + Math.Abs(start)), $"{split} {accumulate} at {r}");
                }

                Slice again = accumulate ? Put(held) : Output(split.Reduced);
                Backend.Sum(split, input, again, scale, accumulate);
                Assert.Equal(got, Get(again));
                Release();
            }
    }

    [Fact]
    public void Sum_is_linear() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 40], Gen.Int[1, 20], Seed).Sample(
            (outer, extent, inner, seed) =>
            {
                // Powers of two scale without rounding, so sum(2x) = 2 sum(x) to the bit, and scaling after as before.
                AxisSplit split = new(outer, extent, inner);
                double[] x = Values(seed, split.Length);
                Slice once = Output(split.Reduced);
                Slice twice = Output(split.Reduced);
                Backend.Sum(split, Put(x), once, 2, false);
                Backend.Sum(split, Put(Array.ConvertAll(x, value => 2 * value)), twice, 1, false);
                Assert.Equal(Get(once), Get(twice));
                Release();
            }, threads: 1, iter: 100);

    [Fact]
    public void Max_and_where_it_stands_first()
    {
        foreach (AxisSplit split in Splits)
        {
            // Quarters give ties; NaN, infinities and both zeros stand among them.
            double[] x = Array.ConvertAll(Values(5, split.Length), value => Math.Round(value * 2) / 2);
            for (int i = 0; i < x.Length; i += 29) x[i] = (i / 29 % 4) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, _ => -0.0 };
            CheckMax(split, x);
        }

        CheckMax(new AxisSplit(1, 2, 1), [-0.0, 0.0]);
        CheckMax(new AxisSplit(1, 2, 1), [0.0, -0.0]);
        for (int n = 1; n <= 40; n++)
        {
            CheckMax(new AxisSplit(1, n, 1), Full(n, double.NegativeInfinity));
            double[] withNaN = Full(n, double.PositiveInfinity);
            withNaN[n / 2] = double.NaN;
            withNaN[^1] = double.NaN;
            CheckMax(new AxisSplit(1, n, 1), withNaN);
        }
    }

    [Fact]
    public void Scatter_puts_back_what_max_picked()
    {
        foreach (AxisSplit split in Splits)
        {
            double[] x = Values(6, split.Reduced);
            double[] held = Values(7, split.Length);
            Random random = new(8);
            double[] index = Enumerable.Range(0, split.Reduced).Select(_ => (double)random.Next(split.Extent)).ToArray();
            double[] want = [.. held];
            for (int r = 0; r < split.Reduced; r++) want[Position(split, (int)index[r], r)] += x[r];
            Slice y = Put(held);
            Backend.Scatter(split, Put(x), Put(index), y);
            AllClose(want, Get(y), 4 * U, $"{split}");
            Release();
        }
    }

    [Fact]
    public void Reductions_refuse_other_lengths()
    {
        AxisSplit split = new(2, 3, 4);
        Slice full = Put(new double[24]);
        Slice reduced = Put(new double[8]);
        Slice wrong = Put(new double[9]);
        Refuses(() => Backend.Sum(split, wrong, reduced, 1, false));
        Refuses(() => Backend.Sum(split, full, wrong, 1, false));
        Refuses(() => Backend.Max(split, wrong, reduced, reduced));
        Refuses(() => Backend.Max(split, full, wrong, reduced));
        Refuses(() => Backend.Max(split, full, reduced, wrong));
        Refuses(() => Backend.Max(new AxisSplit(2, 0, 4), Put([]), reduced, Put(new double[8])));
        Refuses(() => Backend.Scatter(split, wrong, reduced, full));
        Refuses(() => Backend.Scatter(split, reduced, wrong, full));
        Refuses(() => Backend.Scatter(split, reduced, reduced, wrong));
    }

    [Fact]
    public void Max_refuses_an_axis_whose_elements_float32_cannot_number()
    {
        Assert.SkipUnless(IsSingle, "float64 numbers every element.");
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => Backend.Max(new AxisSplit(1, (1 << 24) + 1, 1), Output(0), Output(1), Output(1)));
        Assert.Contains("float32", e.Message, StringComparison.Ordinal);
    }

    private void CheckMax(AxisSplit split, double[] x)
    {
        Slice y = Output(split.Reduced);
        Slice index = Output(split.Reduced);
        Backend.Max(split, Put(x), y, index);
        double[] values = Get(y);
        double[] places = Get(index);
        for (int r = 0; r < split.Reduced; r++)
        {
            double[] axis = [.. Axis(split, x, r)];
            int want = Array.FindIndex(axis, double.IsNaN);
            if (want < 0)
            {
                double largest = axis.Max();
                want = Array.FindIndex(axis, value => value >= largest);
            }

            if (want != (int)places[r]) Assert.Fail($"{split} at {r}: index {places[r]}, expected {want} of [{string.Join(", ", axis.Take(40))}]");
            if (!axis[want].Equals(values[r])) Assert.Fail($"{split} at {r}: {values[r]}, expected {axis[want]}");
        }

        Release();
    }

    private static int Position(AxisSplit split, int e, int r) =>
        (((r / split.Inner * split.Extent) + e) * split.Inner) + (r % split.Inner);

    private static IEnumerable<double> Axis(AxisSplit split, double[] x, int r) =>
        Enumerable.Range(0, split.Extent).Select(e => x[Position(split, e, r)]);
}
