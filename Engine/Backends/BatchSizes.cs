namespace EmotionXai.Engine.Backends;

/// <summary>How work that falls into batches had best be cut for a backend. Sums over the steps of a path are added in an order that depends on it, nothing else.</summary>
/// <param name="Rows">Clips that a network judges at once.</param>
/// <param name="Pairs">Pairs of a clip and a baseline whose attributions are worked out together, as long as <paramref name="Numbers"/> allows.</param>
/// <param name="Blocks">Parts that attributions are cut into at least, for lanes to share.</param>
/// <param name="Chunk">Numbers behind the stem that a chunk of a path takes.</param>
/// <param name="Numbers">Numbers of attributions worked on at once.</param>
public readonly record struct BatchSizes(int Rows, int Pairs, int Blocks, int Chunk, int Numbers)
{
    /// <summary>Numbers of clips that may stay in a device's memory for as long as a training lasts; 0 where the memory is the host's.</summary>
    public long Resident { get; init; }

    /// <summary>
    /// For cores with caches: a chunk, with the body's states and gradients, which are a few times as many, stays in the
    /// second-level cache; a block has enough rows for the stem's products to read its weights seldom.
    /// </summary>
    public static BatchSizes Cached => new(64, 32, 4, 1 << 16, 1 << 20);

    /// <summary>
    /// For a device that is busy with many rows only: as much as its memory holds with ease. Behind the stem each number stands
    /// for some ten more (projections, states, what the way back needs, gradients), and each attribution for six.
    /// </summary>
    public static BatchSizes For(long memoryBytes)
    {
        int share = (int)Math.Clamp(memoryBytes / sizeof(float) / 256, 1 << 16, 1 << 26);
        return new BatchSizes(4096, int.MaxValue, 1, share, share) { Resident = memoryBytes / sizeof(float) / 4 };
    }
}
