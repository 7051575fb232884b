using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Synthesis.Graded;

/// <summary>What spoils a landmark.</summary>
public enum Spoiling
{
    /// <summary>White noise, drawn anew in every frame.</summary>
    Jitter,

    /// <summary>The motion of the same landmark in another clip, added.</summary>
    OtherMotion,
}

/// <summary>
/// Real clips with some landmarks spoilt, so that it is known which are clean: 20 of 68, say. Which ones is drawn. The first
/// frame of a clip stays as it is, since displacements are measured from it.
/// </summary>
public static class SpoiltPoints
{
    /// <summary>A copy of a set with landmarks spoilt.</summary>
    /// <param name="set">Any clips.</param>
    /// <param name="how">What spoils them.</param>
    /// <param name="scale">Jitter: its standard deviation, over that of the landmark's displacement in the set, each coordinate for itself. Other motion: a factor on it.</param>
    /// <param name="points">How many landmarks.</param>
    /// <param name="seed">Draws the landmarks, the noise and the other clips.</param>
    /// <returns>The copy, and by landmark whether it is clean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More landmarks than there are, or a scale below zero.</exception>
    public static (LandmarkSet Set, bool[] Clean) Spoil(LandmarkSet set, Spoiling how, double scale, int points, ulong seed)
    {
        int count = set.Topology.Count;
        ArgumentOutOfRangeException.ThrowIfNegative(points);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points, count);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        CounterRandom lot = new(seed, uint.MaxValue, 0);
        int[] spoilt = [.. Enumerable.Range(0, count).OrderBy(i => lot.Uniform(Purpose.Level, i)).Take(points)];
        bool[] clean = [.. Enumerable.Range(0, count).Select(i => !spoilt.Contains(i))];

        // Every clip takes the motion of another: a lot of all, turned by one.
        int[] turn = [.. Enumerable.Range(0, set.Clips.Count).OrderBy(i => lot.Uniform(Purpose.Label, i))];
        int[] other = new int[turn.Length];
        for (int i = 0; i < turn.Length; i++) other[turn[i]] = turn[(i + 1) % turn.Length];
        double[] deviation = how == Spoiling.Jitter ? Deviations(set) : [];
        return (set with { Clips = [.. set.Clips.Select(Copy)] }, clean);

        LandmarkClip Copy(LandmarkClip clip, int number)
        {
            float[] coordinates = [.. clip.Coordinates];
            LandmarkClip donor = set.Clips[other[number]];
            double size = EyeDistance(set, clip), ratio = scale * size / EyeDistance(set, donor);
            CounterRandom random = new(seed, (uint)number, 1);
            for (int t = 1; t < clip.Frames; t++)
            {
                // The same part of the other clip.
                int from = clip.Frames == 1 ? 0 : (int)Math.Round((double)t * (donor.Frames - 1) / (clip.Frames - 1));
                foreach (int point in spoilt)
                {
                    for (int d = 0; d < 2; d++)
                    {
                        int at = (((t * count) + point) * clip.Dimensions) + d;
                        coordinates[at] += (float)(how == Spoiling.Jitter
                            ? scale * size * deviation[(2 * point) + d] * random.Normal(Purpose.Noise, at)
                            : ratio * (donor.Point(from, point)[d] - donor.Point(0, point)[d]));
                    }
                }
            }

            return new LandmarkClip(clip.Name, clip.Subject, clip.Label, count, clip.Dimensions, coordinates, clip.Confidence);
        }
    }

    // [point, (x, y)]: the standard deviation of the displacement from the first frame, in inter-ocular distances, over all frames.
    private static double[] Deviations(LandmarkSet set)
    {
        int count = set.Topology.Count;
        double[] sum = new double[2 * count], square = new double[2 * count], known = new double[2 * count];
        foreach (LandmarkClip clip in set.Clips)
        {
            double size = EyeDistance(set, clip);
            for (int t = 0; t < clip.Frames; t++)
            {
                for (int i = 0; i < 2 * count; i++)
                {
                    double moved = (clip.Point(t, i / 2)[i % 2] - clip.Point(0, i / 2)[i % 2]) / size;
                    if (!double.IsFinite(moved)) continue;
                    sum[i] += moved;
                    square[i] += moved * moved;
                    known[i]++;
                }
            }
        }

        return [.. sum.Select((s, i) => known[i] == 0 ? 0 : Math.Sqrt(Math.Max(0, (square[i] / known[i]) - (s / known[i] * s / known[i]))))];
    }

    /// <summary>The inter-ocular distance of a clip's first frame, in the clip's unit.</summary>
    internal static double EyeDistance(LandmarkSet set, LandmarkClip clip)
    {
        (double lx, double ly) = Mean(clip, set.Topology.LeftEye);
        (double rx, double ry) = Mean(clip, set.Topology.RightEye);
        return double.Hypot(lx - rx, ly - ry);
    }

    private static (double X, double Y) Mean(LandmarkClip clip, IReadOnlyList<int> points) =>
        (points.Average(p => (double)clip.Point(0, p)[0]), points.Average(p => (double)clip.Point(0, p)[1]));
}
