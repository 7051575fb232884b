namespace EmotionXai.Landmarks.Synthesis;

/// <summary>What a random number is for: numbers for different ends are independent.</summary>
internal enum Purpose
{
    Shape = 1, Vigour, Weakness, UnitStrength, Onset, Idle, IdleOnset, Head, Speech, Blink, Jitter, Noise, Confidence,
    Latent, Course, Level, Private, Label, Turn, Depth,
}

/// <summary>
/// Counter-based random numbers: Philox 4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC11) with
/// the seed for its key and (subject, clip, purpose, index) for its counter, so no number depends on the order of calls.
/// </summary>
internal readonly record struct CounterRandom(ulong Seed, uint Subject, uint Clip)
{
    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    internal double Uniform(Purpose purpose, int index = 0) => ToUnit(Block(purpose, index).Low);

    /// <summary>Uniform in [low, high).</summary>
    internal double Uniform(Purpose purpose, int index, double low, double high) => low + ((high - low) * Uniform(purpose, index));

    /// <summary>Standard normal, by Box and Muller.</summary>
    internal double Normal(Purpose purpose, int index = 0)
    {
        (ulong low, ulong high) = Block(purpose, index);
        return Math.Sqrt(-2 * Math.Log(1 - ToUnit(low))) * Math.Cos(Math.Tau * ToUnit(high));
    }

    private static double ToUnit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    internal (ulong Low, ulong High) Block(Purpose purpose, int index)
    {
        (uint k0, uint k1) = ((uint)Seed, (uint)(Seed >> 32));
        (uint c0, uint c1, uint c2, uint c3) = (Subject, Clip, (uint)purpose, (uint)index);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0 | ((ulong)c1 << 32), c2 | ((ulong)c3 << 32));
    }
}
