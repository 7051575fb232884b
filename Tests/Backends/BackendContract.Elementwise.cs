using EmotionXai.Engine.Backends;
using Xunit;

namespace EmotionXai.Tests.Backends;

public abstract partial class BackendContract
{
    private static readonly double[] Special =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f,
        1.17549435e-38f, float.MaxValue, -float.MaxValue, 1, -1, 0.5, -0.5, 0.99999994f, 1.0000001f, 20, -20, 88, -87, -88, -95, 89, 104, -104, 1e30f, -1e30f, 1e-30f, -1e-30f,
        1e-4f, -1e-4f, 9.0, -9.0,
    ];

    public static TheoryData<string> Ops => [.. SampleOps.All.Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(Ops))]
    public void Map_follows_the_formula_at_every_length(string name)
    {
        SampleOp op = Op(name);
        foreach (int n in Lengths.Append(100_003))
        {
            double[][] inputs = Inputs(op, [n, n, n]);
            foreach (bool accumulate in new[] { false, true }) CheckMap(op, inputs, n, accumulate);
        }
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Map_keeps_special_values(string name)
    {
        // Every combination of special values, once in each lane of a vector and once in a tail.
        SampleOp op = Op(name);
        double[] set = op.Inputs == 3 ? [.. Special.Where((_, i) => i % 2 == 0)] : Special;
        int count = (int)Math.Pow(set.Length, op.Inputs);
        double[][] inputs = [new double[count], new double[count], new double[count]];
        for (int i = 0; i < count; i++)
        {
            inputs[0][i] = set[i % set.Length];
            inputs[1][i] = set[i / set.Length % set.Length];
            inputs[2][i] = set[i / set.Length / set.Length % set.Length];
        }

        CheckMap(op, inputs, count, false);
        for (int shift = 0; shift < Math.Min(count, 17); shift++)
        {
            int n = Math.Min(35, count - shift);
            CheckMap(op, [.. inputs.Select(input => input[shift..(shift + n)])], n, false);
        }
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Map_repeats_shorter_inputs(string name)
    {
        SampleOp op = Op(name);
        foreach (int row in new[] { 1, 2, 3, 7, 8, 16, 19, 33, 70 })
            foreach (int rows in new[] { 0, 1, 2, 5, 37 })
            {
                int n = row * rows;
                int[] lengths = [1, row, n];
                for (int choice = 0; choice < (int)Math.Pow(3, op.Inputs); choice++)
                {
                    int[] taken = [lengths[choice % 3], lengths[choice / 3 % 3], lengths[choice / 9 % 3]];
                    CheckMap(op, Inputs(op, taken), n, choice % 2 == 1);
                }
            }
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Map_in_place(string name)
    {
        SampleOp op = Op(name);
        foreach (int n in Lengths)
            for (int target = 0; target < op.Inputs; target++)
                foreach (bool accumulate in new[] { false, true })
                {
                    double[][] inputs = Inputs(op, [n, n, n]);
                    Slice[] slices = [.. inputs.Take(op.Inputs).Select(Put)];
                    op.Run(Backend, slices, slices[target], accumulate);
                    CheckResult(op, inputs, accumulate ? inputs[target] : null, Get(slices[target]), $"in place of input {target}");
                    for (int other = 0; other < op.Inputs; other++)
                        if (other != target) Assert.Equal(inputs[other], Get(slices[other]));
                    Release();
                }
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void Map_refuses_lengths_that_do_not_divide(string name)
    {
        SampleOp op = Op(name);
        for (int wrong = 0; wrong < op.Inputs; wrong++)
            foreach (int length in new[] { 0, 4, 12 })
            {
                Slice[] slices = [.. Enumerable.Range(0, op.Inputs).Select(i => Output(i == wrong ? length : 6))];
                Slice y = Output(6);
                Refuses(() => op.Run(Backend, slices, y, false));
            }
    }

    private static SampleOp Op(string name) => SampleOps.All.Single(op => op.Name == name);

    private static double[][] Inputs(SampleOp op, int[] lengths) =>
        [.. lengths.Select((length, i) => Values((31 * length) + i, length, op.Name is "Root" or "Logarithm" ? 1e-3 : -12, 12))];

    private void CheckMap(SampleOp op, double[][] inputs, int n, bool accumulate)
    {
        Slice[] slices = [.. inputs.Take(op.Inputs).Select(Put)];
        double[]? held = accumulate ? Values(9, n) : null;
        Slice y = held is null ? Output(n) : Put(held);
        op.Run(Backend, slices, y, accumulate);
        CheckResult(op, inputs, held, Get(y), $"length {n}");
        Release();
    }

    private void CheckResult(SampleOp op, double[][] inputs, double[]? held, double[] got, string where)
    {
        for (int i = 0; i < got.Length; i++)
        {
            double a = inputs[0][i % inputs[0].Length];
            double b = op.Inputs > 1 ? inputs[1][i % inputs[1].Length] : 0;
            double c = op.Inputs > 2 ? inputs[2][i % inputs[2].Length] : 0;

            // Unfused, the product overflows before the sum takes it back: either way is allowed.
            if (op.Name == "Fused" && IsSingle && !double.IsInfinity(a * b) && Math.Abs(a * b) > float.MaxValue) continue;

            double want = op.Oracle(a, b, c);
            double bound = op.Units * U * (op.Magnitude?.Invoke(a, b, c) ?? Math.Abs(want));
            if (op.Flushes && IsSingle && Math.Abs(want) < 1.18e-38) bound += 1.18e-38;

            // Adding rounds once more; an op fused with the addition rounds less.
            double held0 = held?[i] ?? 0;
            if (held is not null) (want, bound) = (held0 + want, bound + (2 * U * (Math.Abs(held0) + Math.Abs(want))));
            bool sameZero = held is not null || want != 0 || double.IsNegative(want) == double.IsNegative(got[i]);
            if (Near(want, got[i], bound) && sameZero) continue;
            Assert.Fail($"{op} {where} at {i} of {got.Length}: op({a:R}, {b:R}, {c:R}) gave {got[i]:R}, expected {want:R} within {bound:E2}");
        }
    }
}
