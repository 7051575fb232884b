using System.Numerics.Tensors;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>What clips are compared with: a number of baselines, the same for every clip or one's own for each.</summary>
public sealed class Baselines
{
    private readonly float[] _values;

    private Baselines(float[] values, int count, int length, bool shared) => (_values, Count, Length, Shared) = (values, count, length, shared);

    /// <summary>Baselines a clip.</summary>
    public int Count { get; }

    /// <summary>Numbers a baseline: time x features.</summary>
    public int Length { get; }

    /// <summary>Whether every clip has the same.</summary>
    public bool Shared { get; }

    /// <summary>One baseline of one clip, [time, feature].</summary>
    public ReadOnlySpan<float> Of(int clip, int baseline) => _values.AsSpan(((Shared ? 0 : clip * Count) + baseline) * Length, Length);

    /// <summary>The baselines of some clips in a row.</summary>
    internal Baselines Part(int firstClip, int clips) =>
        Shared ? this : new Baselines(_values[(firstClip * Count * Length)..((firstClip + clips) * Count * Length)], Count, Length, shared: false);

    /// <summary>The number of clips.</summary>
    /// <exception cref="ArgumentException">The clips are no whole number, or these are not their baselines.</exception>
    internal int CountOf(ReadOnlySpan<float> clips, int length)
    {
        if (clips.Length % length != 0)
            throw new ArgumentException($"{clips.Length} values are no whole number of clips of {length}.", nameof(clips));
        Check(clips.Length / length, length);
        return clips.Length / length;
    }

    /// <exception cref="ArgumentException">These are not the baselines of so many clips of that length.</exception>
    internal void Check(int clips, int length)
    {
        if (Length != length) throw new ArgumentException($"The baselines have {Length} numbers each, but the classifier's clips have {length}.");
        int own = _values.Length / Length / Count;
        if (!Shared && own != clips) throw new ArgumentException($"The baselines are those of {own} clips, but {clips} were given.", nameof(clips));
    }

    /// <summary>The same baselines for every clip.</summary>
    /// <param name="values">[baseline, time, feature].</param>
    /// <param name="length">time x features.</param>
    /// <exception cref="ArgumentException">The values are no whole, positive number of baselines.</exception>
    public static Baselines ForAll(float[] values, int length)
    {
        if (length < 1 || values.Length == 0 || values.Length % length != 0)
            throw new ArgumentException($"{values.Length} values are no whole number of baselines of {length}.", nameof(values));
        return new Baselines(values, values.Length / length, length, shared: true);
    }

    /// <summary>All zeros: with standardised features, the mean of the training clips' frames.</summary>
    public static Baselines Zero(int length) => ForAll(new float[length], length);

    /// <summary>The mean of the clips, frame by frame.</summary>
    /// <param name="clips">The clips.</param>
    /// <exception cref="ArgumentException">There is no clip.</exception>
    public static Baselines Mean(ClipRows clips)
    {
        int length = clips.Length;
        if (length < 1 || clips.Count == 0) throw new ArgumentException($"{clips.Count} clips of {length} numbers have no mean.", nameof(clips));
        double[] sum = new double[length], values = new double[length];
        float[] room = new float[length];
        for (int clip = 0; clip < clips.Count; clip++)
        {
            TensorPrimitives.ConvertTruncating(clips.Of(clip, room), values);
            TensorPrimitives.Add<double>(sum, values, sum);
        }

        float[] mean = new float[length];
        TensorPrimitives.Divide(sum, clips.Count, sum);
        TensorPrimitives.ConvertTruncating<double, float>(sum, mean);
        return ForAll(mean, length);
    }

    /// <summary>For each clip its own first frame, held for all time: the face before it moved.</summary>
    /// <param name="clips">The clips, each [time, feature].</param>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    public static Baselines Onset(ClipRows clips, int time, int features)
    {
        float[] values = new float[checked(clips.Count * time * features)], room = new float[clips.Length];
        for (int row = 0; row < clips.Count * time; row++)
            clips.Of(row / time, room)[..features].CopyTo(values.AsSpan(row * features));
        return new Baselines(values, 1, time * features, shared: false);
    }

    /// <summary>Typical clips: the medoid of each cluster, which is a clip that was really seen, unlike a mean.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="clusters">The indices of the clips of each cluster; none empty.</param>
    public static Baselines Medoids(ClipRows clips, IReadOnlyList<int[]> clusters)
    {
        int length = clips.Length;
        float[] values = new float[clusters.Count * length];
        for (int c = 0; c < clusters.Count; c++) clips.Copy(Clustering.Medoid(clips, clusters[c]), values.AsSpan(c * length, length));
        return ForAll(values, length);
    }
}
