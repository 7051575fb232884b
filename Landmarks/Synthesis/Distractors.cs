using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>Motion that says nothing of the emotion, drawn alike in every class.</summary>
internal sealed class Distractors
{
    private const double Talking = 0.6; // the share of clips with speech
    private const double BlinkWidth = 0.045; // standard deviation of a blink in time, the clip lasting 1

    private static readonly Push[] s_speech =
    [
        new(Parts.Lips, 0, 1.20, 0.15, 0.12, 0, 0.09) { MinY = ActionUnits.MouthLine },
        new(Parts.Chin | Parts.Jaw, 0, 1.80, 0.28, 0.30, 0, 0.06),
        new(Parts.Lips, 0, 1.07, 0.12, 0.03, 0, -0.02) { MaxY = ActionUnits.MouthLine },
    ];

    private static readonly Push[] s_blink = [new(Parts.Eye, 0.50, -0.06, 0.22, 0.06, 0, 0.11) { MaxY = -0.02 }];

    private readonly double[] _speech;
    private readonly double[] _blink;

    internal Distractors(LandmarkTopology topology, ulong seed)
    {
        _speech = new double[2 * topology.Count];
        _blink = new double[2 * topology.Count];
        Push.Add(s_speech, topology, Side.Both, 1, _speech);
        Push.Add(s_blink, topology, Side.Both, 1, _blink);
        Jitter = TrackerNoise.Draw(topology, seed);
    }

    /// <summary>[point]: the standard deviation of the jitter of landmarks that the tracker loses, a coordinate and frame; 0 for the others.</summary>
    internal double[] Jitter { get; }

    /// <summary>[point]: root mean square of the distractors' displacement, over clips and time.</summary>
    internal double[] Expected()
    {
        // Speech opens the mouth as a squared sine with a squared-sine envelope: mean square 9/64 in talking clips.
        double speech = Talking * 9 / 64;

        // One and a half blinks a clip, each the Gaussian's square integrated: width times sqrt(pi).
        double blink = 1.5 * BlinkWidth * Math.Sqrt(Math.PI);
        double[] expected = new double[_speech.Length / 2];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = Math.Sqrt((speech * Square(_speech, i)) + (blink * Square(_blink, i)) + (2 * Jitter[i] * Jitter[i]));
        }

        return expected;
    }

    /// <summary>Adds one clip's distractors, times a factor, to [time, point, (x, y)].</summary>
    internal void Add(CounterRandom clip, int frames, double factor, double[] motion)
    {
        int values = _speech.Length;
        bool talks = clip.Uniform(Purpose.Speech) < Talking;
        double rate = clip.Uniform(Purpose.Speech, 1, 2, 5), phase = clip.Uniform(Purpose.Speech, 2);
        double slowRate = clip.Uniform(Purpose.Speech, 3, 0.4, 1.2), slowPhase = clip.Uniform(Purpose.Speech, 4);
        int blinks = (int)clip.Uniform(Purpose.Blink, 0, 0, 4);
        for (int t = 0; t < frames; t++)
        {
            double time = t / (frames - 1.0);
            double open = !talks ? 0
                : Math.Pow(Math.Sin(Math.Tau * ((rate * time) + phase)), 2) * Math.Pow(Math.Sin(Math.Tau * ((slowRate * time) + slowPhase)), 2);
            double shut = 0;
            for (int b = 0; b < blinks; b++)
            {
                shut = Math.Max(shut, Math.Exp(-Math.Pow((time - clip.Uniform(Purpose.Blink, b + 1)) / BlinkWidth, 2) / 2));
            }

            for (int i = 0; i < values; i++)
            {
                motion[(t * values) + i] += factor * ((open * _speech[i]) + (shut * _blink[i]));
            }
        }

        // A clip starts on a frame whose landmarks were found.
        for (int t = 1; t < frames; t++)
        {
            for (int i = 0; i < values; i++)
                if (Jitter[i / 2] > 0) motion[(t * values) + i] += factor * Jitter[i / 2] * clip.Normal(Purpose.Jitter, (t * values) + i);
        }
    }

    private static double Square(double[] field, int i) =>
        (field[2 * i] * field[2 * i]) + (field[(2 * i) + 1] * field[(2 * i) + 1]);
}
