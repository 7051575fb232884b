using EmotionXai.Engine.Backends;
using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// y[o, c, i] = scale * sum of x[o, e, i] over the chunk c of e: a thread a sum, in order of e. With one chunk it is the
/// whole sum; with several, the same kernel adds the chunks afterwards. Neighbouring threads read neighbouring elements.
/// </summary>
internal readonly struct SumColumns(AxisSplit split, int chunk, int chunks, ArrayView<float> x, ArrayView<float> y, float scale, int accumulate) : IKernel
{
    public void Run()
    {
        int extent = split.Extent, inner = split.Inner;
        for (int at = Threads.First; at < (int)y.Length; at += Threads.Count)
        {
            int row = at / inner, i = at - (row * inner), o = row / chunks, first = (row - (o * chunks)) * chunk;
            int end = first + chunk < extent ? first + chunk : extent;
            float sum = 0;
            for (int e = first; e < end; e++) sum += x[(((o * extent) + e) * inner) + i];
            y[at] = accumulate != 0 ? y[at] + (scale * sum) : scale * sum;
        }
    }
}

/// <summary>The same where inner is 1: a group a sum, so that neighbouring threads read neighbouring elements here too. The threads' parts are added as a tree.</summary>
internal readonly struct SumRows(int extent, int chunk, int chunks, ArrayView<float> x, ArrayView<float> y, float scale, int accumulate) : IKernel
{
    public void Run()
    {
        ArrayView<float> parts = SharedMemory.GetDynamic<float>();
        int at = Grid.IdxX, o = at / chunks, first = (at - (o * chunks)) * chunk;
        int end = first + chunk < extent ? first + chunk : extent;
        float sum = 0;
        for (int e = first + Group.IdxX; e < end; e += Group.DimX) sum += x[(o * extent) + e];
        sum = Tree.Sum(parts, sum);
        if (Group.IdxX == 0) y[at] = accumulate != 0 ? y[at] + (scale * sum) : scale * sum;
    }
}

/// <summary>y[o, i] = the largest x[o, e, i], index[o, i] where it stands first; NaN wins.</summary>
internal readonly struct MaxKernel(AxisSplit split, ArrayView<float> x, ArrayView<float> y, ArrayView<float> index) : IKernel
{
    public void Run()
    {
        int extent = split.Extent, inner = split.Inner;
        for (int at = Threads.First; at < (int)y.Length; at += Threads.Count)
        {
            int o = at / inner, column = (o * extent * inner) + at - (o * inner), best = 0;
            float largest = x[column];
            for (int e = 1; e < extent; e++)
            {
                float value = x[column + (e * inner)];
                if (value > largest || (float.IsNaN(value) && !float.IsNaN(largest)))
                {
                    best = e;
                    largest = value;
                }
            }

            y[at] = largest;
            index[at] = best;
        }
    }
}

/// <summary>y[o, index[o, i], i] += x[o, i]. A kernel cannot throw: an index that is none makes its column's first element NaN.</summary>
internal readonly struct ScatterKernel(AxisSplit split, ArrayView<float> x, ArrayView<float> index, ArrayView<float> y) : IKernel
{
    public void Run()
    {
        int extent = split.Extent, inner = split.Inner;
        for (int at = Threads.First; at < (int)x.Length; at += Threads.Count)
        {
            int o = at / inner, column = (o * extent * inner) + at - (o * inner);
            float e = index[at];
            bool inside = e >= 0 && e < extent;
            int to = column + (inside ? (int)e * inner : 0);
            y[to] += inside ? x[at] : float.NaN;
        }
    }
}

/// <summary>Sums over a group.</summary>
internal static class Tree
{
    /// <summary>The sum of a number of every thread, in the fixed order of a binary tree; every thread gets it. <paramref name="parts"/> holds one number a thread.</summary>
    public static float Sum(ArrayView<float> parts, float value)
    {
        int thread = Group.IdxX;
        parts[thread] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half) parts[thread] += parts[thread + half];
            Group.Barrier();
        }

        return parts[0];
    }
}
