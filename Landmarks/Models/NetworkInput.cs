using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Landmarks.Models;

/// <summary>
/// What networks of some landmarks are trained on: the clips as they come, or, where networks begin with <see cref="PointDistances"/>, what
/// that makes of them. The layer never changes, so it sees the training clips once and not in every epoch; the scales of distances
/// are those of the training clips.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="places">The scaling of the landmarks' coordinates.</param>
/// <param name="train">The training clips, scaled.</param>
internal sealed class NetworkInput(ClassifierOptions model, Standardizer places, ClipData train)
{
    private const int BatchSize = 128;

    private (float[] Means, float[] Gains)? _distances;
    private ClipData? _seen;

    /// <summary>Whether networks see the clips as they come.</summary>
    public bool IsPlain => model.Points is null;

    /// <summary>A network with starting values of a seed.</summary>
    public Classifier Build(IBackend backend, ulong seed)
    {
        Classifier classifier = model.Build(backend, train.Time, train.Features, seed);
        if (classifier.Distances is not { } first) return classifier;
        first.SetPlaces(places.Scales, places.Means);
        (float[] means, float[] gains) = _distances ??= Fit(first, backend);
        first.SetDistances(means, gains);
        return classifier;
    }

    /// <summary>The training clips as what trains a network sees them.</summary>
    /// <param name="classifier">One that <see cref="Build"/> gave.</param>
    public ClipData Seen(Classifier classifier) => IsPlain ? train : _seen ??= Seen(classifier, train);

    /// <summary>The same of other clips.</summary>
    public static ClipData Seen(Classifier classifier, ClipData clips)
    {
        if (classifier.Distances is not { } first) return clips;
        ClipRows rows = RowsWriter.Write(clips.Count, clips.Time * first.Width, Rows(classifier.Backend, clips, first.Apply));
        return new ClipData(clips.Time, first.Width, rows, clips.Targets);
    }

    // Mean and 1 / scale of every distance, over the training clips.
    private (float[] Means, float[] Gains) Fit(PointDistances first, IBackend backend)
    {
        double[] means = new double[first.Pairs], variances = new double[first.Pairs];
        double count = 0;
        foreach (float[] clip in Rows(backend, train, first.Unscaled))
        {
            count += train.Time;
            for (int i = 0; i < clip.Length; i++) means[i % first.Pairs] += clip[i];
        }

        for (int p = 0; p < means.Length; p++) means[p] /= count;
        foreach (float[] clip in Rows(backend, train, first.Unscaled))
        {
            for (int i = 0; i < clip.Length; i++)
            {
                double off = clip[i] - means[i % first.Pairs];
                variances[i % first.Pairs] += off * off;
            }
        }

        double[] scales = Standardizer.ScalesOf([.. variances.Select(v => v / count)]);
        return ([.. means.Select(m => (float)m)], [.. scales.Select(s => (float)(1 / s))]);
    }

    // What an op makes of every clip, in batches.
    private static IEnumerable<float[]> Rows(IBackend backend, ClipData clips, Func<Tape, Tensor, Tensor> op)
    {
        float[] room = clips.Clips.Whole is null ? new float[Math.Min(BatchSize, clips.Count) * clips.Clips.Length] : [];
        for (int at = 0; at < clips.Count; at += BatchSize)
        {
            int count = Math.Min(BatchSize, clips.Count - at);
            using Tape tape = new(backend);
            float[] made = op(tape, tape.Input(new Shape(count, clips.Time, clips.Features), clips.Clips.Range(at, count, room))).ToArray();
            int length = made.Length / count;
            for (int i = 0; i < count; i++) yield return made[(i * length)..((i + 1) * length)];
        }
    }
}
