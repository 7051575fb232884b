using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Engine.Numerics;
using ILGPU;

namespace EmotionXai.Engine.Gpu;

public sealed partial class GpuBackend
{
    // Below this extent a thread adds a row up sooner than a group that must meet.
    private const int ShortRow = 64;

    /// <inheritdoc/>
    /// <remarks>The op's type must be visible to ILGPU's launchers: public, or internal in an assembly whose internals ILGPURuntime may see.</remarks>
    public void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary
    {
        using Lock.Scope turn = _gate.EnterScope();
        ArrayView<float> from = Repeated(nameof(Map), nameof(x), x, y), to = Open(nameof(Map), nameof(y), y);
        if (x.Length == y.Length) Stride(y.Length, new UnaryMap<TOp, No>(from, to, Flag(accumulate), op));
        else Stride(y.Length, new UnaryMap<TOp, Yes>(from, to, Flag(accumulate), op));
    }

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary
    {
        using Lock.Scope turn = _gate.EnterScope();
        ArrayView<float> left = Repeated(nameof(Map), nameof(a), a, y), right = Repeated(nameof(Map), nameof(b), b, y), to = Open(nameof(Map), nameof(y), y);
        if (a.Length == y.Length && b.Length == y.Length) Stride(y.Length, new BinaryMap<TOp, No>(left, right, to, Flag(accumulate), op));
        else Stride(y.Length, new BinaryMap<TOp, Yes>(left, right, to, Flag(accumulate), op));
    }

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary
    {
        using Lock.Scope turn = _gate.EnterScope();
        ArrayView<float> first = Repeated(nameof(Map), nameof(a), a, y), second = Repeated(nameof(Map), nameof(b), b, y);
        ArrayView<float> third = Repeated(nameof(Map), nameof(c), c, y), to = Open(nameof(Map), nameof(y), y);
        if (a.Length == y.Length && b.Length == y.Length && c.Length == y.Length) Stride(y.Length, new TernaryMap<TOp, No>(first, second, third, to, Flag(accumulate), op));
        else Stride(y.Length, new TernaryMap<TOp, Yes>(first, second, third, to, Flag(accumulate), op));
    }

    /// <inheritdoc/>
    public void Copy(in BlockCopy layout, Slice source, Slice target, bool accumulate)
    {
        using Lock.Scope turn = _gate.EnterScope();
        (int count0, int count1, int block, int s0, int s1, int t0, int t1) = layout;
        if (count0 < 0 || count1 < 0 || block < 0 || s0 < 0 || s1 < 0 || t0 < 0 || t1 < 0)
            throw new ArgumentException($"Copy: counts and strides are 0 or more, not {layout}.");
        ArrayView<float> from = Open(nameof(Copy), nameof(source), source), to = Open(nameof(Copy), nameof(target), target);
        if (count0 == 0 || count1 == 0 || block == 0) return;
        Reaches(nameof(source), source.Length, layout, s0, s1);
        Reaches(nameof(target), target.Length, layout, t0, t1);
        Overlap.Copy(layout, source, target);

        // Target blocks do not overlap, so no more elements move than the target has.
        int total = checked(count0 * count1 * block);
        Stride(total, new CopyKernel(new CopyStrides(layout), from, to, total, (float)layout.Scale, Flag(accumulate)));
    }

    /// <inheritdoc/>
    public void Points(Slice start, Slice direction, Slice positions, Slice target)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(Points);
        PointsKernel kernel = new(
            Open(Op, nameof(start), start),
            Open(Op, nameof(direction), direction, start.Length),
            Open(Op, nameof(positions), positions),
            Open(Op, nameof(target), target, (long)positions.Length * start.Length));
        Overlap.Points(start, direction, positions, target);
        Stride(target.Length, kernel);
    }

    /// <inheritdoc/>
    public void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate)
    {
        using Lock.Scope turn = _gate.EnterScope();
        ArrayView<float> from = Open(nameof(Sum), nameof(x), x, split.CheckedLength(nameof(Sum))), to = Open(nameof(Sum), nameof(y), y, split.LongReduced);
        Overlap.Sum(x, y);
        if (split.Reduced == 0) return;

        // Few long sums would leave most of the device idle: parts of them first, then the sum of the parts. How many depends on the shape and the device alone.
        int group = split.Inner == 1 && split.Extent > ShortRow ? _device.GroupSize : 1;
        int chunks = System.Math.Clamp(_device.BusySums / group / split.Reduced, 1, System.Math.Max(1, split.Extent / (ShortRow * group)));
        if (chunks == 1)
        {
            Sum(split, split.Extent, 1, from, to, (float)scale, accumulate);
            return;
        }

        int chunk = Quotient(split.Extent, chunks);
        Storage parts = Allocate(checked(split.Reduced * chunks));
        ArrayView<float> middle = Open(nameof(Sum), nameof(parts), new Slice(parts, 0, parts.Length));
        Sum(split, chunk, chunks, from, middle, 1, accumulate: false);
        Sum(split with { Extent = chunks }, chunks, 1, middle, to, (float)scale, accumulate);
        Free(parts);
    }

    /// <inheritdoc/>
    public void Max(AxisSplit split, Slice x, Slice y, Slice index)
    {
        using Lock.Scope turn = _gate.EnterScope();
        ExactIndex.Check(split);
        MaxKernel kernel = new(
            split,
            Open(nameof(Max), nameof(x), x, split.CheckedLength(nameof(Max))),
            Open(nameof(Max), nameof(y), y, split.LongReduced),
            Open(nameof(Max), nameof(index), index, split.LongReduced));
        Overlap.Max(x, y, index);
        Stride(split.Reduced, kernel);
    }

    /// <inheritdoc/>
    public void Scatter(AxisSplit split, Slice x, Slice index, Slice y)
    {
        using Lock.Scope turn = _gate.EnterScope();
        ArrayView<float> to = Open(nameof(Scatter), nameof(y), y, split.CheckedLength(nameof(Scatter)));
        ArrayView<float> from = Open(nameof(Scatter), nameof(x), x, split.LongReduced), where = Open(nameof(Scatter), nameof(index), index, split.LongReduced);
        Overlap.Scatter(x, index, y);
        if (split.Length > 0) Stride(split.Reduced, new ScatterKernel(split, from, where, to));
    }

    private void Sum(AxisSplit split, int chunk, int chunks, ArrayView<float> x, ArrayView<float> y, float scale, bool accumulate)
    {
        if (split.Inner == 1 && chunk > ShortRow)
            Launch(Group(split.Outer * chunks), new SumRows(split.Extent, chunk, chunks, x, y, scale, Flag(accumulate)));
        else Stride((int)y.Length, new SumColumns(split, chunk, chunks, x, y, scale, Flag(accumulate)));
    }

    /// <summary>Groups with a number of shared memory a thread.</summary>
    private KernelConfig Group(int groups) => new(groups, _device.GroupSize, SharedMemoryConfig.RequestDynamic<float>(_device.GroupSize));

    private static int Flag(bool value) => value ? 1 : 0;

    private static void Reaches(string name, int length, in BlockCopy layout, int stride0, int stride1)
    {
        long end = ((layout.Count0 - 1L) * stride0) + ((layout.Count1 - 1L) * stride1) + layout.Block;
        if (end > length) Throw.BadLength(nameof(Copy), name, length, (int)System.Math.Min(end, int.MaxValue));
    }
}
