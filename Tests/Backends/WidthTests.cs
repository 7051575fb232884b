using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
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
    // than a block packs, k over several blocks, B direct, packed (before the product for all threads: m > 1536) and turned, tails of rows and of columns.
    public static TheoryData<int, int, int, int> Products
    {
        get
        {
            TheoryData<int, int, int, int> data = [];
            foreach (int width in (int[])[16, 8, 4, 1])
                foreach ((int m, int n, int k) in ((int, int, int)[])[(600, 140, 40), (523, 517, 9), (24, 520, 600), (9, 70, 1537), (3, 300, 700), (1, 513, 1025), (130, 37, 513), (1540, 70, 20)])
                    data.Add(width, m, n, k);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void An_element_of_a_product_is_one_chain_of_multiply_adds(int width, int m, int n, int k)
    {
        using CpuBackend one = CpuWidth.Create(width), three = new(3, width);
        float[] a = Singles(1, m * k), b = Singles(2, k * n), bias = Singles(3, n), held = Singles(4, m * n), want = new float[m * n], got = new float[m * n];
        for (int form = 0; form < 16; form++)
        {
            MatrixProduct product = new(m, n, k, (form & 1) != 0, (form & 2) != 0, (form & 4) != 0);
            bool biased = (form & 8) != 0;
            Chains(product, a, b, biased ? bias : null, held, want);
            foreach (CpuBackend backend in (CpuBackend[])[one, three])
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
            }
        }

        static float[] Run(CpuBackend backend, Recurrence shape)
        {
            using TensorScope scope = new(backend);
            int units = shape.Batch * shape.Time * shape.Hidden;
            Slice projection = scope.From(new Shape(units * shape.Gates), Singles(1, units * shape.Gates)).Data, weights = scope.From(new Shape((int)shape.WeightLength), Singles(2, (int)shape.WeightLength, -0.4, 0.4)).Data;
            Slice? bias = shape.Cell == RecurrentCell.Gru ? scope.From(new Shape(shape.Hidden), Singles(3, shape.Hidden)).Data : null, recurrent = shape.Cell == RecurrentCell.Gru ? scope.New(new Shape(units * shape.Gates)).Data : null;
            Tensor states = scope.New(new Shape(units)), saved = scope.New(new Shape(units * shape.SavedPerUnit)), outside = scope.From(new Shape(units), Singles(4, units)), gradient = scope.New(new Shape(units * shape.Gates));
            backend.RecurrentForward(shape, projection, weights, bias, states.Data, saved.Data);
            backend.RecurrentBackward(shape, weights, states.Data, saved.Data, outside.Data, gradient.Data, recurrent);
            return [.. states.ToArray(), .. gradient.ToArray()];
        }
    }

    private static void Chains(MatrixProduct product, float[] a, float[] b, float[]? bias, float[] held, float[] c)
    {
        (int m, int n, int k, bool ta, bool tb, bool accumulate) = product;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = accumulate ? held[(i * n) + j] + (bias?[j] ?? 0) : bias?[j] ?? 0;
                for (int l = 0; l < k; l++) sum = MathF.FusedMultiplyAdd(a[ta ? (l * m) + i : (i * k) + l], b[tb ? (j * k) + l : (l * n) + j], sum);
                c[(i * n) + j] = sum;
            }
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
