using System.Diagnostics;

namespace EmotionXai.Bench.Peers;

/// <summary>
/// How long a cache line takes from one core to another and back: some 80 ns where they share a cache, 400 where they do not. A virtual machine's cores
/// move between the two within minutes, and work that two threads share takes up to half as long again; so every row says what it met.
/// </summary>
internal static class CoreDistance
{
    private const int Rounds = 20_000, Warm = 2_000;

    // A line of its own on either side.
    private const int Line = 16;

    /// <summary>Nanoseconds there and back, over some milliseconds.</summary>
    public static double Measure()
    {
        long[] box = new long[3 * Line];
        Thread other = new(() =>
        {
            for (long i = 0; i < Rounds; i++)
            {
                while (Volatile.Read(ref box[Line]) != (2 * i) + 1)
                {
                }

                Volatile.Write(ref box[Line], (2 * i) + 2);
            }
        });
        other.Start();
        long start = 0;
        for (long i = 0; i < Rounds; i++)
        {
            if (i == Warm) start = Stopwatch.GetTimestamp();
            Volatile.Write(ref box[Line], (2 * i) + 1);
            while (Volatile.Read(ref box[Line]) != (2 * i) + 2)
            {
            }
        }

        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / (Rounds - Warm);
        other.Join();
        return nanoseconds;
    }
}
