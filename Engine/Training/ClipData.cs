using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>Clips with targets, on the host.</summary>
public sealed class ClipData
{
    /// <summary>Clips that stand in one array, and their targets.</summary>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="values">[clip, time, feature].</param>
    /// <param name="targets">[clip], or [clip, <paramref name="targetWidth"/>]. For a binary classifier 1 for the positive class, else 0.</param>
    /// <param name="targetWidth">Numbers a clip's target has.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public ClipData(int time, int features, float[] values, float[] targets, int targetWidth = 1)
        : this(time, features, Rows(time, features, values, targets, targetWidth), targets, targetWidth)
    {
    }

    /// <summary>Clips from anywhere, and their targets.</summary>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="clips">The clips; they are read in every epoch anew where they do not stand in memory.</param>
    /// <param name="targets">[clip], or [clip, <paramref name="targetWidth"/>].</param>
    /// <param name="targetWidth">Numbers a clip's target has.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public ClipData(int time, int features, ClipRows clips, float[] targets, int targetWidth = 1)
    {
        Count = CountOf(targets, targetWidth);
        if (clips.Count != Count || (Count > 0 && clips.Length != time * features))
            throw new ArgumentException($"{clips.Count} clips of {clips.Length} numbers were given for {Count} targets of clips of {time} x {features}.", nameof(clips));
        (Time, Features, Clips, Targets, TargetWidth) = (time, features, clips, targets, targetWidth);
    }

    /// <summary>Steps of a clip.</summary>
    public int Time { get; }

    /// <summary>Features a step.</summary>
    public int Features { get; }

    /// <summary>The clips, each [time, feature].</summary>
    public ClipRows Clips { get; }

    /// <summary>[clip, <see cref="TargetWidth"/>].</summary>
    public float[] Targets { get; }

    /// <summary>Numbers a clip's target has.</summary>
    public int TargetWidth { get; }

    /// <summary>Clips.</summary>
    public int Count { get; }

    /// <summary>Clips of one class each, their targets 1 at the class and 0 elsewhere.</summary>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="values">[clip, time, feature].</param>
    /// <param name="classes">[clip]: its class, from 0.</param>
    /// <param name="count">How many classes there are.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or a class is not below <paramref name="count"/>.</exception>
    public static ClipData OfClasses(int time, int features, float[] values, IReadOnlyList<int> classes, int count)
    {
        float[] targets = new float[checked(classes.Count * count)];
        for (int clip = 0; clip < classes.Count; clip++)
        {
            if (classes[clip] < 0 || classes[clip] >= count) throw new ArgumentException($"Clip {clip} is of class {classes[clip]}; classes are numbered from 0 to {count - 1}.", nameof(classes));
            targets[(clip * count) + classes[clip]] = 1;
        }

        return new ClipData(time, features, values, targets, count);
    }

    private static int CountOf(float[] targets, int targetWidth)
    {
        if (targetWidth < 1) Throw.OutOfRange(nameof(ClipData), nameof(targetWidth), targetWidth, "1 or more");
        if (targets.Length % targetWidth != 0) throw new ArgumentException($"{targets.Length} numbers are no whole number of targets of {targetWidth}.", nameof(targets));
        return targets.Length / targetWidth;
    }

    private static ClipRows Rows(int time, int features, float[] values, float[] targets, int targetWidth)
    {
        int count = CountOf(targets, targetWidth);
        if (values.Length != (long)count * time * features) ShapeError.WrongLength(nameof(values), values.Length, new Shape(count, time, features));
        return ClipRows.From(values, time * features);
    }
}
