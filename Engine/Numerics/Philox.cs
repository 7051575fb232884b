
namespace EmotionXai.Engine.Numerics;

/// <summary>Philox 4x32-10 (Salmon et al., SC 2011): ten rounds that turn a counter into four words, under a key.</summary>
internal static class Philox
{
    /// <summary>The four words of a block of a stream, lowest first; layout at <see cref="RandomKey"/>.</summary>
    public static (uint, uint, uint, uint) Block(RandomKey key, ulong counter)
    {
        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = (uint)key.Stream, c3 = (uint)(key.Stream >> 32);
        uint k0 = (uint)key.Seed, k1 = (uint)(key.Seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong a = (ulong)c0 * 0xD2511F53u, b = (ulong)c2 * 0xCD9E8D57u;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }

        return (c0, c1, c2, c3);
    }
}
