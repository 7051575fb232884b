using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>One person: a face of its own proportions and a vigour with which it moves.</summary>
internal sealed class SubjectFace
{
    internal SubjectFace(LandmarkTopology topology, CounterRandom subject)
    {
        double width = 1 + (0.05 * subject.Normal(Purpose.Shape, 0));
        double height = 1 + (0.06 * subject.Normal(Purpose.Shape, 1));
        double mouthWidth = 1 + (0.07 * subject.Normal(Purpose.Shape, 2));
        double mouthDrop = 0.04 * subject.Normal(Purpose.Shape, 3);
        double browLift = 0.03 * subject.Normal(Purpose.Shape, 4);
        double noseLength = 1 + (0.05 * subject.Normal(Purpose.Shape, 5));
        double chinLength = 0.05 * subject.Normal(Purpose.Shape, 6);
        double slant = 0.01 * subject.Normal(Purpose.Shape, 7); // no face is quite symmetric
        Points = [.. topology.Neutral.Select((p, i) =>
        {
            double x = p.X * width, y = (p.Y * height) + (slant * p.X);
            (x, y) = Push.PartOf(topology.Regions[i]) switch
            {
                Parts.Lips => (x * mouthWidth, y + mouthDrop),
                Parts.Brow or Parts.Forehead => (x, y - browLift),
                Parts.Nose => (x, y * noseLength),
                Parts.Chin or Parts.Jaw => (x, y + (chinLength * Math.Clamp(p.Y - 0.8, 0, 1))),
                _ => (x, y),
            };
            return (x, y, (double)p.Z);
        })];
        Vigour = Math.Clamp(Math.Exp(0.2 * subject.Normal(Purpose.Vigour)), 0.6, 1.5);
    }

    /// <summary>[point]: the face at rest, in inter-ocular distances of the neutral face.</summary>
    internal (double X, double Y, double Z)[] Points { get; }

    /// <summary>By how much its expressions are stronger than the average person's.</summary>
    internal double Vigour { get; }
}
