using System.Globalization;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Which baselines a relevance is measured against, as written on the command line.</summary>
public sealed record BaselineSpec
{
    private BaselineSpec(string text, string kind, int count) => (Text, Kind, Count) = (text, kind, count);

    /// <summary>As written: <c>typical</c>, <c>typical:K</c>, <c>onset</c>, <c>mean</c> or <c>zero</c>.</summary>
    public string Text { get; }

    private string Kind { get; }

    private int Count { get; }

    /// <summary>Reads a specification.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static BaselineSpec Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts is ["typical", var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k > 0)
            return new BaselineSpec(text, "medoids", k);
        return parts is ["typical" or "onset" or "mean" or "zero"]
            ? new BaselineSpec(text, text, 0)
            : throw new ArgumentException($"'{text}' is no baseline; choose typical, typical:K (K of 1 or more), onset, mean or zero.", nameof(text));
    }

    /// <summary>Whether these are the typical clips that a saved model carries.</summary>
    public bool IsTypical => Kind == "typical";

    /// <summary>Whether they are taken from clips of other labels.</summary>
    public bool NeedsOthers => Kind is "typical" or "medoids";

    /// <summary>The typical clips of the other labels among a split's training clips, with some landmarks only; null where there is no other label.</summary>
    internal static Baselines? Typical(FoldData data, int[] landmarks)
    {
        if (data.Labels.All(l => l == data.Emotion)) return null;
        ClipData clips = data.Train(landmarks);
        return Parse("typical").Build(clips.Clips, data.Labels, data.Emotion, ClipRows.From([], clips.Clips.Length), clips.Time, clips.Features);
    }

    /// <summary>The baselines, from training clips alone.</summary>
    /// <param name="training">The training clips, scaled.</param>
    /// <param name="labels">[clip]: their labels.</param>
    /// <param name="emotion">The positive label.</param>
    /// <param name="explained">The clips to be explained.</param>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    public Baselines Build(
        ClipRows training, IReadOnlyList<string> labels, string emotion, ClipRows explained, int time, int features)
    {
        int[] negatives = [.. Enumerable.Range(0, labels.Count).Where(i => labels[i] != emotion)];
        return Kind switch
        {
            "medoids" => Baselines.Medoids(training, Clustering.Cluster(training, negatives, Math.Min(Count, negatives.Length))),
            "onset" => Baselines.Onset(explained, time, features),
            "mean" => Baselines.Mean(training),
            "zero" => Baselines.Zero(time * features),
            _ => Baselines.Medoids(training, [.. negatives.GroupBy(i => labels[i], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray())]),
        };
    }
}
