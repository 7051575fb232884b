using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Scores of landmarks that need no network, and the orders that follow from scores.</summary>
public static class LandmarkScores
{
    /// <summary>Motion: the mean over clips and baselines of the sum over time and coordinates of |x - baseline|, in standard deviations of each.</summary>
    /// <param name="clips">The clips, each [time, point, coordinate], scaled.</param>
    /// <param name="baselines">What the clips are compared with, scaled.</param>
    /// <param name="points">Landmarks.</param>
    /// <param name="dimensions">Coordinates a landmark.</param>
    public static double[] Motion(ClipRows clips, Baselines baselines, int points, int dimensions)
    {
        double[] scores = new double[points];
        int length = baselines.Length, count = clips.Count;
        float[] room = new float[clips.Length];
        for (int clip = 0; clip < count; clip++)
        {
            ReadOnlySpan<float> x = clips.Of(clip, room);
            for (int k = 0; k < baselines.Count; k++)
            {
                ReadOnlySpan<float> b = baselines.Of(clip, k);
                for (int i = 0; i < length; i++) scores[i / dimensions % points] += Math.Abs(x[i] - b[i]);
            }
        }

        return [.. scores.Select(s => s / ((double)count * baselines.Count))];
    }

    /// <summary>
    /// Fisher score: for every feature the squared difference of the class means over the sum of the class variances, summed
    /// over time and coordinates. A constant feature scores 0.
    /// </summary>
    /// <param name="clips">The clips, each [time, point, coordinate].</param>
    /// <param name="targets">[clip]: above one half is positive.</param>
    /// <param name="points">Landmarks.</param>
    /// <param name="dimensions">Coordinates a landmark.</param>
    public static double[] Fisher(ClipRows clips, ReadOnlySpan<float> targets, int points, int dimensions)
    {
        (double[] m1, double[] m0, double[] variance) = Classes(clips, targets);
        double[] scores = new double[points];
        for (int i = 0; i < variance.Length; i++)
            if (variance[i] > 1e-12) scores[i / dimensions % points] += (m1[i] - m0[i]) * (m1[i] - m0[i]) / variance[i];
        return scores;
    }

    /// <summary>
    /// The first landmarks by Fisher score over redundancy: the first has the largest score, each next one the largest score over
    /// its mean |correlation| with those before (mRMR as a quotient: Ding and Peng, Journal of Bioinformatics and Computational
    /// Biology, 2005; correlations are those within the classes, as two landmarks are not redundant for both being good: Brown et
    /// al., JMLR 2012). Of a landmark's features, the sum that tells the classes apart best were they independent is correlated.
    /// </summary>
    /// <param name="clips">The clips, each [time, point, coordinate].</param>
    /// <param name="targets">[clip]: above one half is positive.</param>
    /// <param name="points">Landmarks.</param>
    /// <param name="dimensions">Coordinates a landmark.</param>
    /// <param name="count">Landmarks to find.</param>
    public static int[] FisherMrmr(ClipRows clips, ReadOnlySpan<float> targets, int points, int dimensions, int count)
    {
        (double[] m1, double[] m0, double[] variance) = Classes(clips, targets);
        double[] scores = Fisher(clips, targets, points, dimensions);
        int clipCount = targets.Length;
        float[] room = new float[clips.Length];
        double[][] sums = [.. Enumerable.Range(0, points).Select(_ => new double[clipCount])];
        for (int clip = 0; clip < clipCount; clip++)
        {
            ReadOnlySpan<float> x = clips.Of(clip, room);
            for (int i = 0; i < x.Length; i++)
                if (variance[i] > 1e-12) sums[i / dimensions % points][clip] += (m1[i] - m0[i]) / variance[i] * x[i];
        }

        float[] known = targets.ToArray();
        int[][] classes = [.. Enumerable.Range(0, 2).Select(c => Enumerable.Range(0, clipCount).Where(i => known[i] > 0.5f == (c == 1)).ToArray())];
        foreach (double[] sum in sums)
        {
            for (int c = 0; c < 2; c++)
            {
                int[] own = classes[c];
                double mean = own.Average(i => sum[i]);
                foreach (int i in own) sum[i] -= mean;
            }

            double norm = Math.Sqrt(sum.Sum(v => v * v));
            for (int clip = 0; clip < sum.Length; clip++) sum[clip] = norm > 0 ? sum[clip] / norm : 0;
        }

        double[] shared = new double[points];
        bool[] taken = new bool[points];
        int[] order = new int[count];
        for (int n = 0; n < count; n++)
        {
            // A landmark like none before it is not divided by nothing.
            int next = Enumerable.Range(0, points).Where(i => !taken[i]).MaxBy(i => n == 0 ? scores[i] : scores[i] / Math.Max(shared[i] / n, 1e-3));
            (order[n], taken[next]) = (next, true);
            for (int i = 0; i < points; i++) shared[i] += Math.Abs(System.Numerics.Tensors.TensorPrimitives.Dot<double>(sums[i], sums[next]));
        }

        return order;
    }

    // [feature]: the means of the clips that show the emotion and of the others, and the sum of the variances of both.
    private static (double[] Positive, double[] Negative, double[] Variance) Classes(ClipRows clips, ReadOnlySpan<float> targets)
    {
        int length = clips.Length;
        float[] room = new float[length];
        double[,] sum = new double[2, length], squares = new double[2, length];
        int[] count = new int[2];
        for (int clip = 0; clip < targets.Length; clip++)
        {
            int c = targets[clip] > 0.5f ? 1 : 0;
            count[c]++;
            ReadOnlySpan<float> x = clips.Of(clip, room);
            for (int i = 0; i < length; i++)
            {
                sum[c, i] += x[i];
                squares[c, i] += (double)x[i] * x[i];
            }
        }

        double[] negative = new double[length], positive = new double[length], variance = new double[length];
        for (int i = 0; i < length; i++)
        {
            (negative[i], positive[i]) = (sum[0, i] / count[0], sum[1, i] / count[1]);
            variance[i] = (squares[0, i] / count[0]) - (negative[i] * negative[i]) + (squares[1, i] / count[1]) - (positive[i] * positive[i]);
        }

        return (positive, negative, variance);
    }

    /// <summary>Landmarks by falling score; the lower index first among equals.</summary>
    public static int[] Order(IReadOnlyList<double> scores) =>
        [.. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).ThenBy(i => i)];
}
