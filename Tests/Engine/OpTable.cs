using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Tests.Engine;

/// <summary>Every differentiable op, with the shapes, values and oracles that it is tested with.</summary>
internal static class OpTable
{
    public static IReadOnlyList<OpCase> All { get; } = [.. Elementwise(), .. Broadcasts(), .. Products(), .. Reductions(), .. Moves(), .. Fused(), .. OpTableGeneral.Rows()];

    public static OpCase Find(string name) => All.Single(c => c.Name == name);

    private static IEnumerable<OpCase> Elementwise()
    {
        yield return Unary("Negate", (t, x) => t.Negate(x), x => -x);
        yield return Unary("Scale", (t, x) => t.Scale(x, -2.5), x => -2.5 * x);
        yield return Unary("Shift", (t, x) => t.Shift(x, 0.75), x => x + 0.75);
        yield return Unary("Exp", (t, x) => t.Exp(x), Math.Exp);
        yield return Unary("Log", (t, x) => t.Log(x), Math.Log) with { Range = (0.1, 3) };
        yield return Unary("Sqrt", (t, x) => t.Sqrt(x), Math.Sqrt) with { Range = (0.1, 3) };
        yield return Unary("Root", (t, x) => t.Root(x), Math.Sqrt) with { Range = (0.1, 3) };
        yield return Unary("Square", (t, x) => t.Square(x), x => x * x);
        yield return Unary("Sigmoid", (t, x) => t.Sigmoid(x), x => 0.5 * (1 + Math.Tanh(0.5 * x))) with { Range = (-6, 6) };
        yield return Unary("Tanh", (t, x) => t.Tanh(x), x => 1 - (2 / (Math.Exp(2 * x) + 1))) with { Tolerance = 1e-13 };
        yield return Unary("Relu", (t, x) => t.Relu(x), x => Math.Max(x, 0)) with { Avoid = [0] };
        yield return Unary("LeakyRelu", (t, x) => t.LeakyRelu(x, 0.2), x => x > 0 ? x : 0.2 * x) with { Avoid = [0] };
        yield return Unary("Gelu", (t, x) => t.Gelu(x), x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * Math.Pow(x, 3)))))) with { Range = (-4, 4) };
        yield return Unary("Softplus", (t, x) => t.Softplus(x), x => Math.Log(1 + Math.Exp(x))) with { Range = (-6, 6) };
        yield return Unary("Clamp", (t, x) => t.Clamp(x, -0.5, 1), x => Math.Clamp(x, -0.5, 1)) with { Avoid = [-0.5, 1] };
    }

    private static IEnumerable<OpCase> Broadcasts()
    {
        (string Name, Func<Tape, Tensor, Tensor, Tensor> Op, Func<double, double, double> Oracle)[] ops =
        [
            ("Add", (t, a, b) => t.Add(a, b), (a, b) => a + b),
            ("Subtract", (t, a, b) => t.Subtract(a, b), (a, b) => a - b),
            ("Multiply", (t, a, b) => t.Multiply(a, b), (a, b) => a * b),
            ("Divide", (t, a, b) => t.Divide(a, b), (a, b) => a / b),
        ];
        (string Name, int[] A, int[] B)[] shapes =
        [
            ("equal", [3, 4], [3, 4]), ("right repeats", [2, 3, 4], [3, 4]), ("left repeats", [4], [3, 4]), ("right scalar", [3, 4], []), ("left scalar", [], [5]),
        ];
        foreach ((string name, Func<Tape, Tensor, Tensor, Tensor> op, Func<double, double, double> oracle) in ops)
        {
            foreach ((string kind, int[] a, int[] b) in shapes)
            {
                yield return new OpCase($"{name}, {kind}", (t, x) => op(t, x[0], x[1]), a, b)
                {
                    Oracle = x => [.. Enumerable.Range(0, Math.Max(x[0].Length, x[1].Length)).Select(i => oracle(x[0][i % x[0].Length], x[1][i % x[1].Length]))],
                    Ranges = { [1] = (0.5, 2) },
                };
            }
        }
    }

    private static IEnumerable<OpCase> Products()
    {
        foreach (bool ta in (bool[])[false, true])
        {
            foreach (bool tb in (bool[])[false, true])
            {
                int[] a = ta ? [4, 3] : [3, 4], b = tb ? [5, 4] : [4, 5];
                string name = $"MatrixMultiply{(ta ? ", A transposed" : "")}{(tb ? ", B transposed" : "")}";
                yield return new OpCase(name, (t, x) => t.MatrixMultiply(x[0], x[1], null, ta, tb), a, b) { Oracle = x => Product(x[0], x[1], null, 3, 4, 5, ta, tb) };
                yield return new OpCase(name + ", bias", (t, x) => t.MatrixMultiply(x[0], x[1], x[2], ta, tb), a, b, [5]) { Oracle = x => Product(x[0], x[1], x[2], 3, 4, 5, ta, tb) };
            }
        }

        yield return new OpCase("MatrixMultiply, rank 3", (t, x) => t.MatrixMultiply(x[0], x[1], x[2]), [2, 3, 4], [4, 5], [5]) { Oracle = x => Product(x[0], x[1], x[2], 6, 4, 5, false, false) };
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            // Of seven rows the last are beside a tile of eight, and of five columns all beside one of two vectors.
            yield return new OpCase($"Dense, {activation}", (t, x) => t.Dense(x[0], x[1], x[2], activation), [7, 4], [4, 5], [5])
            {
                Oracle = x => [.. Product(x[0], x[1], x[2], 7, 4, 5, false, false).Select(z => After(activation, z))],
                Tolerance = 1e-13,
            };
        }

        yield return new OpCase("MatrixMultiply, rank 1", (t, x) => t.MatrixMultiply(x[0], x[1]), [4], [4, 5]) { Oracle = x => Product(x[0], x[1], null, 1, 4, 5, false, false) };
    }

    private static double After(Activation activation, double z) => activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : 0.01 * z,
        Activation.Gelu => 0.5 * z * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + (0.044715 * Math.Pow(z, 3))))),
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
        Activation.Softplus => Math.Log(1 + Math.Exp(z)),
        _ => z,
    };

    private static IEnumerable<OpCase> Reductions()
    {
        for (int axis = -1; axis < 3; axis++)
        {
            int at = axis;
            yield return new OpCase($"Sum, axis {at}", (t, x) => t.Sum(x[0], at), [2, 3, 4]) { Oracle = x => Reduce(x[0], at, v => v.Sum()) };
            yield return new OpCase($"Mean, axis {at}", (t, x) => t.Mean(x[0], at), [2, 3, 4]) { Oracle = x => Reduce(x[0], at, v => v.Average()) };
            yield return new OpCase($"Max, axis {at}", (t, x) => t.Max(x[0], at), [2, 3, 4]) { Oracle = x => Reduce(x[0], at, v => v.Max()) };
        }
    }

    private static IEnumerable<OpCase> Moves()
    {
        yield return new OpCase("Reshape", (t, x) => t.Reshape(x[0], new Shape(4, 6)), [2, 3, 4]) { Oracle = x => x[0] };
        yield return new OpCase("Transpose", (t, x) => t.Transpose(x[0]), [3, 4]) { Oracle = x => Gather(x[0], i => (i % 3 * 4) + (i / 3)) };
        yield return new OpCase("Transpose, rank 3", (t, x) => t.Transpose(x[0]), [2, 3, 4]) { Oracle = x => Gather(x[0], i => (((i / 4 % 2 * 3) + (i / 8)) * 4) + (i % 4)) };
        yield return new OpCase("Slice, axis 0", (t, x) => t.Slice(x[0], 0, 1, 2), [3, 2, 4]) { Oracle = x => x[0][8..] };
        yield return new OpCase("Slice, axis 1", (t, x) => t.Slice(x[0], 1, 1, 1), [2, 3, 4]) { Oracle = x => [.. x[0][4..8], .. x[0][16..20]] };
        yield return new OpCase("Slice, axis 2", (t, x) => t.Slice(x[0], 2, 0, 3), [2, 1, 4]) { Oracle = x => [.. x[0][..3], .. x[0][4..7]] };
        yield return new OpCase("Slice, last axis whole", (t, x) => t.Slice(x[0], -1, 0, 4), [2, 4]) { Oracle = x => x[0] };
        yield return new OpCase("Concatenate, axis 0", (t, x) => t.Concatenate(x[0], x[1], 0), [2, 3], [1, 3]) { Oracle = x => [.. x[0], .. x[1]] };
        yield return new OpCase("Concatenate, axis 1", (t, x) => t.Concatenate(x[0], x[1], 1), [2, 3], [2, 2]) { Oracle = x => [.. x[0][..3], .. x[1][..2], .. x[0][3..], .. x[1][2..]] };
        yield return new OpCase("Concatenate, last axis", (t, x) => t.Concatenate(x[0], x[1], -1), [1, 2, 1], [1, 2, 2]) { Oracle = x => [x[0][0], .. x[1][..2], x[0][1], .. x[1][2..]] };
    }

    private static IEnumerable<OpCase> Fused()
    {
        yield return new OpCase("LayerNorm", (t, x) => t.LayerNorm(x[0], x[1], x[2]), [3, 5], [5], [5]) { Oracle = x => Oracles.LayerNorm(x[0], x[1], x[2], 1e-5), Tolerance = 1e-13, SingleTolerance = 1e-5 };
        yield return new OpCase("LayerNorm, rank 3", (t, x) => t.LayerNorm(x[0], x[1], x[2], 0.1), [2, 3, 4], [4], [4]) { Oracle = x => Oracles.LayerNorm(x[0], x[1], x[2], 0.1), Tolerance = 1e-13, SingleTolerance = 1e-5 };
        foreach (double weight in (double[])[1, 0.25, 7])
        {
            yield return new OpCase($"BinaryCrossEntropy, weight {weight}", (t, x) => t.BinaryCrossEntropy(x[0], x[1], weight), [6, 1], [6])
            {
                Oracle = x => [Enumerable.Range(0, 6).Average(i => Oracles.CrossEntropy(x[0][i], x[1][i], weight))],
                Range = (-5, 5),
                Ranges = { [1] = (0, 1) },
                Tracked = [0],
            };
        }

        double[] positions = [0.1, 0.5, 0.9];
        yield return new OpCase("PathPoints", (t, x) => t.PathPoints(x[0], x[1], t.Input(new Shape(3), positions)), [2, 3], [2, 3])
        {
            Oracle = x => [.. positions.SelectMany(a => x[0].Zip(x[1], (s, d) => s + (a * d)))],
            Tracked = [0],
        };
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            foreach (bool reverse in (bool[])[false, true])
            {
                int gates = cell switch { RecurrentCell.Elman => 1, RecurrentCell.Gru => 3, _ => 4 };
                int[][] shapes = cell == RecurrentCell.Gru ? [[2, 4, gates * 3], [3, gates * 3], [3]] : [[2, 4, gates * 3], [3, gates * 3]];
                yield return new OpCase($"Recurrent, {cell}{(reverse ? ", reverse" : "")}", (t, x) => t.Recurrent(cell, x[0], x[1], x.Length > 2 ? x[2] : null, reverse), shapes)
                {
                    Oracle = x => Oracles.Recurrent(cell, x[0], x[1], x.Length > 2 ? x[2] : new double[3], 2, 4, 3, reverse),
                    Range = (-1, 1),
                };
            }
        }
    }

    private static OpCase Unary(string name, Func<Tape, Tensor, Tensor> op, Func<double, double> oracle) =>
        new(name, (t, x) => op(t, x[0]), [3, 7]) { Oracle = x => [.. x[0].Select(oracle)] };

    private static double[] Gather(double[] x, Func<int, int> from) => [.. Enumerable.Range(0, x.Length).Select(i => x[from(i)])];

    private static double[] Product(double[] a, double[] b, double[]? bias, int m, int k, int n, bool ta, bool tb)
    {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                c[(i * n) + j] = (bias?[j] ?? 0) + Enumerable.Range(0, k).Sum(l => (ta ? a[(l * m) + i] : a[(i * k) + l]) * (tb ? b[(j * k) + l] : b[(l * n) + j]));
        return c;
    }

    /// <summary>Over an axis of [2, 3, 4].</summary>
    private static double[] Reduce(double[] x, int axis, Func<IEnumerable<double>, double> by) => axis switch
    {
        0 => [.. Enumerable.Range(0, 12).Select(i => by([x[i], x[12 + i]]))],
        1 => [.. Enumerable.Range(0, 8).Select(i => by(Enumerable.Range(0, 3).Select(e => x[(i / 4 * 12) + (e * 4) + (i % 4)])))],
        _ => [.. x.Chunk(4).Select(by)],
    };
}
