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
        float[] clip = new float[length], gathered = new float[clips.Length * features.Time * width];
        int to = 0;
        foreach (int index in clips)
        {
            features.Values.AsSpan(index * length, length).CopyTo(clip);
            scaling.Apply(clip);
            if (landmarks.Length == points)
            {
                clip.CopyTo(gathered.AsSpan(to));
                to += length;
                continue;
            }

            for (int t = 0; t < features.Time; t++)
            {
                int from = t * points * dimensions;
                foreach (int landmark in landmarks)
                    for (int d = 0; d < dimensions; d++) gathered[to++] = clip[from + (landmark * dimensions) + d];
            }
        }

        return gathered;
    }
}
