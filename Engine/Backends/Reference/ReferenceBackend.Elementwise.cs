using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary
    {
        Span<double> result = Open(nameof(Map), nameof(y), y);
        ReadOnlySpan<double> xs = Broadcast(nameof(x), x, y);
        for (int i = 0; i < result.Length; i++)
        {
            double value = op.Apply(new Real64(xs[i % xs.Length])).Value;
            result[i] = accumulate ? result[i] + value : value;
        }
    }

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary
    {
        Span<double> result = Open(nameof(Map), nameof(y), y);
        ReadOnlySpan<double> aa = Broadcast(nameof(a), a, y);
        ReadOnlySpan<double> bs = Broadcast(nameof(b), b, y);
        for (int i = 0; i < result.Length; i++)
        {
            double value = op.Apply(new Real64(aa[i % aa.Length]), new Real64(bs[i % bs.Length])).Value;
            result[i] = accumulate ? result[i] + value : value;
        }
    }

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary
    {
        Span<double> result = Open(nameof(Map), nameof(y), y);
        ReadOnlySpan<double> aa = Broadcast(nameof(a), a, y);
        ReadOnlySpan<double> bs = Broadcast(nameof(b), b, y);
        ReadOnlySpan<double> cs = Broadcast(nameof(c), c, y);
        for (int i = 0; i < result.Length; i++)
        {
            double value = op.Apply(new Real64(aa[i % aa.Length]), new Real64(bs[i % bs.Length]), new Real64(cs[i % cs.Length])).Value;
            result[i] = accumulate ? result[i] + value : value;
        }
    }

    /// <inheritdoc/>
    public void Points(Slice start, Slice direction, Slice positions, Slice target)
    {
        ReadOnlySpan<double> from = Open(nameof(Points), nameof(start), start), by = Open(nameof(Points), nameof(direction), direction, start.Length);
        ReadOnlySpan<double> at = Open(nameof(Points), nameof(positions), positions);
        Span<double> result = Open(nameof(Points), nameof(target), target, (long)positions.Length * start.Length);
        Overlap.Points(start, direction, positions, target);
        for (int s = 0; s < at.Length; s++)
            for (int i = 0; i < from.Length; i++) result[(s * from.Length) + i] = from[i] + (at[s] * by[i]);
    }

    /// <summary>The elements of an input that is repeated to the length of <paramref name="y"/>: its length divides that of y, and is 0 only where y's is.</summary>
    private ReadOnlySpan<double> Broadcast(string name, Slice input, Slice y)
    {
        if (y.Length != 0 && (input.Length == 0 || y.Length % input.Length != 0))
            Throw.BadLength(nameof(Map), name, input.Length, y.Length);
        Overlap.Map(name, input, y);
        return Open(nameof(Map), name, input);
    }
}
