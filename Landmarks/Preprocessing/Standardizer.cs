using System.Text.Json.Serialization;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>
/// Mean and scale of every coordinate of every landmark, over the frames of the training clips. Pooled over time, so that early
/// frames, where displacements are near zero, are not blown up.
/// </summary>
public sealed class Standardizer
{
    // A coordinate that hardly moves is scaled as if it moved this part of the median one: noise must not look like signal.
    private const double Floor = 1e-2;

    /// <summary>A scaling with known values.</summary>
    [JsonConstructor]
    public Standardizer(float[] means, float[] scales)
    {
        if (means.Length != scales.Length) throw new ArgumentException($"{means.Length} means were given for {scales.Length} scales.");
        (Means, Scales) = (means, scales);
    }

    /// <summary>[point, coordinate].</summary>
    public float[] Means { get; }

    /// <summary>[point, coordinate]: standard deviations, none near zero.</summary>
    public float[] Scales { get; }

    /// <summary>Fits to some clips.</summary>
    /// <exception cref="ArgumentException">There are no clips.</exception>
    public static Standardizer Fit(FeatureSet features, ReadOnlySpan<int> clips)
    {
        if (clips.Length == 0) throw new ArgumentException("A scaling needs at least one training clip.", nameof(clips));
        int width = features.Points * features.Dimensions, length = features.Time * width;
        double[] mean = new double[width], variance = new double[width];
        double count = (double)clips.Length * features.Time;
        foreach (int clip in clips)
            for (int i = 0; i < length; i++) mean[i % width] += features.Values[(clip * length) + i] / count;
        foreach (int clip in clips)
        {
            for (int i = 0; i < length; i++)
            {
                double deviation = features.Values[(clip * length) + i] - mean[i % width];
                variance[i % width] += deviation * deviation / count;
            }
        }

        double[] sorted = [.. variance.Select(Math.Sqrt).Order()];
        double floor = Floor * sorted[width / 2];
        return new Standardizer(
            [.. mean.Select(m => (float)m)],
            [.. variance.Select(v => (float)(Math.Sqrt(v) > floor ? Math.Sqrt(v) : floor > 0 ? floor : 1))]);
    }

    /// <summary>Scales [clip, time, point, coordinate] in place.</summary>
    public void Apply(Span<float> values)
    {
        int width = Means.Length;
        if (values.Length % width != 0) throw new ArgumentException($"{values.Length} values are no whole number of frames of {width}.", nameof(values));
        for (int row = 0; row < values.Length; row += width)
        {
            Span<float> frame = values.Slice(row, width);
            for (int i = 0; i < width; i++) frame[i] = (frame[i] - Means[i]) / Scales[i];
        }
    }
}
