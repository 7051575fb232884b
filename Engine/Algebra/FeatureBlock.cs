using System.Buffers;
using System.Numerics.Tensors;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Algebra;

/// <summary>
/// Features of some samples, side by side with other blocks in one regression. Its Gram matrix is computed once, however
/// many regressions share the block.
/// </summary>
/// <param name="samples">The features of every sample.</param>
/// <param name="scale">A factor on all of them: how much the block counts beside others under one penalty.</param>
internal sealed class FeatureBlock(ClipRows samples, double scale)
{
    private const int Depth = 256;

    // Numbers of samples that are read at once where they do not stand in memory.
    private const int MostRead = 1 << 24;

    private readonly float[] _room = samples.Whole is null ? new float[samples.Length] : [];
    private double[]? _gram;

    /// <summary>A block whose samples stand in memory.</summary>
    /// <param name="values">[sample, feature].</param>
    /// <param name="width">Features.</param>
    /// <param name="scale">A factor on all of them.</param>
    public FeatureBlock(float[] values, int width, double scale)
        : this(ClipRows.From(values, width), scale)
    {
    }

    /// <summary>Samples.</summary>
    public int Count => samples.Count;

    /// <summary>Features.</summary>
    public int Width => samples.Length;

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
        ReadOnlySpan<float> from = samples.Of(sample, _room);
        for (int i = 0; i < from.Length; i++) row[i] = scale * from[i];
    }

    /// <summary>The coefficients of the features as they are, from the regression's dual solution: scale^2 F^T a.</summary>
    public double[] Coefficients(ReadOnlySpan<double> dual)
    {
        double[] sum = new double[Width], row = new double[Width];
        for (int sample = 0; sample < dual.Length; sample++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(samples.Of(sample, _room), row);
            TensorPrimitives.MultiplyAdd(row, scale * scale * dual[sample], sum, sum);
        }

        return sum;
    }

    /// <summary>The coefficients of the features as they are, from those of the scaled ones.</summary>
    public double[] Coefficients(ReadOnlySpan<double> scaled, int at)
    {
        double[] all = new double[Width];
        for (int i = 0; i < Width; i++) all[i] = scale * scaled[at + i];
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
        if (samples.Whole is float[] whole)
        {
            AddGram(whole, Width, Width, kernel);
            return;
        }

        // A sample is read once for many features, not once for every panel.
        int most = Math.Min(Width, Math.Max(1, MostRead / Math.Max(1, Count) / Depth) * Depth);
        float[] part = new float[Count * most];
        for (int from = 0; from < Width; from += most)
        {
            int take = Math.Min(most, Width - from);
            for (int sample = 0; sample < Count; sample++) samples.Of(sample, _room).Slice(from, take).CopyTo(part.AsSpan(sample * most));
            AddGram(part, most, take, kernel);
        }
    }

    // Of the first features of values [sample, stride].
    private void AddGram(float[] values, int stride, int end, double[] kernel)
    {
        double[] panel = ArrayPool<double>.Shared.Rent(Count * Depth);
        for (int from = 0; from < end; from += Depth)
        {
            int depth = Math.Min(Depth, end - from);
            for (int sample = 0; sample < Count; sample++)
            {
                Span<double> row = panel.AsSpan(sample * Depth, depth);
                TensorPrimitives.ConvertTruncating<float, double>(values.AsSpan((sample * stride) + from, depth), row);
                if (scale != 1) TensorPrimitives.Multiply(row, scale, row);
            }

            Block rows = new(panel, 0, Depth);
            RowProducts.Add(1, rows, rows, new Block(kernel, 0, Count), Count, Count, depth, lowerOnly: true);
        }

        ArrayPool<double>.Shared.Return(panel);
    }

    private static int Row(int i) => (int)((long)i * (i + 1) / 2);
}
