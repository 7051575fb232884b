using EmotionXai.Engine.Numerics;
using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>Philox numbers: a thread makes a block of four words and writes those of its numbers that lie in the target.</summary>
internal readonly struct RandomKernel(RandomKey key, ulong offset, int normal, ArrayView<float> target) : IKernel
{
    private const float Step = 1f / (1 << 24);

    public void Run()
    {
        int n = (int)target.Length, skip = (int)(offset % 4), blocks = (int)(((long)n + skip + 3) / 4);
        for (int block = Threads.First; block < blocks; block += Threads.Count)
        {
            (uint w0, uint w1, uint w2, uint w3) = Philox.Block(key, (offset / 4) + (ulong)block);
            // Below 2^24: as int, since the way from uint to float32 leads through float64.
            float y0 = (int)(w0 >> 8) * Step, y1 = (int)(w1 >> 8) * Step, y2 = (int)(w2 >> 8) * Step, y3 = (int)(w3 >> 8) * Step;
            if (normal != 0)
            {
                float near = Radius(w0), far = Radius(w2);
                (y0, y1) = (near * UnitCircle.Cosine(w1 >> 8), near * UnitCircle.Sine(w1 >> 8));
                (y2, y3) = (far * UnitCircle.Cosine(w3 >> 8), far * UnitCircle.Sine(w3 >> 8));
            }

            int at = (4 * block) - skip;
            if (at >= 0) target[at] = y0;
            if (at >= -1 && at + 1 < n) target[at + 1] = y1;
            if (at >= -2 && at + 2 < n) target[at + 2] = y2;
            if (at + 3 < n) target[at + 3] = y3;
        }
    }

    // Box and Muller (1958): sqrt(-2 ln u) with u in (0, 1]. u = 1 must give +0.
    private static float Radius(uint word) => MathF.Sqrt(MathF.Abs(-2 * GpuReal.Log(new GpuReal((int)((word >> 8) + 1) * Step)).Value));
}

/// <summary>
/// Sine and cosine of k 2^-24 of a full turn, k below 2^24. The nearest quarter turn is taken off exactly, in whole numbers; the
/// polynomials of the rest, within an eighth of a turn, are those of the Cephes library (S. Moshier).
/// </summary>
internal static class UnitCircle
{
    private const float Circle = 6.28318531f / (1 << 24);

    public static float Sine(uint k)
    {
        uint quarter = (k + (1 << 21)) >> 22;
        float angle = ((int)k - (int)(quarter << 22)) * Circle, value = (quarter & 1) == 0 ? Odd(angle) : Even(angle);
        return (quarter & 2) == 0 ? value : -value;
    }

    // cos x = sin(x + a quarter turn).
    public static float Cosine(uint k) => Sine((k + (1 << 22)) & 0xFFFFFF);

    private static float Odd(float x)
    {
        float z = x * x;
        return ((((((-1.9515295891e-4f * z) + 8.3321608736e-3f) * z) - 1.6666654611e-1f) * z) * x) + x;
    }

    private static float Even(float x)
    {
        float z = x * x;
        return ((((((2.443315711809948e-5f * z) - 1.388731625493765e-3f) * z) + 4.166664568298827e-2f) * z) * z) - (0.5f * z) + 1;
    }
}
