using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Sums, each in one fixed order, whatever the number of threads.</summary>
internal sealed unsafe partial class CpuKernels<V>
{
    public void SumRows(int extent, int stride, int columns, float* x, float* y, float scale, bool accumulate)
    {
        int i = 0;
        for (; i <= columns - (4 * V.Count); i += 4 * V.Count) SumFourColumns(extent, stride, x + i, y + i, scale, accumulate);
        for (; i <= columns - V.Count; i += V.Count) SumColumn<V>(extent, stride, x + i, y + i, scale, accumulate);
        for (; i < columns; i++) SumColumn<Real32>(extent, stride, x + i, y + i, scale, accumulate);
    }

    // Four accumulators hide the latency of an addition; they and then their lanes are added as a tree.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SumContiguous(int rows, int extent, float* x, float* y, float scale, bool accumulate)
    {
        for (int row = 0; row < rows; row++, x += extent)
        {
            V s0 = V.Splat(0), s1 = s0, s2 = s0, s3 = s0;
            int i = 0;
            for (; i <= extent - (4 * V.Count); i += 4 * V.Count)
            {
                s0 += V.Load(x + i);
                s1 += V.Load(x + i + V.Count);
                s2 += V.Load(x + i + (2 * V.Count));
                s3 += V.Load(x + i + (3 * V.Count));
            }

            for (; i <= extent - V.Count; i += V.Count) s0 += V.Load(x + i);
            float sum = V.HorizontalSum(s0 + s1 + (s2 + s3));
            for (; i < extent; i++) sum += x[i];
            y[row] = accumulate ? y[row] + (scale * sum) : scale * sum;
        }
    }

    /// <summary>The sum of x[i]^2, added as <see cref="SumContiguous"/> adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float SumOfSquares(float* x, int length)
    {
        V s0 = V.Splat(0), s1 = s0, s2 = s0, s3 = s0;
        int i = 0;
        for (; i <= length - (4 * V.Count); i += 4 * V.Count)
        {
            V x0 = V.Load(x + i), x1 = V.Load(x + i + V.Count), x2 = V.Load(x + i + (2 * V.Count)), x3 = V.Load(x + i + (3 * V.Count));
            V.AddProduct(ref s0, x0, x0);
            V.AddProduct(ref s1, x1, x1);
            V.AddProduct(ref s2, x2, x2);
            V.AddProduct(ref s3, x3, x3);
        }

        for (; i <= length - V.Count; i += V.Count)
        {
            V rest = V.Load(x + i);
            V.AddProduct(ref s0, rest, rest);
        }

        float sum = V.HorizontalSum(s0 + s1 + (s2 + s3));
        for (; i < length; i++) sum = MathF.FusedMultiplyAdd(x[i], x[i], sum);
        return sum;
    }

    // Side by side they hide the latency of an addition, and whole cache lines are read.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumFourColumns(int extent, int stride, float* x, float* y, float scale, bool accumulate)
    {
        V s0 = V.Splat(0), s1 = s0, s2 = s0, s3 = s0;
        for (int e = 0; e < extent; e++, x += stride)
        {
            s0 += V.Load(x);
            s1 += V.Load(x + V.Count);
            s2 += V.Load(x + (2 * V.Count));
            s3 += V.Load(x + (3 * V.Count));
        }

        Keep(s0 * V.Splat(scale), y, accumulate);
        Keep(s1 * V.Splat(scale), y + V.Count, accumulate);
        Keep(s2 * V.Splat(scale), y + (2 * V.Count), accumulate);
        Keep(s3 * V.Splat(scale), y + (3 * V.Count), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumColumn<T>(int extent, int stride, float* x, float* y, float scale, bool accumulate)
        where T : struct, ILanes<T>
    {
        T sum = T.Splat(0);
        for (int e = 0; e < extent; e++) sum += T.Load(x + ((nint)e * stride));
        Keep(sum * T.Splat(scale), y, accumulate);
    }

    private static void Keep<T>(T sum, float* y, bool accumulate)
        where T : struct, ILanes<T> => T.Store(y, accumulate ? T.Load(y) + sum : sum);
}
