using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis.Graded;

/// <summary>
/// Real clips of people who show nothing, with action units added to some of them: the noise is a tracker's on real faces, and
/// the truth is known. Another unit is added to all of them alike, and says nothing.
/// </summary>
public static class SpikedUnits
{
    private const double Amplitude = 0.05, Effect = 0.9, Spread = 0.7;

    /// <summary>The spiked copies of the clips of one label.</summary>
    /// <param name="set">Real clips.</param>
    /// <param name="label">The label of those that show nothing.</param>
    /// <param name="intensity">Scales what tells spiked clips apart; 0 leaves nothing to find.</param>
    /// <param name="seed">Draws which clips are spiked (half of every person's, the odd one by lot) and how strongly.</param>
    /// <returns>A case whose people are those of the set: leave them out one by one.</returns>
    /// <exception cref="InvalidDataException">There is no clip of that label.</exception>
    public static GradedCase Spike(LandmarkSet set, string label, double intensity, ulong seed)
    {
        LandmarkClip[] plain = [.. set.Clips.Where(c => c.Label == label)];
        if (plain.Length == 0) throw new InvalidDataException($"{set.Source}: no clip is labelled {label}; action units are spiked into clips that show nothing.");
        int points = set.Topology.Count;
        double effect = Effect * intensity;
        Source[] sources =
        [
            Source.Unit(set.Topology, 1, Amplitude, effect, Spread), Source.Unit(set.Topology, 12, Amplitude, effect, Spread),
            Source.Unit(set.Topology, 26, 2 * Amplitude, 0, 1),
        ];
        bool[] spiked = Lot(plain, seed);
        LandmarkClip[] clips = [.. plain.Select((clip, i) => Copy(set, clip, sources, spiked[i], new CounterRandom(seed, (uint)i, 1)))];
        GradedTruth truth = effect > 0 ? GradedPlan.Linear(points, sources, Noise(set, plain)) : new GradedTruth(new bool[points], [], _ => []);
        return new GradedCase($"spiked {label}", new LandmarkSet(set.Source, set.Topology, clips), truth);
    }

    private static bool[] Lot(LandmarkClip[] clips, ulong seed)
    {
        bool[] spiked = new bool[clips.Length];
        CounterRandom lot = new(seed, uint.MaxValue, 0);
        int number = 0;
        foreach (IGrouping<string, int> person in Enumerable.Range(0, clips.Length).GroupBy(i => clips[i].Subject, StringComparer.Ordinal))
        {
            int[] order = [.. person.OrderBy(i => lot.Uniform(Purpose.Label, i))];
            int half = (order.Length + (lot.Uniform(Purpose.Private, number++) < 0.5 ? 0 : 1)) / 2;
            foreach (int i in order[..half]) spiked[i] = true;
        }

        return spiked;
    }

    private static LandmarkClip Copy(LandmarkSet set, LandmarkClip clip, Source[] sources, bool spiked, CounterRandom random)
    {
        float[] coordinates = [.. clip.Coordinates];
        (double x, double y) = EyeLine(set, clip);
        double onset = random.Uniform(Purpose.Course, 0, 0.2, 0.45);
        for (int k = 0; k < sources.Length; k++)
        {
            double strength = (spiked ? sources[k].Effect : 0) + (sources[k].Spread * random.Normal(Purpose.Latent, k));
            for (int t = 1; t < clip.Frames; t++)
            {
                double now = strength * GradedPlan.Hold(t / (clip.Frames - 1.0), onset);
                for (int i = 0; i < set.Topology.Count; i++)
                {
                    // The field is stated for a face of unit eye distance whose eyes lie level: scaled and turned to this one.
                    (double u, double v) = (now * sources[k].Field[2 * i], now * sources[k].Field[(2 * i) + 1]);
                    int at = ((t * set.Topology.Count) + i) * clip.Dimensions;
                    coordinates[at] += (float)((x * u) - (y * v));
                    coordinates[at + 1] += (float)((y * u) + (x * v));
                }
            }
        }

        string label = spiked ? GradedCase.Signal : GradedCase.Rest;
        return new LandmarkClip(clip.Name, clip.Subject, label, clip.Points, clip.Dimensions, coordinates, clip.Confidence);
    }

    // From the right eye to the left one in the first frame.
    private static (double X, double Y) EyeLine(LandmarkSet set, LandmarkClip clip)
    {
        double Mean(IReadOnlyList<int> eye, int d) => eye.Average(p => (double)clip.Point(0, p)[d]);
        LandmarkTopology topology = set.Topology;
        return (Mean(topology.LeftEye, 0) - Mean(topology.RightEye, 0), Mean(topology.LeftEye, 1) - Mean(topology.RightEye, 1));
    }

    // [landmark]: with what variance a coordinate of the plain clips, the head's shift taken off, tells a strength.
    private static double[] Noise(LandmarkSet set, LandmarkClip[] clips)
    {
        int points = set.Topology.Count;
        double[] square = new double[2 * points];
        foreach (LandmarkClip clip in clips)
        {
            double size = SpoiltPoints.EyeDistance(set, clip);
            double[] read = new double[2 * points];
            double weight = 0;
            for (int t = 0; t < clip.Frames; t++)
            {
                double g = GradedPlan.Hold(t / Math.Max(1, clip.Frames - 1.0), 0.325);
                weight += g * g;
                for (int i = 0; i < read.Length; i++) read[i] += g * (clip.Point(t, i / 2)[i % 2] - clip.Point(0, i / 2)[i % 2]) / size;
            }

            for (int d = 0; d < 2; d++)
            {
                double shift = Enumerable.Range(0, points).Average(p => read[(2 * p) + d]);
                for (int p = 0; p < points; p++) square[(2 * p) + d] += Math.Pow((read[(2 * p) + d] - shift) / weight, 2) / clips.Length;
            }
        }

        return [.. Enumerable.Range(0, points).Select(p => Math.Max(1e-9, (square[2 * p] + square[(2 * p) + 1]) / 2))];
    }
}
