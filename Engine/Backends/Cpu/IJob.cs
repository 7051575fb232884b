namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Work that falls into parts, with all that it needs in its own fields. It lives on the stack of whoever asks for it, so that
/// callers never share one and a call allocates nothing.
/// </summary>
internal interface IJob
{
    /// <summary>Does one of the parts. Parts write to places of their own, and may run at the same time.</summary>
    void Do(int part, int parts);
}

/// <summary>How a job's elements are dealt out.</summary>
internal static class ParallelRange
{
    /// <summary>The elements of a part: consecutive ones, as many as the other parts' or one more.</summary>
    public static (int First, int Count) Of(int elements, int part, int parts)
    {
        int first = (int)((long)elements * part / parts), end = (int)((long)elements * (part + 1) / parts);
        return (first, end - first);
    }

    /// <summary>The same in whole blocks of <paramref name="size"/> elements; the last one may be cut.</summary>
    public static (int First, int Count) InBlocks(int elements, int size, int part, int parts)
    {
        (int first, int count) = Of(Blocks(elements, size), part, parts);
        first *= size;
        return (first, Math.Min(count * size, elements - first));
    }

    /// <summary>Blocks of <paramref name="size"/> that hold all elements.</summary>
    public static int Blocks(int elements, int size) => (int)(((long)elements + size - 1) / size);
}
