using System.Numerics.Tensors;
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
        {
            for (int t = 0; t < features.Time; t++)
            {
                ReadOnlySpan<float> frame = features.Values.AsSpan((clip * length) + (t * width), width);
                for (int i = 0; i < mean.Length; i++) mean[i] += frame[i] / count;
            }
        }

        foreach (int clip in clips)
        {
            for (int t = 0; t < features.Time; t++)
            {
                ReadOnlySpan<float> frame = features.Values.AsSpan((clip * length) + (t * width), width);
                for (int i = 0; i < mean.Length; i++)
                {
                    double deviation = frame[i] - mean[i];
                    variance[i] += deviation * deviation / count;
                }
            }
        }

        double[] sorted = [.. variance.Select(Math.Sqrt).Order()];
        double floor = Floor * sorted[width / 2];
        return new Standardizer(
            [.. mean.Select(m => (float)m)],
            [.. variance.Select(v => (float)(Math.Sqrt(v) > floor ? Math.Sqrt(v) : floor > 0 ? floor : 1))]);
    }

    /// <summary>The scaling of some features alone, in the order given.</summary>
    public Standardizer Of(ReadOnlySpan<int> chosen)
    {
        float[] means = new float[chosen.Length], scales = new float[chosen.Length];
        for (int i = 0; i < chosen.Length; i++) (means[i], scales[i]) = (Means[chosen[i]], Scales[chosen[i]]);
        return new Standardizer(means, scales);
    }

    /// <summary>Scales [clip, time, point, coordinate] in place.</summary>
    public void Apply(Span<float> values)
    {
        int width = Means.Length;
        if (values.Length % width != 0) throw new ArgumentException($"{values.Length} values are no whole number of frames of {width}.", nameof(values));
        for (int row = 0; row < values.Length; row += width)
        {
            Span<float> frame = values.Slice(row, width);
            TensorPrimitives.Subtract(frame, Means, frame);
            TensorPrimitives.Divide(frame, Scales, frame);
        }
    }
}
