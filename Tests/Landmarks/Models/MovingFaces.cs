using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Tests.Engine;

namespace EmotionXai.Tests.Landmarks.Models;

/// <summary>Faces that move and turn, in pixels, with noise on every point.</summary>
internal static class MovingFaces
{
    /// <summary>A set of clips of the same label, each of a person of its own.</summary>
    /// <param name="topology">Whose neutral face moves.</param>
    /// <param name="dimensions">2, or 3 with depth.</param>
    /// <param name="lengths">[clip]: frames.</param>
    public static LandmarkSet Clips(LandmarkTopology topology, int dimensions, int[] lengths)
    {
        List<LandmarkClip> clips = [];
        for (int i = 0; i < lengths.Length; i++)
        {
            double[] noise = Numbers.Random(i + 1, lengths[i] * topology.Count * dimensions, -6, 6);
            float[] points = new float[noise.Length];
            for (int t = 0; t < lengths[i]; t++)
            {
                (double sin, double cos) = Math.SinCos(0.02 * t);
                for (int p = 0; p < topology.Count; p++)
                {
                    Point3 place = topology.Neutral[p];
                    int at = ((t * topology.Count) + p) * dimensions;
                    points[at] = (float)(310 + (3 * t) + (90 * ((place.X * cos) - (place.Y * sin))) + noise[at]);
                    points[at + 1] = (float)(240 - t + (90 * ((place.X * sin) + (place.Y * cos))) + noise[at + 1]);
                    if (dimensions == 3) points[at + 2] = (float)((90 * place.Z) + noise[at + 2]);
                }
            }

            clips.Add(new LandmarkClip($"clip{i}", $"s{i}", "joy", topology.Count, dimensions, points, [.. Enumerable.Repeat(1f, lengths[i])]));
        }

        return new LandmarkSet("test", topology, clips);
    }
}
