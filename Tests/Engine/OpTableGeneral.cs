using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Tests.Engine;

/// <summary>Rows of the op table: axes of extent one, softmax, losses, products of batches, convolution, pairs.</summary>
internal static class OpTableGeneral
{
    public static IEnumerable<OpCase> Rows() => [.. Repeats(), .. Softmaxes(), .. Losses(), .. Batches(), .. Convolutions(), .. Pairs()];

    private static IEnumerable<OpCase> Repeats()
    {
        (string Name, int[] A, int[] B)[] shapes =
        [
            ("column and row", [3, 1], [1, 4]), ("middle axis", [2, 1, 4], [3, 1]), ("ones in front", [1, 1, 4], [2, 3, 4]), ("right column", [2, 3, 4], [2, 3, 1]), ("both reach out", [1, 3, 1], [2, 1, 4]),
        ];
        foreach ((string name, int[] a, int[] b) in shapes)
        {
            Shape x = new(a), y = new(b);
            yield return new OpCase($"Multiply, {name}", (t, i) => t.Multiply(i[0], i[1]), a, b) { Oracle = i => Spread(i[0], x, i[1], y, (p, q) => p * q) };
            yield return new OpCase($"Divide, {name}", (t, i) => t.Divide(i[0], i[1]), a, b) { Oracle = i => Spread(i[0], x, i[1], y, (p, q) => p / q), Ranges = { [1] = (0.5, 2) } };
        }

        yield return new OpCase("Broadcast", (t, x) => t.Broadcast(x[0], new Shape(2, 3, 4)), [3, 1]) { Oracle = x => [.. Enumerable.Range(0, 24).Select(i => x[0][i / 4 % 3])] };
        yield return new OpCase("Operators", (t, x) => (((x[0] - x[1]) * x[0]) + (2 * -x[1]) - 1) / ((x[0] * x[0]) + 1.5) / 3, [3, 4], [4])
        {
            Oracle = x => [.. x[0].Select((a, i) => (((a - x[1][i % 4]) * a) - (2 * x[1][i % 4]) - 1) / ((a * a) + 1.5) / 3)],
        };
    }

    // Pairs next to each other first, then those with one between them.
    private static IEnumerable<OpCase> Pairs()
    {
        yield return new OpCase("PairDifferences", (t, x) => t.PairDifferences(x[0]), [4]) { Oracle = x => Paired(x[0], 4, 1, d => d[0]) };
        yield return new OpCase("PairDifferences, rank 3", (t, x) => t.PairDifferences(x[0]), [2, 3, 5]) { Oracle = x => Paired(x[0], 5, 1, d => d[0]) };
        foreach (int coordinates in (int[])[1, 2, 3])
        {
            // No two points of these draws are as near to each other as finite differences reach.
            yield return new OpCase($"PairDistances, {coordinates} coordinate(s)", (t, x) => t.PairDistances(x[0]), [3, 4, coordinates])
            {
                Oracle = x => Paired(x[0], 4, coordinates, d => Math.Sqrt(d.Sum(v => v * v))),
            };
        }
    }

    // [row, n, coordinate] to [row, pair].
    private static double[] Paired(double[] x, int n, int coordinates, Func<double[], double> of)
    {
        List<double> pairs = [];
        for (int row = 0; row < x.Length; row += n * coordinates)
        {
            for (int step = 1; step < n; step++)
            {
                for (int i = 0; i + step < n; i++)
                    pairs.Add(of([.. Enumerable.Range(0, coordinates).Select(d => x[row + ((i + step) * coordinates) + d] - x[row + (i * coordinates) + d])]));
            }
        }

        return [.. pairs];
    }

    private static IEnumerable<OpCase> Softmaxes()
    {
        foreach (int axis in (int[])[-1, 0, 1])
        {
            yield return new OpCase($"Softmax, axis {axis}", (t, x) => t.Softmax(x[0], axis), [2, 3, 4]) { Oracle = x => Along(x[0], axis, v => [.. v.Select(a => Math.Exp(a) / v.Sum(Math.Exp))]) };
            yield return new OpCase($"LogSoftmax, axis {axis}", (t, x) => t.LogSoftmax(x[0], axis), [2, 3, 4]) { Oracle = x => Along(x[0], axis, v => [.. v.Select(a => a - Math.Log(v.Sum(Math.Exp)))]) };
            yield return new OpCase($"LogSumExp, axis {axis}", (t, x) => t.LogSumExp(x[0], axis), [2, 3, 4]) { Oracle = x => Along(x[0], axis, v => [Math.Log(v.Sum(Math.Exp))]) };
        }
    }

