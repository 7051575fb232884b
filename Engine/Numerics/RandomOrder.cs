
namespace EmotionXai.Engine.Numerics;

/// <summary>Counter-based choices on the host: each depends on its key and index alone, not on the choices before.</summary>
internal static class RandomOrder
{
    /// <summary>A number from 0 to <paramref name="bound"/> - 1 (biased by less than bound / 2^32).</summary>
    public static int Below(int bound, RandomKey key, ulong index) =>
        (int)(((ulong)Philox.Block(key, index).Item1 * (ulong)bound) >> 32);

    /// <summary>Puts items in a random order (Fisher and Yates).</summary>
    public static void Shuffle(Span<int> items, RandomKey key)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1, key, (ulong)i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
