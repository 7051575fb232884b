using System.Runtime.Intrinsics;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public void Random(Distribution distribution, RandomKey key, ulong offset, Slice target)
    {
        float* to = Open(nameof(Random), nameof(target), target);
        for (int i = 0; i < target.Length;)
        {
            // The words of a block are used up before the next is made; the first block may be entered in its middle.
            ulong index = offset + (ulong)i;
            if (Vector512.IsHardwareAccelerated && distribution == Distribution.Uniform && index % 4 == 0 && target.Length - i >= PhiloxLanes.Words)
            {
                PhiloxLanes.Uniform(key, index / 4, to + i);
                i += PhiloxLanes.Words;
                continue;
            }

            (uint w0, uint w1, uint w2, uint w3) = Philox.Block(key, index / 4);
            for (int lane = (int)(index % 4); lane < 4 && i < target.Length; lane++, i++)
            {
                to[i] = distribution == Distribution.Uniform
                    ? (lane switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 } >> 8) * (1f / (1 << 24))
                    : lane < 2 ? Normal(w0, w1, lane) : Normal(w2, w3, lane - 2);
            }
        }
    }

    // Box and Muller (1958) in float64, rounded once.
    private static float Normal(uint even, uint odd, int which)
    {
        double radius = Math.Sqrt(-2 * Math.Log(((even >> 8) + 1.0) / (1 << 24))), angle = Math.Tau * (odd >> 8) / (1 << 24);
        return (float)(radius * (which == 0 ? Math.Cos(angle) : Math.Sin(angle)));
    }
}
