using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>
/// A value of the Cpu backend depends on its inputs alone: not on the lane it stands in, on the tail, on the width of the
/// vectors, on tiles, packing or threads. Held bit by bit.
/// </summary>
public sealed class WidthTests
{
    public static TheoryData<int> Widths => [16, 8, 4, 1];

    // Extents that reach every path: A packed with its steps far apart (transposed, m > 512) and with its rows (k > 512), more rows
    // than a block packs, k over several blocks, B direct, packed (before the product for all threads: m > 1536) and turned, tails of rows and of columns, one column alone.
    public static TheoryData<int, int, int, int> Products
    {
        get
        {
            TheoryData<int, int, int, int> data = [];
            foreach (int width in (int[])[16, 8, 4, 1])
                foreach ((int m, int n, int k) in ((int, int, int)[])[(600, 140, 40), (523, 517, 9), (24, 520, 600), (9, 70, 1537), (3, 300, 700), (1, 513, 1025), (130, 37, 513), (1540, 70, 20), (61, 1, 77), (600, 1, 513)])
                    data.Add(width, m, n, k);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void An_element_of_a_product_is_a_chain_of_multiply_adds_or_two_of_half_as_many_rows(int width, int m, int n, int k)
    {
        using CpuBackend one = CpuWidth.Create(width), three = new(3, width), five = new(5, width);
        float[] a = Singles(1, m * k), b = Singles(2, k * n), bias = Singles(3, n), held = Singles(4, m * n), want = new float[m * n], got = new float[m * n];
        for (int form = 0; form < 16; form++)
        {
            MatrixProduct product = new(m, n, k, (form & 1) != 0, (form & 2) != 0, (form & 4) != 0);
            bool biased = (form & 8) != 0;
            Chains(product, a, b, biased ? bias : null, held, want);
            foreach (CpuBackend backend in (CpuBackend[])[one, three, five])
            {
                using TensorScope scope = new(backend);
                Tensor c = scope.From(new Shape(m, n), held);
                backend.Multiply(product, scope.From(new Shape(m * k), a).Data, scope.From(new Shape(k * n), b).Data, biased ? scope.From(new Shape(n), bias).Data : null, c.Data);
                c.CopyTo(got);
                int at = got.AsSpan().CommonPrefixLength(want);
                if (at < got.Length) Assert.Fail($"{product}, bias {biased}: {got[at]:R} at ({at / n}, {at % n}), expected {want[at]:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void An_elementwise_value_is_that_of_a_scalar_alone(int width)
    {
        // With every remainder of the widest vector, and what is not ordinary.
        using CpuBackend wide = CpuWidth.Create(width), scalar = new(1, 1);
        float[] special = [0, -0f, 1, -1, float.Epsilon, -float.Epsilon, 1e-38f, 88.7f, -103.9f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        float[] x = [.. special, .. Singles(1, 400, -3, 3), .. Singles(2, 400, -100, 100)], y = [.. x.Reverse()], z = Singles(3, x.Length);
        foreach (SampleOp op in SampleOps.All)
        {
            foreach (int length in Enumerable.Range(x.Length - 34, 35))
            {
                float[] got = Run(wide, op, length);
                float[] want = Run(scalar, op, length);
                for (int i = 0; i < length; i++)
                    if (BitConverter.SingleToInt32Bits(got[i]) != BitConverter.SingleToInt32Bits(want[i]) && !(float.IsNaN(got[i]) && float.IsNaN(want[i]))) Assert.Fail($"{op} at {i} of {length}: {got[i]:R}, a scalar gives {want[i]:R} for {x[i]:R}");
            }
        }

        float[] Run(CpuBackend backend, SampleOp op, int length)
        {
            using TensorScope scope = new(backend);
            Slice[] inputs = [.. ((float[][])[x, y, z]).Take(op.Inputs).Select(v => scope.From(new Shape(length), v.AsSpan(0, length)).Data)];
            Tensor result = scope.New(new Shape(length));
            op.Run(backend, inputs, result.Data, false);
            return result.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_recurrent_state_is_that_of_scalars(int width)
    {
        using CpuBackend wide = CpuWidth.Create(width), threads = new(3, width), scalar = new(1, 1);
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            foreach ((int batch, int hidden) in ((int, int)[])[(1, 32), (3, 13), (37, 17), (70, 33), (5, 29)])
            {
                Recurrence shape = new(cell, batch, 5, hidden, Reverse: hidden == 13);
                float[] want = Run(scalar, shape);
                Assert.Equal(want, Run(wide, shape));
                Assert.Equal(want, Run(threads, shape));
                Assert.Equal(want[..(batch * 5 * hidden)], Judged(wide, shape));
                Assert.Equal(want[..(batch * 5 * hidden)], Judged(threads, shape));
            }
        }

        static float[] Run(CpuBackend backend, Recurrence shape)
        {
            using TensorScope scope = new(backend);
            int units = shape.Batch * shape.Time * shape.Hidden;
            (Slice projection, Slice weights, Slice? bias) = Operands(scope, shape);
            Slice? recurrent = shape.Cell == RecurrentCell.Gru ? scope.New(new Shape(units * shape.Gates)).Data : null;
            Tensor states = scope.New(new Shape(units)), saved = scope.New(new Shape(units * shape.SavedPerUnit)), outside = scope.From(new Shape(units), Singles(4, units)), gradient = scope.New(new Shape(units * shape.Gates));
            backend.RecurrentForward(shape, projection, weights, bias, states.Data, saved.Data);
            backend.RecurrentBackward(shape, weights, states.Data, saved.Data, outside.Data, gradient.Data, recurrent);
            return [.. states.ToArray(), .. gradient.ToArray()];
        }

        // Without keeping anything for a way back.
        static float[] Judged(CpuBackend backend, Recurrence shape)
        {
            using TensorScope scope = new(backend);
            (Slice projection, Slice weights, Slice? bias) = Operands(scope, shape);
            Tensor states = scope.New(new Shape(shape.Batch * shape.Time * shape.Hidden));
            ((IForgetsSteps)backend).RecurrentForward(shape, projection, weights, bias, states.Data);
            return states.ToArray();
        }

        static (Slice Projection, Slice Weights, Slice? Bias) Operands(TensorScope scope, Recurrence shape)
        {
            int gates = shape.Batch * shape.Time * shape.Hidden * shape.Gates;
            return (
                scope.From(new Shape(gates), Singles(1, gates)).Data,
                scope.From(new Shape((int)shape.WeightLength), Singles(2, (int)shape.WeightLength, -0.4, 0.4)).Data,
                shape.Cell == RecurrentCell.Gru ? scope.From(new Shape(shape.Hidden), Singles(3, shape.Hidden)).Data : null);
        }
    }

    [Fact]
    public void Long_passes_give_the_same_bits_for_any_number_of_threads()
    {
        const int Length = (3 << 19) + 77 - ((3 << 19) % 77);
        using CpuBackend one = new(1), three = new(3);
        Assert.Equal(Results(one), Results(three));

        static List<float[]> Results(CpuBackend backend)
        {
            using TensorScope scope = new(backend);
            float[] numbers = Singles(1, Length), few = Singles(2, 77);
            Slice x = scope.From(new Shape(Length), numbers).Data, repeated = scope.From(new Shape(77), few).Data, single = scope.From(new Shape(1), [0.5f]).Data;
            List<float[]> results = [];
            foreach (bool accumulate in (bool[])[false, true])
            {
                Keep(Length, y => backend.Map(default(TanhOp.Forward), repeated, y, accumulate));
                Keep(Length, y => backend.Map(default(AddOp.Forward), x, repeated, y, accumulate));
                Keep(Length, y => backend.Map(default(AddOp.Forward), single, x, y, accumulate));
                Keep(Length, y => backend.Map(default(TanhOp.Backward), x, repeated, single, y, accumulate));
                Keep(77, y => backend.Sum(new AxisSplit(1, Length / 77, 77), x, y, 0.3, accumulate));
                Keep(Length / 77, y => backend.Sum(new AxisSplit(Length / 77, 77, 1), x, y, 0.3, accumulate));
                Keep(Length / 77, y => backend.Sum(new AxisSplit(Length / 77 / 7, 77, 7), x.Part(0, Length / 77 / 7 * 77 * 7), y.Part(0, Length / 77 / 7 * 7), 0.3, accumulate));
                Keep(Length, y => backend.Copy(new BlockCopy(Length / 77, 1, 70, 77, 0, 77, 0), x, y, accumulate));
                Keep(Length, y => backend.Copy(new BlockCopy(Length / 77, 77, 1, 77, 1, 1, Length / 77), x, y, accumulate));
                Keep(Length, y => backend.Copy(new BlockCopy(Length / 77, 1, 77, 0, 0, 77, 0), repeated, y, accumulate));
            }

            Keep(Length, y => backend.Fill(y, 3));
            Slice scratch = scope.New(new Shape(Length)).Data;
            Keep(1, y => backend.SumOfSquares([x, repeated], scratch, y));
            return results;

            void Keep(int length, Action<Slice> write)
            {
                Tensor y = scope.From(new Shape(length), Singles(3, length));
                write(y.Data);
                results.Add(y.ToArray());
            }
        }
    }

    private static void Chains(MatrixProduct product, float[] a, float[] b, float[]? bias, float[] held, float[] c)
    {
        (int m, int n, int k, bool ta, bool tb, bool accumulate) = product;
        bool halves = ta && !tb && bias is null && k > 512 && m * n <= 1 << 18;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = accumulate ? held[(i * n) + j] + (bias?[j] ?? 0) : bias?[j] ?? 0;
                c[(i * n) + j] = halves ? Chain(i, j, 0, k / 2, sum) + Chain(i, j, k / 2, k, 0) : Chain(i, j, 0, k, sum);
            }
        }

        float Chain(int i, int j, int first, int end, float sum)
        {
            for (int l = first; l < end; l++) sum = MathF.FusedMultiplyAdd(a[ta ? (l * m) + i : (i * k) + l], b[tb ? (j * k) + l : (l * n) + j], sum);
            return sum;
        }
    }

    private static float[] Singles(int seed, int length, double low = -1, double high = 1)
    {
        Random random = new(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float)(low + ((high - low) * random.NextDouble()));
        return values;
    }
}
