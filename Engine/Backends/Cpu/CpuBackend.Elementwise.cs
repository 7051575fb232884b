using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // An element is read and written once and mostly computes little; 16,384 of them are worth a part.
    private const long MapCost = WorthAPart >> 14;

    private const int MapBlock = 1024;

    // Columns of a sum that one thread walks down: whole cache lines, and enough accumulators to hide the latency of an addition.
    private const int SumBlock = 64;

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary
    {
        Operand only = Repeated(nameof(Map), nameof(x), x, y);
        Map(op, only, Open(nameof(Map), nameof(y), y), y.Length, accumulate);
    }

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary
    {
        Operand first = Repeated(nameof(Map), nameof(a), a, y), second = Repeated(nameof(Map), nameof(b), b, y);
        float* to = Open(nameof(Map), nameof(y), y);
        if (IsShort(y.Length)) _kernels.Map(op, first, second, to, 0, y.Length, accumulate);
        else Share(new BinaryJob<TOp>(_kernels, op, first, second, to, y.Length, accumulate), y.Length);
    }

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary
    {
        Operand first = Repeated(nameof(Map), nameof(a), a, y), second = Repeated(nameof(Map), nameof(b), b, y), third = Repeated(nameof(Map), nameof(c), c, y);
        float* to = Open(nameof(Map), nameof(y), y);
        if (IsShort(y.Length)) _kernels.Map(op, first, second, third, to, 0, y.Length, accumulate);
        else Share(new TernaryJob<TOp>(_kernels, op, first, second, third, to, y.Length, accumulate), y.Length);
    }

    /// <inheritdoc/>
    public void Fill(Slice target, double value)
    {
        float* to = Open(nameof(Fill), nameof(target), target);
        if (IsShort(target.Length)) new Span<float>(to, target.Length).Fill((float)value);
        else Share(new FillJob((float)value, to, target.Length), target.Length);
    }

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

        // Outer blocks that lie one behind the other, or between each other, are nobody else's; others are copied by one thread in their order.
        bool apart = t0 >= ((count1 - 1L) * t1) + block || (t0 >= block && t1 >= ((count0 - 1L) * t0) + block);
        CopyJob job = new(_kernels, layout, from, to, accumulate);
        Run(MapCost * count0 * count1 * block, apart ? count0 : 1, ref job);
    }

    /// <inheritdoc/>
    public void Points(Slice start, Slice direction, Slice positions, Slice target)
    {
        int n = start.Length;
        Operand from = new(Open(nameof(Points), nameof(start), start), n), by = new(Open(nameof(Points), nameof(direction), direction, n), n);
        float* at = Open(nameof(Points), nameof(positions), positions), to = Open(nameof(Points), nameof(target), target, (long)positions.Length * n);
        Overlap.Points(start, direction, positions, target);
        for (int s = 0; s < positions.Length; s++) _kernels.Map(new Along(at[s]), from, by, to + ((nint)s * n), 0, n, accumulate: false);
    }

    /// <inheritdoc/>
    public void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate)
    {
        float* from = Open(nameof(Sum), nameof(x), x, split.CheckedLength(nameof(Sum))), to = Open(nameof(Sum), nameof(y), y, split.LongReduced);
        Overlap.Sum(x, y);
        SumJob job = new(_kernels, split, from, to, (float)scale, accumulate);
        Run(MapCost * x.Length, split.Inner == 1 || split.Outer > 1 ? split.Outer : ParallelRange.Blocks(split.Inner, SumBlock), ref job);
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

    private void Map<TOp>(TOp op, Operand x, float* y, int length, bool accumulate)
        where TOp : struct, IUnary
    {
        if (IsShort(length)) _kernels.Map(op, x, y, 0, length, accumulate);
        else Share(new UnaryJob<TOp>(_kernels, op, x, y, length, accumulate), length);
    }

    private bool IsShort(int length) => _workers is null || MapCost * length < 2 * WorthAPart;

    private void Share<TJob>(TJob job, int length)
        where TJob : struct, IJob => Run(MapCost * length, ParallelRange.Blocks(length, MapBlock), ref job);

    private static void Reaches(string name, int length, int count0, int count1, int block, int stride0, int stride1)
    {
        long end = ((count0 - 1L) * stride0) + ((count1 - 1L) * stride1) + block;
        if (end > length) Throw.BadLength(nameof(Copy), name, length, (int)Math.Min(end, int.MaxValue));
    }

    private readonly struct UnaryJob<TOp>(ICpuKernels kernels, TOp op, Operand x, float* y, int length, bool accumulate) : IJob
        where TOp : struct, IUnary
    {
        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.InBlocks(length, MapBlock, part, parts);
            kernels.Map(op, x, y, first, first + count, accumulate);
        }
    }

    private readonly struct BinaryJob<TOp>(ICpuKernels kernels, TOp op, Operand a, Operand b, float* y, int length, bool accumulate) : IJob
        where TOp : struct, IBinary
    {
        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.InBlocks(length, MapBlock, part, parts);
            kernels.Map(op, a, b, y, first, first + count, accumulate);
        }
    }

    private readonly struct TernaryJob<TOp>(ICpuKernels kernels, TOp op, Operand a, Operand b, Operand c, float* y, int length, bool accumulate) : IJob
        where TOp : struct, ITernary
    {
        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.InBlocks(length, MapBlock, part, parts);
            kernels.Map(op, a, b, c, y, first, first + count, accumulate);
        }
    }

    private readonly struct FillJob(float value, float* y, int length) : IJob
    {
        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.InBlocks(length, MapBlock, part, parts);
            new Span<float>(y + first, count).Fill(value);
        }
    }

    private readonly struct CopyJob(ICpuKernels kernels, in BlockCopy layout, float* from, float* to, bool accumulate) : IJob
    {
        private readonly BlockCopy _layout = layout;

        public void Do(int part, int parts)
        {
            (int count0, int count1, int block, int s0, int s1, int t0, int t1) = _layout;
            float scale = (float)_layout.Scale;
            (int first, int count) = ParallelRange.Of(count0, part, parts);
            for (int i = first; i < first + count; i++)
            {
                float* x = from + ((nint)i * s0), y = to + ((nint)i * t0);

                // One block repeated behind itself is an operand that repeats; a plain copy of it is sooner done block by block.
                if (s1 == 0 && t1 == block && (block == 1 || scale != 1 || accumulate))
                {
                    Move(x, block, y, count1 * block, scale);
                    continue;
                }

                for (int j = 0; j < count1; j++, x += s1, y += t1)
                {
                    if (block == 1) *y = accumulate ? *y + (scale * *x) : scale * *x;
                    else Move(x, block, y, block, scale);
                }
            }
        }

        private void Move(float* x, int repeated, float* y, int length, float scale)
        {
            if (scale != 1) kernels.Map(new Times(scale), new Operand(x, repeated), y, 0, length, accumulate);
            else if (accumulate || repeated != length) kernels.Map(default(Identity), new Operand(x, repeated), y, 0, length, accumulate);
            else new Span<float>(x, length).CopyTo(new Span<float>(y, length));
        }
    }

    // One sum alone is cut by its columns, several are dealt out whole: either way a number is one thread's from its first term to its last.
    private readonly struct SumJob(ICpuKernels kernels, AxisSplit split, float* from, float* to, float scale, bool accumulate) : IJob
    {
        public void Do(int part, int parts)
        {
            if (split.Outer == 1 && split.Inner > 1)
            {
                (int column, int columns) = ParallelRange.InBlocks(split.Inner, SumBlock, part, parts);
                kernels.SumRows(split.Extent, split.Inner, columns, from + column, to + column, scale, accumulate);
                return;
            }

            (int first, int count) = ParallelRange.Of(split.Outer, part, parts);
            float* x = from + ((nint)first * split.Extent * split.Inner), y = to + ((nint)first * split.Inner);
            if (split.Inner == 1) kernels.SumContiguous(count, split.Extent, x, y, scale, accumulate);
            else
                for (int o = 0; o < count; o++, x += (nint)split.Extent * split.Inner, y += split.Inner)
                    kernels.SumRows(split.Extent, split.Inner, split.Inner, x, y, scale, accumulate);
        }
    }
}
