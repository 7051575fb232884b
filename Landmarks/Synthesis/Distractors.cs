using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>Motion that says nothing of the emotion, drawn alike in every class.</summary>
internal sealed class Distractors
{
    private const double Talking = 0.6; // the share of clips with speech
    private const double BlinkWidth = 0.045; // standard deviation of a blink in time, the clip lasting 1
    private const double SlipStart = 0.1, SlowestSlip = 0.25, FastestSlip = 1.5; // when a lost landmark has left its place; its motion's frequencies, in cycles a clip

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
        Slip = TrackerNoise.Draw(topology, seed);
    }

    /// <summary>[point]: how far landmarks that the tracker loses slip along the face, the standard deviation of a coordinate; 0 for the others.</summary>
    internal double[] Slip { get; }

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
            expected[i] = Math.Sqrt((speech * Square(_speech, i)) + (blink * Square(_blink, i)) + (2 * Slip[i] * Slip[i]));
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

        // A clip starts on a frame whose landmarks were found; from there those that are lost slip, as slowly as expressions move.
        for (int i = 0; i < values; i++)
        {
            if (Slip[i / 2] == 0) continue;
            Wander slip = new(clip, Purpose.Jitter, i, SlowestSlip, FastestSlip);
            for (int t = 1; t < frames; t++)
            {
                double time = t / (frames - 1.0);
                motion[(t * values) + i] += factor * Slip[i / 2] * Math.Min(1, time / SlipStart) * slip.At(time);
            }
        }
    }

    private static double Square(double[] field, int i) =>
        (field[2 * i] * field[2 * i]) + (field[(2 * i) + 1] * field[(2 * i) + 1]);
}