    private static IEnumerable<OpCase> Losses()
    {
        yield return new OpCase("SoftmaxCrossEntropy", (t, x) => t.SoftmaxCrossEntropy(x[0], x[1]), [3, 4], [3, 4])
        {
            Oracle = x => [Enumerable.Range(0, 3).Average(r =>
            {
                double sum = x[0][(r * 4)..((r * 4) + 4)].Sum(Math.Exp);
                return -Enumerable.Range(0, 4).Sum(c => x[1][(r * 4) + c] * (x[0][(r * 4) + c] - Math.Log(sum)));
            })],
            Ranges = { [1] = (0, 1) },
            Tracked = [0],
        };
        yield return new OpCase("SquaredError", (t, x) => t.SquaredError(x[0], x[1]), [3, 2], [3, 2]) { Oracle = x => [x[0].Zip(x[1], (y, t) => (y - t) * (y - t)).Average()], Tracked = [0] };
        yield return new OpCase("HuberError", (t, x) => t.HuberError(x[0], x[1], 0.7), [6], [6])
        {
            Oracle = x => [x[0].Zip(x[1], (y, t) => Math.Abs(y - t) > 0.7 ? 0.7 * (Math.Abs(y - t) - 0.35) : 0.5 * (y - t) * (y - t)).Average()],
            Tracked = [0],
        };
    }

    private static IEnumerable<OpCase> Batches()
    {
        foreach (bool turned in (bool[])[false, true])
        {
            int[] b = turned ? [2, 5, 4] : [2, 4, 5];
            yield return new OpCase($"BatchMultiply{(turned ? ", B transposed" : "")}", (t, x) => t.BatchMultiply(x[0], x[1], turned), [2, 3, 4], b)
            {
                Oracle = x => [.. Enumerable.Range(0, 30).Select(i =>
                {
                    int batch = i / 15, row = i / 5 % 3, column = i % 5;
                    return Enumerable.Range(0, 4).Sum(k => x[0][(batch * 12) + (row * 4) + k] * x[1][(batch * 20) + (turned ? (column * 4) + k : (k * 5) + column)]);
                })],
            };
        }
    }

    private static IEnumerable<OpCase> Convolutions()
    {
        foreach ((int width, int stride, int padding) in ((int, int, int)[])[(1, 1, 0), (3, 1, 0), (3, 2, 1), (2, 3, 2), (5, 1, 2)])
        {
            yield return new OpCase($"ConvolveOverTime, width {width}, stride {stride}, padding {padding}", (t, x) => t.ConvolveOverTime(x[0], x[1], x[2], width, stride, padding), [2, 5, 3], [width * 3, 2], [2])
            {
                Oracle = x =>
                {
                    List<double> y = [];
                    for (int b = 0; b < 2; b++)
                        for (int s = 0; (s * stride) + width <= 5 + (2 * padding); s++)
                            for (int o = 0; o < 2; o++)
                            {
                                double sum = x[2][o];
                                for (int w = 0; w < width; w++)
                                    for (int f = 0; f < 3; f++)
                                        if ((s * stride) + w - padding is >= 0 and < 5 and int at) sum += x[0][(((b * 5) + at) * 3) + f] * x[1][(((w * 3) + f) * 2) + o];
                                y.Add(sum);
                            }

                    return [.. y];
                },
            };
        }
    }

    /// <summary>Each line along an axis of [2, 3, 4] by another, put back where it was.</summary>
    private static double[] Along(double[] x, int axis, Func<double[], double[]> by)
    {
        AxisSplit split = new Shape(2, 3, 4).Split(axis);
        double[]? all = null;
        for (int o = 0; o < split.Outer; o++)
            for (int i = 0; i < split.Inner; i++)
            {
                double[] line = by([.. Enumerable.Range(0, split.Extent).Select(e => x[(((o * split.Extent) + e) * split.Inner) + i])]);
                all ??= new double[split.Outer * line.Length * split.Inner];
                for (int e = 0; e < line.Length; e++) all[(((o * line.Length) + e) * split.Inner) + i] = line[e];
            }

        return all!;
    }

    private static double[] Spread(double[] a, Shape x, double[] b, Shape y, Func<double, double, double> by)
    {
        int rank = Math.Max(x.Rank, y.Rank);
        int[] extents = [.. Enumerable.Range(1, rank).Select(k => Math.Max(Extent(x, k), Extent(y, k))).Reverse()];
        double[] all = new double[extents.Aggregate(1, (p, e) => p * e)];
        for (int i = 0; i < all.Length; i++) all[i] = by(a[At(x, i)], b[At(y, i)]);
        return all;

        static int Extent(Shape shape, int fromLast) => fromLast <= shape.Rank ? shape[-fromLast] : 1;

        int At(Shape shape, int i)
        {
            int at = 0, step = 1;
            for (int k = 1; k <= rank; i /= extents[^k], k++)
            {
                if (Extent(shape, k) > 1) at += i % extents[^k] * step;
                step *= Extent(shape, k);
            }

            return at;
        }
    }
}
