using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Drops unsure frames and missing points, and fills them by linear interpolation in time (at the ends: the nearest sure frame).</summary>
internal static class Gaps
{
    /// <summary>[time, point, coordinate] without gaps, or null with the reason why the clip cannot be used.</summary>
    public static double[]? Fill(LandmarkClip clip, int dimensions, double minConfidence, double minSure, out string? reason)
    {
        bool[] sure = [.. clip.Confidence.Select(c => c >= minConfidence)];
        int count = sure.Count(s => s);
        if (count == 0 || count < minSure * clip.Frames)
        {
            reason = $"{count} of {clip.Frames} frames are sure (confidence {minConfidence} or more)";
            return null;
        }

        int width = clip.Points * dimensions;
        double[] track = new double[clip.Frames * width];
        int[] known = new int[clip.Frames];
        for (int p = 0; p < clip.Points; p++)
        {
            for (int d = 0; d < dimensions; d++)
            {
                int n = 0;
                for (int t = 0; t < clip.Frames; t++)
                {
                    float value = clip.Point(t, p)[d];
                    if (!sure[t] || !float.IsFinite(value)) continue;
                    known[n++] = t;
                    track[(t * width) + (p * dimensions) + d] = value;
                }

                if (n == 0)
                {
                    reason = $"point {p} is missing in every sure frame";
                    return null;
                }

                Interpolate(track, (p * dimensions) + d, width, known.AsSpan(0, n), clip.Frames);
            }
        }

        reason = null;
        return track;
    }

    private static void Interpolate(double[] track, int column, int width, ReadOnlySpan<int> known, int frames)
    {
        for (int t = 0; t < known[0]; t++) track[(t * width) + column] = track[(known[0] * width) + column];
        for (int t = known[^1] + 1; t < frames; t++) track[(t * width) + column] = track[(known[^1] * width) + column];
        for (int k = 1; k < known.Length; k++)
        {
            int from = known[k - 1], to = known[k];
            double low = track[(from * width) + column], high = track[(to * width) + column];
            for (int t = from + 1; t < to; t++) track[(t * width) + column] = low + ((high - low) * (t - from) / (to - from));
        }
    }
}
