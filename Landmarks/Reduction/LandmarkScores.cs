using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Scores of landmarks that need no network, and the orders that follow from scores.</summary>
public static class LandmarkScores
{
    /// <summary>Motion: the mean over clips and baselines of the sum over time and coordinates of |x - baseline|, as far as the face really moved.</summary>
    /// <param name="clips">[clip, time, point, coordinate], scaled.</param>
    /// <param name="baselines">What the clips are compared with, scaled.</param>
    /// <param name="scales">[point, coordinate]: undoes the scaling.</param>
    /// <param name="points">Landmarks.</param>
    /// <param name="dimensions">Coordinates a landmark.</param>
    public static double[] Motion(ReadOnlySpan<float> clips, Baselines baselines, ReadOnlySpan<float> scales, int points, int dimensions)
    {
        double[] scores = new double[points];
        int length = baselines.Length, count = clips.Length / length;
        for (int clip = 0; clip < count; clip++)
        {
            ReadOnlySpan<float> x = clips.Slice(clip * length, length);
            for (int k = 0; k < baselines.Count; k++)
            {
                ReadOnlySpan<float> b = baselines.Of(clip, k);
                for (int i = 0; i < length; i++) scores[i / dimensions % points] += Math.Abs(x[i] - b[i]) * scales[i % scales.Length];
            }
        }

        return [.. scores.Select(s => s / ((double)count * baselines.Count))];
    }

    /// <summary>
    /// Fisher score: for every feature the squared difference of the class means over the sum of the class variances, summed
    /// over time and coordinates. A constant feature scores 0.
    /// </summary>
    /// <param name="clips">[clip, time, point, coordinate].</param>
    /// <param name="targets">[clip]: above one half is positive.</param>
    /// <param name="points">Landmarks.</param>
    /// <param name="dimensions">Coordinates a landmark.</param>
    public static double[] Fisher(ReadOnlySpan<float> clips, ReadOnlySpan<float> targets, int points, int dimensions)
    {
        int length = clips.Length / targets.Length;
        double[,] sum = new double[2, length], squares = new double[2, length];
        int[] count = new int[2];
        for (int clip = 0; clip < targets.Length; clip++)
        {
            int c = targets[clip] > 0.5f ? 1 : 0;
            count[c]++;
            ReadOnlySpan<float> x = clips.Slice(clip * length, length);
            for (int i = 0; i < length; i++)
            {
                sum[c, i] += x[i];
                squares[c, i] += (double)x[i] * x[i];
            }
        }

        double[] scores = new double[points];
        for (int i = 0; i < length; i++)
        {
            double m0 = sum[0, i] / count[0], m1 = sum[1, i] / count[1];
            double variance = (squares[0, i] / count[0]) - (m0 * m0) + (squares[1, i] / count[1]) - (m1 * m1);
            if (variance > 1e-12) scores[i / dimensions % points] += (m1 - m0) * (m1 - m0) / variance;
        }

        return scores;
    }

    /// <summary>Landmarks by falling score; the lower index first among equals.</summary>
    public static int[] Order(IReadOnlyList<double> scores) =>
        [.. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).ThenBy(i => i)];
}
