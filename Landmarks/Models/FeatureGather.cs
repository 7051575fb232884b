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
        int[] chosen = [.. landmarks.SelectMany(landmark => Enumerable.Range(landmark * dimensions, dimensions))];
        float[] gathered = GC.AllocateUninitializedArray<float>(clips.Length * features.Time * width);
        int to = 0;
        foreach (int index in clips)
        {
            for (int t = 0; t < features.Time; t++)
            {
                ReadOnlySpan<float> frame = features.Values.AsSpan((index * length) + (t * points * dimensions), points * dimensions);
                foreach (int feature in chosen) gathered[to++] = frame[feature];
            }
        }

        scaling.Of(chosen).Apply(gathered);
        return gathered;
    }
}
