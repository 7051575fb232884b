using System.Runtime.InteropServices;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Models;

/// <summary>Scaled features of some clips and some landmarks, in one array.</summary>
internal static class FeatureGather
{
    /// <summary>[clip, time, landmark, coordinate].</summary>
    public static float[] Gather(FeatureSet features, Standardizer scaling, ReadOnlySpan<int> clips, int[] landmarks)
    {
        int points = features.Points, dimensions = features.Dimensions, length = features.Time * points * dimensions;
        int width = landmarks.Length * dimensions;
        float[] gathered = GC.AllocateUninitializedArray<float>(clips.Length * features.Time * width);
        for (int c = 0; c < clips.Length; c++)
        {
            for (int t = 0; t < features.Time; t++)
            {
                ReadOnlySpan<float> frame = features.Values.AsSpan((clips[c] * length) + (t * points * dimensions), points * dimensions);
                Pick(frame, landmarks, dimensions, gathered.AsSpan(((c * features.Time) + t) * width, width));
            }
        }

        int[] chosen = [.. landmarks.SelectMany(landmark => Enumerable.Range(landmark * dimensions, dimensions))];
        scaling.Of(chosen).Apply(gathered);
        return gathered;
    }

    // Two coordinates, nearly always the case, are one number of twice the size.
    private static void Pick(ReadOnlySpan<float> frame, int[] landmarks, int dimensions, Span<float> to)
    {
        if (dimensions == 2)
        {
            ReadOnlySpan<ulong> pairs = MemoryMarshal.Cast<float, ulong>(frame);
            Span<ulong> picked = MemoryMarshal.Cast<float, ulong>(to);
            for (int i = 0; i < landmarks.Length; i++) picked[i] = pairs[landmarks[i]];
            return;
        }

        for (int i = 0; i < landmarks.Length; i++)
            for (int d = 0; d < dimensions; d++) to[(i * dimensions) + d] = frame[(landmarks[i] * dimensions) + d];
    }
}
