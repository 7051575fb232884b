using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>How well a tracker holds each landmark: by lot, on evidence as anywhere else.</summary>
internal static class TrackerNoise
{
    private const double LostShare = 0.6, Least = 0.08, Factor = 2.5;

    /// <summary>[landmark]: whether it is one of the rigid points, which a tracker holds best.</summary>
    public static bool[] Held(LandmarkTopology topology) => [.. Enumerable.Range(0, topology.Count).Select(topology.Rigid.Contains)];

    /// <summary>
    /// [landmark]: how far it slips, the standard deviation of a coordinate, in inter-ocular distances; 0 for those that are not lost.
    /// The sides of the jaw, where there is only hair and skin to hold on to, are lost in any case.
    /// </summary>
    public static double[] Draw(LandmarkTopology topology, ulong seed)
    {
        CounterRandom lot = new(seed, uint.MaxValue, 0);
        bool[] held = Held(topology);
        return [.. Enumerable.Range(0, topology.Count).Select(i =>
        {
            bool jaw = Push.PartOf(topology.Regions[i]) == Parts.Jaw && topology.Neutral[i].Y < 0.95f;
            return held[i] || !(jaw || lot.Uniform(Purpose.Level, 2 * i) < LostShare) ? 0 : Least * Math.Pow(Factor, lot.Uniform(Purpose.Level, (2 * i) + 1));
        })];
    }
}
