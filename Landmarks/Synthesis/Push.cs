using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>Parts of the face a push acts on, whichever side.</summary>
[Flags]
internal enum Parts
{
    Brow = 1, Eye = 2, Nose = 4, Lips = 8, Cheek = 16, Jaw = 32, Chin = 64, Forehead = 128,
}

/// <summary>Which halves of the face a push acts on.</summary>
internal enum Side
{
    Both, Left,
}

/// <summary>
/// A bump of displacement: at place p the face moves by (Dx, Dy) exp(-((p.x - X) / RadiusX)^2 / 2 - ((p.y - Y) / RadiusY)^2 / 2),
/// in inter-ocular distances of the neutral face, on some parts and between two heights only. It is stated for the subject's
/// left half and stands for its mirror image too, unless it lies on the midline. Places and parts, not indices: so one
/// definition serves every topology.
/// </summary>
internal sealed record Push(Parts On, double X, double Y, double RadiusX, double RadiusY, double Dx, double Dy)
{
    /// <summary>Nothing higher up moves.</summary>
    internal double MinY { get; init; } = double.NegativeInfinity;

    /// <summary>Nothing further down moves.</summary>
    internal double MaxY { get; init; } = double.PositiveInfinity;

    /// <summary>Adds the sum of the pushes, times a factor, to [point, (x, y)].</summary>
    internal static void Add(IEnumerable<Push> pushes, LandmarkTopology topology, Side side, double factor, double[] field)
    {
        foreach (Push push in pushes)
        {
            for (int i = 0; i < topology.Count; i++)
            {
                Point3 p = topology.Neutral[i];
                if (p.Y < push.MinY || p.Y > push.MaxY || !push.On.HasFlag(PartOf(topology.Regions[i]))) continue;

                double left = factor * push.Weight(p.X, p.Y);
                double right = push.X == 0 || side == Side.Left ? 0 : factor * push.Weight(-p.X, p.Y);
                field[2 * i] += push.Dx * (left - right);
                field[(2 * i) + 1] += push.Dy * (left + right);
            }
        }
    }

    private double Weight(double x, double y)
    {
        (double u, double v) = ((x - X) / RadiusX, (y - Y) / RadiusY);
        return Math.Exp(-((u * u) + (v * v)) / 2);
    }

    internal static Parts PartOf(string region) => region switch
    {
        "left_brow" or "right_brow" => Parts.Brow,
        "left_eye" or "right_eye" => Parts.Eye,
        "nose" => Parts.Nose,
        "outer_lips" or "inner_lips" => Parts.Lips,
        "left_cheek" or "right_cheek" => Parts.Cheek,
        "jaw" => Parts.Jaw,
        "chin" => Parts.Chin,
        "forehead" => Parts.Forehead,
        _ => throw new ArgumentException($"Region '{region}' is of no part of the face."),
    };
}
