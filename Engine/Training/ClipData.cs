using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>Clips with targets, on the host.</summary>
public sealed class ClipData
{
    /// <summary>Clips and their targets.</summary>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="values">[clip, time, feature].</param>
    /// <param name="targets">[clip]: 1 for the positive class, else 0.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public ClipData(int time, int features, float[] values, float[] targets)
    {
        if (values.Length != (long)targets.Length * time * features)
            Throw.WrongLength(nameof(values), values.Length, new Shape(targets.Length, time, features));
        (Time, Features, Values, Targets) = (time, features, values, targets);
    }

    /// <summary>Steps of a clip.</summary>
    public int Time { get; }

    /// <summary>Features a step.</summary>
    public int Features { get; }

    /// <summary>[clip, time, feature].</summary>
    public float[] Values { get; }

    /// <summary>[clip].</summary>
    public float[] Targets { get; }

    /// <summary>Clips.</summary>
    public int Count => Targets.Length;

    /// <summary>One clip, [time, feature].</summary>
    public ReadOnlySpan<float> Clip(int index) => Values.AsSpan(index * Time * Features, Time * Features);
}
