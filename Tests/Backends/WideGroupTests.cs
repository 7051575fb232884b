using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Tests.Engine;
using ILGPU;
using ILGPU.Frontend;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>The tiles of a GPU, in groups of 256 threads and warps of 32, on an emulated device that has them.</summary>
public sealed class WideGroupTests : IDisposable
{
    private readonly GpuBackend _backend = GpuBackend.Emulated(1L << 30, 32, 8);

    public void Dispose() => _backend.Dispose();

    // One tile of 64 x 64, and two of 128 x 128 with edges; k ends within a tile's depth.
    [Theory]
    [InlineData(50, 60, 19, false, false)]
    [InlineData(52, 60, 20, true, true)]
    [InlineData(130, 40, 12, false, true)]
    [InlineData(132, 40, 13, true, false)]
    public void Products_are_those_of_reference(int m, int n, int k, bool transposeA, bool transposeB)
    {
        MatrixProduct product = new(m, n, k, transposeA, transposeB, Accumulate: false);
        float[] a = Numbers.Singles(m, m * k), b = Numbers.Singles(n, k * n);
        Slice left = Put(a), right = Put(b), to = new(_backend.Allocate(m * n), 0, m * n);
        _backend.Multiply(product, left, right, null, to);
        Same(Exact(product, a, b), to, k * 1e-7);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tensor_kernel_hands_every_lane_what_the_instruction_takes(bool transposed)
    {
        const int M = 130, N = 60, K = 21;
        MatrixProduct product = new(M, N, K, transposed, transposed, Accumulate: false);
        float[] a = Numbers.Singles(1, M * K), b = Numbers.Singles(2, K * N);
        Slice left = Put(a), right = Put(b), to = new(_backend.Allocate(M * N), 0, M * N);
        if (transposed)
        {
            Launch<ModelTf32, Yes>();
            Same(Exact(product, [.. a.Select(Tf32.Round)], [.. b.Select(Tf32.Round)]), to, K * 1e-7);
            Launch<ModelBf16, Yes>();
        }
        else
        {
            Launch<ModelTf32, No>();
            Same(Exact(product, [.. a.Select(Tf32.Round)], [.. b.Select(Tf32.Round)]), to, K * 1e-7);
            Launch<ModelBf16, No>();
        }

        Same(Exact(product, [.. a.Select(Bf16.Round)], [.. b.Select(Bf16.Round)]), to, K * 1e-7);

        void Launch<TMath, TTranspose>()
            where TMath : struct, ITensorMath
            where TTranspose : struct, IChoice
        {
            ArrayView<float> c = _backend.View(to);
            KernelConfig config = new(new Index3D(2, 1, 1), new Index3D(256, 1, 1));
            _backend.Launch(config, new TensorKernel<TMath, TTranspose, TTranspose, No>(_backend.View(left), _backend.View(right), c, new Epilogue(c, 0, 0), M, N, K, 32));
        }
    }

    // A column a thread, more columns than threads, and as many units as must fit.
    [Theory]
    [InlineData(RecurrentCell.Lstm, 40)]
    [InlineData(RecurrentCell.Gru, 64)]
    [InlineData(RecurrentCell.Lstm, 70)]
    [InlineData(RecurrentCell.Lstm, 512)]
    public void Recurrences_are_those_of_reference(RecurrentCell cell, int hidden)
    {
        Recurrence shape = new(cell, hidden > 100 ? 3 : 5, hidden > 100 ? 2 : 3, hidden, Reverse: false);
        using ReferenceBackend reference = new();
        foreach ((double[] expected, double[] actual) in Recur(reference, shape).Zip(Recur(_backend, shape))) Numbers.Near(expected, actual, 1e-5);
    }

    private static double[][] Recur(IBackend backend, Recurrence shape)
    {
        int units = shape.Batch * shape.Time * shape.Hidden, wide = units * shape.Gates;
        bool gru = shape.Cell == RecurrentCell.Gru;
        Slice weights = Random(shape.Hidden * shape.Hidden * shape.Gates, 0.1), states = New(units), saved = New(units * shape.SavedPerUnit), projected = New(wide), recurrent = New(wide);
        backend.RecurrentForward(shape, Random(wide, 1), weights, gru ? Random(shape.Hidden, 1) : null, states, saved);
        backend.RecurrentBackward(shape, weights, states, saved, Random(units, 1), projected, gru ? recurrent : null);
        return [Read(states), Read(projected), .. gru ? [Read(recurrent)] : Array.Empty<double[]>()];

        Slice New(int length) => new(backend.Allocate(length), 0, length);

        Slice Random(int length, double size)
        {
            Slice slice = New(length);
            backend.Write(Numbers.Singles(length, length, -size, size), slice);
            return slice;
        }

        double[] Read(Slice slice)
        {
            double[] values = new double[slice.Length];
            backend.Read(slice, values);
            return values;
        }
    }

    private static double[] Exact(MatrixProduct product, float[] a, float[] b)
    {
        using ReferenceBackend reference = new();
        Slice left = new(reference.Allocate(a.Length), 0, a.Length), right = new(reference.Allocate(b.Length), 0, b.Length);
        Slice to = new(reference.Allocate(product.M * product.N), 0, product.M * product.N);
        reference.Write(a, left);
        reference.Write(b, right);
        reference.Multiply(product, left, right, null, to);
        double[] result = new double[to.Length];
        reference.Read(to, result);
        return result;
    }

    private Slice Put(float[] values)
    {
        Slice slice = new(_backend.Allocate(values.Length), 0, values.Length);
        _backend.Write(values, slice);
        return slice;
    }

    private void Same(double[] expected, Slice to, double bound)
    {
        double[] actual = new double[to.Length];
        _backend.Read(to, actual);
        for (int i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - bound, expected[i] + bound);
    }
}

/// <summary>
/// mma.m16n8k8 of TF32 written out, with the fragments of the PTX ISA: lane l = 4 g + t holds A(g, t), A(g + 8, t), A(g, t + 4),
/// A(g + 8, t + 4); B(t, g), B(t + 4, g).
/// </summary>
internal readonly struct ModelTf32 : ITensorMath
{
    public static int PerWord => 1;

    public static Quad Pack(Float4 first, Float4 second) => new(Word(first.X), Word(first.Y), Word(first.Z), Word(first.W));

    [External("model_load_tf32")]
    public static Quad Load(ref Quad row) => ModelWarp.Load(row);

    [External("model_multiply_tf32")]
    public static Float4 Multiply(Float4 sums, Quad a, uint b0, uint b1) => ModelWarp.Multiply(
        sums, 8, [a.X, a.Y, a.Z, a.W, b0, b1], k => (k % 4, k / 4), (word, k) => BitConverter.UInt32BitsToSingle(word));

    private static uint Word(float value) => Interop.FloatAsInt(Tf32.Round(value));
}

/// <summary>
/// mma.m16n8k16 of bfloat16: lane l = 4 g + t holds, two along k in a register and the first in its lower half, A(g, 2t), A(g + 8, 2t),
/// A(g, 2t + 8), A(g + 8, 2t + 8); B(2t, g), B(2t + 8, g).
/// </summary>
internal readonly struct ModelBf16 : ITensorMath
{
    public static int PerWord => 2;

    public static Quad Pack(Float4 first, Float4 second) => new(Word(first.X, first.Y), Word(first.Z, first.W), Word(second.X, second.Y), Word(second.Z, second.W));

    [External("model_load_bf16")]
    public static Quad Load(ref Quad row) => ModelWarp.Load(row);

    [External("model_multiply_bf16")]
    public static Float4 Multiply(Float4 sums, Quad a, uint b0, uint b1) => ModelWarp.Multiply(
        sums, 16, [a.X, a.Y, a.Z, a.W, b0, b1], k => (k % 8 / 2, k / 8), (word, k) => BitConverter.UInt32BitsToSingle(k % 2 == 0 ? word << 16 : word & 0xFFFF0000));

    private static uint Word(float low, float high) => (Interop.FloatAsInt(Bf16.Round(low)) >> 16) | Interop.FloatAsInt(Bf16.Round(high));
}

/// <summary>
/// What the models share. It is no code of a GPU: ILGPU is told that it lies elsewhere (External), and the emulation, whose threads are
/// threads of this process, calls it as it is. What the lanes of a warp hold is laid out in an array that they share.
/// C: lane l = 4 g + t has C(g, 2t), C(g, 2t + 1), C(g + 8, 2t), C(g + 8, 2t + 1).
/// </summary>
internal static class ModelWarp
{
    private static readonly uint[] s_held = new uint[256 * 6];

