using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Reference;

/// <summary>
/// Philox 4x32-10 as printed in Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011):
/// ten rounds of two 32x32 multiplications, the key raised by the Weyl constants between rounds.
/// </summary>
internal static class ReferencePhilox
{
    /// <summary>The four words of one counter under one key, lowest words first.</summary>
    public static uint[] Block(ReadOnlySpan<uint> counter, ReadOnlySpan<uint> key)
    {
        (uint c0, uint c1, uint c2, uint c3) = (counter[0], counter[1], counter[2], counter[3]);
        (uint k0, uint k1) = (key[0], key[1]);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0;
            ulong p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return [c0, c1, c2, c3];
    }

    /// <summary>Word <paramref name="index"/> of a stream: counter (block low, block high, stream low, stream high), key (seed low, seed high).</summary>
    public static uint Word(RandomKey key, ulong index)
    {
        ulong block = index / 4;
        uint[] words = Block(
            [(uint)block, (uint)(block >> 32), (uint)key.Stream, (uint)(key.Stream >> 32)],
            [(uint)key.Seed, (uint)(key.Seed >> 32)]);
        return words[index % 4];
    }
}
