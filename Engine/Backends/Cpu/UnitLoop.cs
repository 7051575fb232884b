using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>What a loop does to the numbers from <c>j</c> on, as many as a vector holds.</summary>
internal interface IUnitLoop
{
    /// <summary>Works on one vector.</summary>
    void At<V>(int j)
        where V : struct, ILanes<V>;
}

/// <summary>
/// Runs a loop over a count that is no multiple of the vector's width, as of the units of a recurrent cell: the rest goes through ever
/// narrower vectors, for at most three numbers one at a time. All widths give the same bits.
/// </summary>
internal static class UnitLoop
{
    /// <summary>Works on the numbers from 0 to <paramref name="count"/> - 1, each once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V, TLoop>(int count, TLoop loop)
        where V : struct, ILanes<V>
        where TLoop : struct, IUnitLoop
    {
        int j = 0;
        for (; j <= count - V.Count; j += V.Count) loop.At<V>(j);
        if (j == count) return;

        // A copy, so that nobody has the address of the loop itself: its fields stay in registers.
        TLoop rest = loop;
        Rest<V, TLoop>(j, count, ref rest);
    }

    // A method of its own: the compiler stops inlining in one that has grown too large.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rest<V, TLoop>(int j, int count, ref TLoop loop)
        where V : struct, ILanes<V>
        where TLoop : struct, IUnitLoop
    {
        if (V.Count > Real32x8.Count && j <= count - Real32x8.Count)
        {
            loop.At<Real32x8>(j);
            j += Real32x8.Count;
        }

        if (V.Count > Real32x4.Count && j <= count - Real32x4.Count)
        {
            loop.At<Real32x4>(j);
            j += Real32x4.Count;
        }

        for (; j < count; j++) loop.At<Real32>(j);
    }
}
