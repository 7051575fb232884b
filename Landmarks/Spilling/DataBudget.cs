namespace EmotionXai.Landmarks.Spilling;

/// <summary>
/// What clips and their features may take of the memory. What is more goes to a temporary file and is read where it is needed: the same
/// bits, and memory that does not grow with the clips.
/// </summary>
public static class DataBudget
{
    private const long MostByDefault = 512L << 20;

    private static long s_bytes = Math.Min(MostByDefault, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    /// <summary>Bytes, for the whole process. By default an eighth of the machine's memory, and at most 512 MiB.</summary>
    public static long Bytes
    {
        get => Volatile.Read(ref s_bytes);
        set => Volatile.Write(ref s_bytes, Math.Max(0, value));
    }

    /// <summary>What the clips as they were read may take, and what their features may.</summary>
    internal static long Half => Bytes / 2;

    /// <summary>What one selection of clips and landmarks may take; several folds have two each.</summary>
    internal static long Part => Bytes / 8;
}
