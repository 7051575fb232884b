namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Large arrays that nobody uses any more. The runtime lets them pile up before it looks for them; a reduction of many clips, whose
/// arrays grow with their number, would then take much more memory than it needs.
/// </summary>
internal static class Garbage
{
    // Collected once the heap has grown by this part, and by so many bytes more: a collection walks few objects, but stops all threads.
    private const double Part = 0.25;
    private const long Bytes = 64L << 20;

    private static long s_kept;

    /// <summary>Gives back what is no longer used, where it is much. Called between networks; changes no result.</summary>
    public static void Collect()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) < ((1 + Part) * Volatile.Read(ref s_kept)) + Bytes) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        Volatile.Write(ref s_kept, GC.GetTotalMemory(forceFullCollection: false));
    }
}
