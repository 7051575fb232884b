using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>An emotion over time: a sigmoid onset from neutral to the apex, held or decaying.</summary>
internal static class Expression
{
    private const double WeakShare = 0.12; // clips in which an emotion hardly shows
    private const double IdleShare = 0.25; // units that stir a little for no reason, in every class

    /// <summary>Adds one clip's action units to [time, point, (x, y)]: the emotion's, and idle ones of any kind.</summary>
    internal static void Add(
        LandmarkTopology topology, string emotion, CounterRandom clip, int frames, double intensity, double idle, double[] motion)
    {
        double strength = intensity * clip.Uniform(Purpose.Weakness, 0, 0.7, 1.15);
        if (clip.Uniform(Purpose.Weakness, 1) < WeakShare) strength *= clip.Uniform(Purpose.Weakness, 2, 0.25, 0.5);

        Timing timing = Timing.Draw(clip, Purpose.Onset, 0);
        foreach (Share share in ActionUnits.Emotions.First(e => e.Emotion == emotion).Shares)
        {
            double own = strength * share.Strength * Math.Exp(0.2 * clip.Normal(Purpose.UnitStrength, share.Unit));
            AddUnit(ActionUnits.Field(topology, share.Unit, share.Side), own, timing, frames, motion);
        }

        foreach ((int unit, _, _) in ActionUnits.Table)
        {
            if (clip.Uniform(Purpose.Idle, 2 * unit) >= IdleShare) continue;
            double own = idle * clip.Uniform(Purpose.Idle, (2 * unit) + 1, 0, 0.3);
            AddUnit(ActionUnits.Field(topology, unit), own, Timing.Draw(clip, Purpose.IdleOnset, unit), frames, motion);
        }
    }

    private static void AddUnit(double[] field, double strength, Timing timing, int frames, double[] motion)
    {
        for (int t = 0; t < frames; t++)
        {
            double now = strength * timing.At(t / (frames - 1.0));
            for (int i = 0; i < field.Length; i++)
            {
                motion[(t * field.Length) + i] += now * field[i];
            }
        }
    }

    /// <summary>From 0 to 1 about the onset, and down to the rest about the offset; the clip lasts from 0 to 1.</summary>
    private readonly record struct Timing(double Onset, double Width, double Offset, double Rest)
    {
        internal static Timing Draw(CounterRandom clip, Purpose purpose, int index)
        {
            int i = 8 * index;
            return new Timing(
                clip.Uniform(purpose, i, 0.2, 0.45),
                clip.Uniform(purpose, i + 1, 0.02, 0.05),
                clip.Uniform(purpose, i + 2, 0.75, 0.95),
                clip.Uniform(purpose, i + 3) < 0.3 ? clip.Uniform(purpose, i + 4, 0.2, 0.6) : 1);
        }

        internal double At(double time) =>
            Sigmoid((time - Onset) / Width) * (1 - ((1 - Rest) * Sigmoid((time - Offset) / Width)));

        private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }
}
