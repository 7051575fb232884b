using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary =>
        _kernels.Map(op, Repeated(nameof(Map), nameof(x), x, y), Open(nameof(Map), nameof(y), y), y.Length, accumulate);

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary =>
        _kernels.Map(
            op, Repeated(nameof(Map), nameof(a), a, y), Repeated(nameof(Map), nameof(b), b, y), Open(nameof(Map), nameof(y), y), y.Length, accumulate);

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary =>
        _kernels.Map(
            op,
            Repeated(nameof(Map), nameof(a), a, y),
            Repeated(nameof(Map), nameof(b), b, y),
            Repeated(nameof(Map), nameof(c), c, y),
            Open(nameof(Map), nameof(y), y),
            y.Length,
            accumulate);

    /// <inheritdoc/>
    public void Copy(in BlockCopy layout, Slice source, Slice target, bool accumulate)
    {
        (int count0, int count1, int block, int s0, int s1, int t0, int t1) = layout;
        if (count0 < 0 || count1 < 0 || block < 0 || s0 < 0 || s1 < 0 || t0 < 0 || t1 < 0)
            throw new ArgumentException($"Copy: counts and strides are 0 or more, not {layout}.");
        float* from = Open(nameof(Copy), nameof(source), source), to = Open(nameof(Copy), nameof(target), target);
        if (count0 == 0 || count1 == 0 || block == 0) return;
        Reaches(nameof(source), source.Length, count0, count1, block, s0, s1);
        Reaches(nameof(target), target.Length, count0, count1, block, t0, t1);
        Overlap.Copy(layout, source, target);
        float scale = (float)layout.Scale;
        for (int i = 0; i < count0; i++)
        {
            float* x = from + ((nint)i * s0), y = to + ((nint)i * t0);

            // One block repeated behind itself is an operand that repeats; a plain copy of it is sooner done block by block.
            if (s1 == 0 && t1 == block && (block == 1 || scale != 1 || accumulate))
            {
                Move(x, block, y, count1 * block, scale, accumulate);
                continue;
            }

            for (int j = 0; j < count1; j++, x += s1, y += t1)
            {
                if (block == 1) *y = accumulate ? *y + (scale * *x) : scale * *x;
                else Move(x, block, y, block, scale, accumulate);
            }
        }
    }

    /// <inheritdoc/>
    public void Points(Slice start, Slice direction, Slice positions, Slice target)
    {
        int n = start.Length;
        Operand from = new(Open(nameof(Points), nameof(start), start), n), by = new(Open(nameof(Points), nameof(direction), direction, n), n);
        float* at = Open(nameof(Points), nameof(positions), positions), to = Open(nameof(Points), nameof(target), target, (long)positions.Length * n);
        Overlap.Points(start, direction, positions, target);
        for (int s = 0; s < positions.Length; s++) _kernels.Map(new Along(at[s]), from, by, to + ((nint)s * n), n, accumulate: false);
    }

    /// <inheritdoc/>
    public void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate)
    {
        float* from = Open(nameof(Sum), nameof(x), x, split.CheckedLength(nameof(Sum))), to = Open(nameof(Sum), nameof(y), y, split.LongReduced);
        Overlap.Sum(x, y);
        if (split.Inner == 1)
        {
            _kernels.SumContiguous(split.Outer, split.Extent, from, to, (float)scale, accumulate);
            return;
        }

        for (int o = 0; o < split.Outer; o++)
            _kernels.SumRows(split.Extent, split.Inner, from + ((nint)o * split.Extent * split.Inner), to + ((nint)o * split.Inner), (float)scale, accumulate);
    }

    /// <inheritdoc/>
    public void Max(AxisSplit split, Slice x, Slice y, Slice index)
    {
        ExactIndex.Check(split);
        float* from = Open(nameof(Max), nameof(x), x, split.CheckedLength(nameof(Max)));
        float* to = Open(nameof(Max), nameof(y), y, split.LongReduced), where = Open(nameof(Max), nameof(index), index, split.LongReduced);
        Overlap.Max(x, y, index);
        for (int o = 0; o < split.Outer; o++)
        {
            for (int i = 0; i < split.Inner; i++)
            {
                float* column = from + ((nint)o * split.Extent * split.Inner) + i;
                int best = 0;
                float largest = *column;
                for (int e = 1; e < split.Extent; e++)
                {
                    float value = column[(nint)e * split.Inner];
                    if (value > largest || (float.IsNaN(value) && !float.IsNaN(largest))) (best, largest) = (e, value);
                }

                to[(o * split.Inner) + i] = largest;
                where[(o * split.Inner) + i] = best;
            }
        }
    }

    /// <inheritdoc/>
    public void Scatter(AxisSplit split, Slice x, Slice index, Slice y)
    {
        float* to = Open(nameof(Scatter), nameof(y), y, split.CheckedLength(nameof(Scatter)));
        float* from = Open(nameof(Scatter), nameof(x), x, split.LongReduced), where = Open(nameof(Scatter), nameof(index), index, split.LongReduced);
        Overlap.Scatter(x, index, y);
        for (int o = 0; o < split.Outer; o++)
        {
            for (int i = 0; i < split.Inner; i++)
            {
                float e = where[(o * split.Inner) + i];
                if (!(e >= 0 && e < split.Extent)) Throw.OutOfRange(nameof(Scatter), nameof(index), e, $"from 0 to {split.Extent - 1}");
                to[((((nint)o * split.Extent) + (int)e) * split.Inner) + i] += from[(o * split.Inner) + i];
            }
        }
    }

    private void Move(float* x, int repeated, float* y, int length, float scale, bool accumulate)
    {
        if (scale != 1) _kernels.Map(new Times(scale), new Operand(x, repeated), y, length, accumulate);
        else if (accumulate || repeated != length) _kernels.Map(default(Identity), new Operand(x, repeated), y, length, accumulate);
        else new Span<float>(x, length).CopyTo(new Span<float>(y, length));
    }

    private static void Reaches(string name, int length, int count0, int count1, int block, int stride0, int stride1)
    {
        long end = ((count0 - 1L) * stride0) + ((count1 - 1L) * stride1) + block;
        if (end > length) Throw.BadLength(nameof(Copy), name, length, (int)Math.Min(end, int.MaxValue));
    }
}
