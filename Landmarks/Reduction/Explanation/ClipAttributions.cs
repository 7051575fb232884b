using EmotionXai.Explain;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What every landmark adds to a clip's logit, frame by frame: the mean over baselines and networks.</summary>
/// <param name="clips">Clips explained.</param>
/// <param name="features">Whose rows they are.</param>
internal sealed class ClipAttributions(int clips, FeatureSet features) : IAttributionSink
{
    private readonly double[] _sums = new double[clips * Slots(features) * features.Points];
    private readonly int[] _pairs = new int[clips];
    private readonly int[] _slotOf = SlotOf(features);

    /// <summary>Frames of a clip, and one more for features that belong to no moment, where there are any.</summary>
    public static int Slots(FeatureSet features) => features.Frames + (features.Blocks.All(b => b.InTime) ? 0 : 1);

    /// <inheritdoc/>
    public void Add(in PairAttribution pair)
    {
        ReadOnlySpan<double> values = pair.Values;
        int points = features.Points, channels = features.Dimensions, row = points * channels, slots = Slots(features);
        _pairs[pair.Clip]++;
        for (int t = 0; t < features.Time; t++)
        {
            Span<double> sums = _sums.AsSpan(((pair.Clip * slots) + _slotOf[t]) * points, points);
            for (int i = 0; i < row; i++) sums[i / channels] += values[(t * row) + i];
        }
    }

    /// <summary>[clip, frame (and the rest), landmark] as little-endian float32, which JSON keeps as base64.</summary>
    public byte[] ToBytes()
    {
        int length = _sums.Length / Math.Max(1, clips);
        float[] means = [.. _sums.Select((s, i) => (float)(s / Math.Max(1, _pairs[i / length])))];
        byte[] bytes = new byte[means.Length * sizeof(float)];
        for (int i = 0; i < means.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), means[i]);
        return bytes;
    }

    /// <summary>The way back.</summary>
    public static float[] FromBytes(byte[] bytes)
    {
        float[] values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++) values[i] = System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }

    // Moments of several series are one frame; what is no moment comes last.
    private static int[] SlotOf(FeatureSet features)
    {
        int[] slots = new int[features.Time];
        foreach (FeatureRows block in features.Blocks)
            for (int t = 0; t < block.Count; t++) slots[block.First + t] = block.InTime ? t : features.Frames;
        return slots;
    }
}
