namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// How often operands are packed: panels of B, blocks of A, factors that are transposed. Each thread counts its own, so that no two meet in one
/// place: an increment beside a copy of thousands of numbers.
/// </summary>
internal static class Packings
{
    [ThreadStatic]
    private static long s_count;

    /// <summary>Those of the calling thread so far.</summary>
    public static long OfThisThread => s_count;

    public static void Count() => s_count++;
}
