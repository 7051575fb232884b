using System.Buffers;
using System.Numerics.Tensors;

namespace EmotionXai.Engine.Algebra;

/// <summary>
/// Features of some samples, side by side with other blocks in one regression. Its Gram matrix is computed once, however
/// many regressions share the block.
/// </summary>
/// <param name="values">[sample, feature].</param>
/// <param name="width">Features.</param>
/// <param name="scale">A factor on all of them: how much the block counts beside others under one penalty.</param>
internal sealed class FeatureBlock(float[] values, int width, double scale)
{
    private const int Depth = 256;
    private double[]? _gram;

    /// <summary>Samples.</summary>
    public int Count { get; } = width == 0 ? 0 : values.Length / width;

    /// <summary>Features.</summary>
    public int Width => width;

    /// <summary>Whether no second regression will ask for the Gram matrix, so that it need not be kept.</summary>
    public bool UsedOnce { get; init; }

    /// <summary>Adds scale^2 F F^T, of samples in an order, to the lower triangle of [sample, sample].</summary>
    /// <param name="order">[place]: the sample there.</param>
    /// <param name="sorted">Whether samples stand where they are.</param>
    /// <param name="kernel">[place, place].</param>
    public void AddGram(int[] order, bool sorted, double[] kernel)
    {
        if (UsedOnce && sorted)
        {
            AddGram(kernel);
            return;
        }

        // Row i of the triangle starts behind i (i + 1) / 2 numbers.
        double[] gram = _gram ??= ComputeGram();
        for (int i = 0; i < order.Length; i++)
        {
            Span<double> row = kernel.AsSpan(i * order.Length, i + 1);
            int own = order[i];
            if (sorted) TensorPrimitives.Add(row, gram.AsSpan(Row(i), i + 1), row);
            else for (int j = 0; j <= i; j++) row[j] += gram[Row(Math.Max(own, order[j])) + Math.Min(own, order[j])];
        }
    }

    /// <summary>Numbers that the Gram matrix of so many samples takes.</summary>
    public static long GramSize(long samples) => samples * (samples + 1) / 2;

    /// <summary>scale * features of one sample, added to a row.</summary>
    public void CopyTo(int sample, Span<double> row)
    {
        ReadOnlySpan<float> from = values.AsSpan(sample * width, width);
        for (int i = 0; i < width; i++) row[i] = scale * from[i];
    }

    /// <summary>The coefficients of the features as they are, from the regression's dual solution: scale^2 F^T a.</summary>
    public double[] Coefficients(ReadOnlySpan<double> dual)
    {
        double[] sum = new double[width], row = new double[width];
        for (int sample = 0; sample < dual.Length; sample++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(values.AsSpan(sample * width, width), row);
            TensorPrimitives.MultiplyAdd(row, scale * scale * dual[sample], sum, sum);
        }

        return sum;
    }

    /// <summary>The coefficients of the features as they are, from those of the scaled ones.</summary>
    public double[] Coefficients(ReadOnlySpan<double> scaled, int at)
    {
        double[] all = new double[width];
        for (int i = 0; i < width; i++) all[i] = scale * scaled[at + i];
        return all;
    }

    private double[] ComputeGram()
    {
        double[] gram = ArrayPool<double>.Shared.Rent(checked(Count * Count));
        gram.AsSpan(0, Count * Count).Clear();
        AddGram(gram);
        double[] triangle = GC.AllocateUninitializedArray<double>(checked((int)GramSize(Count)));
        for (int i = 0; i < Count; i++) gram.AsSpan(i * Count, i + 1).CopyTo(triangle.AsSpan(Row(i)));
        ArrayPool<double>.Shared.Return(gram);
        return triangle;
    }

    private void AddGram(double[] kernel)
    {
        double[] panel = ArrayPool<double>.Shared.Rent(Count * Depth);
        for (int from = 0; from < width; from += Depth)
        {
            int depth = Math.Min(Depth, width - from);
            for (int sample = 0; sample < Count; sample++)
            {
                Span<double> row = panel.AsSpan(sample * Depth, depth);
                TensorPrimitives.ConvertTruncating<float, double>(values.AsSpan((sample * width) + from, depth), row);
                if (scale != 1) TensorPrimitives.Multiply(row, scale, row);
            }

            Block rows = new(panel, 0, Depth);
            RowProducts.Add(1, rows, rows, new Block(kernel, 0, Count), Count, Count, depth, lowerOnly: true);
        }

        ArrayPool<double>.Shared.Return(panel);
    }

    private static int Row(int i) => (int)((long)i * (i + 1) / 2);
}
