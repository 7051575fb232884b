using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis;

/// <summary>One action unit's part in an emotion.</summary>
internal readonly record struct Share(int Unit, double Strength, Side Side = Side.Both);

/// <summary>
/// Facial action units (Ekman and Friesen, "Facial Action Coding System", 1978) as pushes, and the emotions made of them.
/// Amplitudes are at full intensity, y down.
/// </summary>
internal static class ActionUnits
{
    // The mouth's line in the neutral faces: upper lips lie above, lower lips below.
    internal const double MouthLine = 1.108;

    internal static readonly (int Unit, string Name, Push[] Pushes)[] Table =
    [
        (1, "inner brow raiser", [new(Parts.Brow | Parts.Forehead, 0.22, -0.36, 0.26, 0.30, 0.00, -0.17)]),
        (2, "outer brow raiser", [new(Parts.Brow | Parts.Forehead, 0.85, -0.32, 0.30, 0.30, 0.02, -0.17)]),
        (4, "brow lowerer", [new(Parts.Brow | Parts.Forehead, 0.50, -0.40, 0.30, 0.28, -0.05, 0.13)]),
        (5, "upper lid raiser", [new(Parts.Eye, 0.50, -0.07, 0.22, 0.06, 0, -0.06) { MaxY = -0.02 }]),
        (6, "cheek raiser",
        [
            new(Parts.Cheek, 0.60, 0.45, 0.28, 0.22, 0.02, -0.08),
            new(Parts.Eye, 0.54, 0.07, 0.26, 0.06, 0, -0.065) { MinY = 0.02 },
        ]),
        (7, "lid tightener",
        [
            new(Parts.Eye, 0.50, 0.07, 0.22, 0.06, 0, -0.05) { MinY = 0.02 },
            new(Parts.Eye, 0.50, -0.07, 0.22, 0.06, 0, 0.02) { MaxY = -0.02 },
        ]),
        (9, "nose wrinkler",
        [
            new(Parts.Nose, 0.24, 0.72, 0.20, 0.18, 0.02, -0.11),
            new(Parts.Cheek, 0.35, 0.50, 0.20, 0.22, 0, -0.05),
            new(Parts.Lips, 0.15, 0.97, 0.25, 0.12, 0, -0.06) { MaxY = MouthLine },
            new(Parts.Brow, 0.22, -0.36, 0.20, 0.20, -0.02, 0.05),
        ]),
        (12, "lip corner puller", [new(Parts.Lips | Parts.Cheek, 0.43, 1.10, 0.27, 0.25, 0.13, -0.14)]),
        (14, "dimpler", [new(Parts.Lips | Parts.Cheek, 0.43, 1.10, 0.27, 0.22, 0.13, -0.02)]),
        (15, "lip corner depressor", [new(Parts.Lips | Parts.Cheek | Parts.Chin, 0.42, 1.12, 0.24, 0.24, 0.02, 0.14)]),
        (16, "lower lip depressor",
            [new(Parts.Lips | Parts.Chin, 0, 1.27, 0.35, 0.22, 0, 0.12) { MinY = MouthLine }]),
        (20, "lip stretcher", [new(Parts.Lips | Parts.Cheek, 0.43, 1.12, 0.28, 0.25, 0.16, 0.02)]),
        (23, "lip tightener",
        [
            new(Parts.Lips, 0.40, 1.10, 0.20, 0.15, -0.08, 0),
            new(Parts.Lips, 0, 0.98, 0.28, 0.10, 0, 0.06) { MaxY = MouthLine },
            new(Parts.Lips, 0, 1.27, 0.28, 0.10, 0, -0.07) { MinY = MouthLine },
        ]),
        (26, "jaw drop",
            [new(Parts.Lips | Parts.Cheek | Parts.Chin | Parts.Jaw, 0, 1.60, 0.60, 0.45, 0, 0.26) { MinY = MouthLine }]),
    ];

    internal static readonly (string Emotion, Share[] Shares)[] Emotions =
    [
        ("anger", [new(4, 1.2), new(5, 1), new(7, 1), new(23, 1.1)]),
        ("contempt", [new(12, 1, Side.Left), new(14, 1.1, Side.Left)]),
        ("disgust", [new(9, 1.2), new(15, 0.7), new(16, 0.8)]),
        ("fear", [new(1, 1), new(2, 0.8), new(4, 0.7), new(5, 1), new(20, 1.1), new(26, 0.35)]),
        ("happiness", [new(6, 1.1), new(12, 1.1)]),
        ("sadness", [new(1, 1.3), new(4, 0.8), new(15, 1.1)]),
        ("surprise", [new(1, 1), new(2, 1), new(5, 1), new(26, 1)]),
        ("neutral", []),
    ];

    /// <summary>[point, (x, y)]: where one unit moves each landmark at full strength.</summary>
    internal static double[] Field(LandmarkTopology topology, int unit, Side side = Side.Both)
    {
        double[] field = new double[2 * topology.Count];
        Push.Add(Table.First(u => u.Unit == unit).Pushes, topology, side, 1, field);
        return field;
    }

    /// <summary>[point, (x, y)]: where an emotion moves each landmark at its apex.</summary>
    internal static double[] Apex(LandmarkTopology topology, string emotion)
    {
        double[] field = new double[2 * topology.Count];
        foreach (Share share in Emotions.First(e => e.Emotion == emotion).Shares)
        {
            Push.Add(Table.First(u => u.Unit == share.Unit).Pushes, topology, share.Side, share.Strength, field);
        }

        return field;
    }
}