    /// <summary>ldmatrix.x4: lane 8 j + r has row r of matrix j, lane l = 4 g + t takes word t of row g of each.</summary>
    public static Quad Load(Quad row)
    {
        int thread = Group.IdxX, first = thread - (thread % 32), g = thread % 32 / 4, t = thread % 4;
        ((uint[])[row.X, row.Y, row.Z, row.W]).CopyTo(s_held, 6 * thread);
        Warp.Barrier();
        uint Word(int matrix) => s_held[(6 * (first + (8 * matrix) + g)) + t];
        Quad words = new(Word(0), Word(1), Word(2), Word(3));
        Warp.Barrier();
        return words;
    }

    /// <summary>sums + A B; <paramref name="place"/> says which of a row's four lanes holds step k, and in which half of its registers.</summary>
    public static Float4 Multiply(Float4 sums, int steps, uint[] own, Func<int, (int Lane, int Half)> place, Func<uint, int, float> value)
    {
        int thread = Group.IdxX, first = thread - (thread % 32), g = thread % 32 / 4, t = thread % 4;
        float[] c = [sums.X, sums.Y, sums.Z, sums.W];
        own.CopyTo(s_held, 6 * thread);
        Warp.Barrier();
        for (int k = 0; k < steps; k++)
        {
            (int lane, int half) = place(k);
            for (int i = 0; i < 4; i++)
            {
                uint a = s_held[(6 * (first + (4 * g) + lane)) + (2 * half) + (i / 2)], b = s_held[(6 * (first + (4 * ((2 * t) + (i % 2))) + lane)) + 4 + half];
                c[i] += value(a, k) * value(b, k);
            }
        }

        Warp.Barrier();
        return new Float4(c[0], c[1], c[2], c[3]);
    }
}
