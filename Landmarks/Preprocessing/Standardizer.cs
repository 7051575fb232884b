using System.Numerics.Tensors;
using System.Text.Json.Serialization;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>
/// Mean and scale of every coordinate of every landmark, over the frames of the training clips. Pooled over time, so that early
/// frames, where displacements are near zero, are not blown up; each kind of row by itself.
/// </summary>
public sealed class Standardizer
{
    // A coordinate that hardly moves is scaled as if it moved this part of the median one: noise must not look like signal.
    private const double Floor = 1e-2;

    // Rows of fewer numbers cost more in calls than in work.
    private const int Narrow = 16;

    /// <summary>A scaling with known values.</summary>
    /// <param name="means">[kind of row, point, channel].</param>
    /// <param name="scales">[kind of row, point, channel].</param>
    /// <param name="rows">[kind of row]: how many rows of a clip are of it, one kind below the other. Empty: all are of one.</param>
    [JsonConstructor]
    public Standardizer(float[] means, float[] scales, int[]? rows = null)
    {
        if (means.Length != scales.Length) throw new ArgumentException($"{means.Length} means were given for {scales.Length} scales.");
        (Means, Scales, Rows) = (means, scales, rows ?? []);
        if (means.Length % Kinds != 0) throw new ArgumentException($"{means.Length} means are no whole number for each of {Kinds} kinds of rows.");
    }

    /// <summary>[kind of row, point, channel].</summary>
    public float[] Means { get; }

    /// <summary>[kind of row, point, channel]: standard deviations, none near zero.</summary>
    public float[] Scales { get; }

    /// <summary>[kind of row]: rows of a clip; empty where all rows of a clip are of one kind.</summary>
    public int[] Rows { get; }

    private int Kinds => Math.Max(1, Rows.Length);

    private int Width => Means.Length / Kinds;

    /// <summary>Fits to some clips.</summary>
    /// <exception cref="ArgumentException">There are no clips.</exception>
    public static Standardizer Fit(FeatureSet features, ReadOnlySpan<int> clips)
    {
        if (clips.Length == 0) throw new ArgumentException("A scaling needs at least one training clip.", nameof(clips));
        int width = features.Points * features.Dimensions;
        float[] means = new float[features.Blocks.Count * width], scales = new float[means.Length], room = new float[features.Values.Length];
        double[] current = new double[width];
        for (int k = 0; k < features.Blocks.Count; k++)
        {
            FeatureRows block = features.Blocks[k];
            double[] mean = new double[width], variance = new double[width];
            double count = (double)clips.Length * block.Count;
            foreach (int clip in clips)
            {
                ReadOnlySpan<float> values = features.Values.Of(clip, room);
                for (int row = block.First; row < block.First + block.Count; row++)
                {
                    TensorPrimitives.ConvertTruncating<float, double>(values.Slice(row * width, width), current);
                    TensorPrimitives.Add<double>(mean, current, mean);
                }
            }

            TensorPrimitives.Divide(mean, count, mean);
            foreach (int clip in clips)
            {
                ReadOnlySpan<float> values = features.Values.Of(clip, room);
                for (int row = block.First; row < block.First + block.Count; row++)
                {
                    TensorPrimitives.ConvertTruncating<float, double>(values.Slice(row * width, width), current);
                    TensorPrimitives.Subtract<double>(current, mean, current);
                    TensorPrimitives.MultiplyAdd<double>(current, current, variance, variance);
                }
            }

            TensorPrimitives.Divide(variance, count, variance);
            double[] scale = ScalesOf(variance);
            for (int i = 0; i < width; i++)
            {
                means[(k * width) + i] = (float)mean[i];
                scales[(k * width) + i] = (float)scale[i];
            }
        }

        return new Standardizer(means, scales, features.Blocks.Count == 1 ? [] : [.. features.Blocks.Select(b => b.Count)]);
    }

    /// <summary>What numbers of these variances are divided by: their standard deviations, none near zero.</summary>
    /// <param name="variances">Of numbers that are scaled together; at least one.</param>
    internal static double[] ScalesOf(double[] variances)
    {
        double floor = Floor * variances.Select(Math.Sqrt).Order().ElementAt(variances.Length / 2);
        return [.. variances.Select(v => Math.Sqrt(v) > floor ? Math.Sqrt(v) : floor > 0 ? floor : 1)];
    }

    /// <summary>The scaling of some columns (point, channel) alone, in the order given.</summary>
    public Standardizer Of(ReadOnlySpan<int> chosen)
    {
        float[] means = new float[Kinds * chosen.Length], scales = new float[means.Length];
        for (int k = 0; k < Kinds; k++)
        {
            for (int i = 0; i < chosen.Length; i++)
            {
                int from = (k * Width) + chosen[i], to = (k * chosen.Length) + i;
                (means[to], scales[to]) = (Means[from], Scales[from]);
            }
        }

        return new Standardizer(means, scales, Rows);
    }

    /// <summary>Scales [clip, row, point, channel] in place.</summary>
    /// <exception cref="ArgumentException">The values are no whole number of clips.</exception>
    public void Apply(Span<float> values)
    {
        int width = Width, rows = Math.Max(1, Rows.Sum());
        if (values.Length % (rows * width) != 0) throw new ArgumentException($"{values.Length} values are no whole number of {rows} row(s) of {width}.", nameof(values));
        for (int at = 0; at < values.Length;)
        {
            for (int k = 0; k < Kinds; k++)
            {
                ReadOnlySpan<float> means = Means.AsSpan(k * width, width), scales = Scales.AsSpan(k * width, width);
                for (int r = 0; r < (Rows.Length > 0 ? Rows[k] : 1); r++, at += width)
                {
                    Span<float> row = values.Slice(at, width);
                    if (width < Narrow)
                    {
                        for (int i = 0; i < row.Length; i++) row[i] = (row[i] - means[i]) / scales[i];
                        continue;
                    }

                    TensorPrimitives.Subtract(row, means, row);
                    TensorPrimitives.Divide(row, scales, row);
                }
            }
        }
    }

    /// <summary>[row, point, channel]: the scale of every number of a clip of so many rows.</summary>
    public float[] ScalesByRow(int rows) => ByRow(Scales, rows);

    /// <summary>[row, point, channel]: the mean of every number of a clip of so many rows.</summary>
    public float[] MeansByRow(int rows) => ByRow(Means, rows);

    private float[] ByRow(float[] values, int rows) =>
        [.. Enumerable.Range(0, rows).SelectMany(row => values.Skip(KindOf(row) * Width).Take(Width))];

    private int KindOf(int row)
    {
        int kind = 0;
        while (kind < Rows.Length && row >= Rows[kind]) row -= Rows[kind++];
        return Rows.Length == 0 ? 0 : kind;
    }
}
