
namespace EmotionXai.Engine.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate)
    {
        ReadOnlySpan<double> xs = Open(nameof(Sum), nameof(x), x, split.CheckedLength(nameof(Sum)));
        Span<double> result = Open(nameof(Sum), nameof(y), y, split.LongReduced);
        Overlap.Sum(x, y);
        for (int o = 0; o < split.Outer; o++)
            for (int i = 0; i < split.Inner; i++)
            {
                double sum = 0;
                for (int e = 0; e < split.Extent; e++) sum += xs[At(split, o, e, i)];
                ref double place = ref result[(o * split.Inner) + i];
                place = accumulate ? place + (scale * sum) : scale * sum;
            }
    }

    /// <inheritdoc/>
    public void Max(AxisSplit split, Slice x, Slice y, Slice index)
    {
        if (split.Extent < 1) Throw.OutOfRange(nameof(Max), nameof(split.Extent), split.Extent, "1 or more");
        ReadOnlySpan<double> xs = Open(nameof(Max), nameof(x), x, split.CheckedLength(nameof(Max)));
        Span<double> result = Open(nameof(Max), nameof(y), y, split.LongReduced);
        Span<double> where = Open(nameof(Max), nameof(index), index, split.LongReduced);
        Overlap.Max(x, y, index);
        for (int o = 0; o < split.Outer; o++)
            for (int i = 0; i < split.Inner; i++)
            {
                int best = 0;
                double largest = xs[At(split, o, 0, i)];
                for (int e = 1; e < split.Extent; e++)
                {
                    double value = xs[At(split, o, e, i)];
                    if (!(value > largest) && !(double.IsNaN(value) && !double.IsNaN(largest))) continue;
                    best = e;
                    largest = value;
                }

                result[(o * split.Inner) + i] = largest;
                where[(o * split.Inner) + i] = best;
            }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the axis.</exception>
    public void Scatter(AxisSplit split, Slice x, Slice index, Slice y)
    {
        ReadOnlySpan<double> xs = Open(nameof(Scatter), nameof(x), x, split.LongReduced);
        ReadOnlySpan<double> where = Open(nameof(Scatter), nameof(index), index, split.LongReduced);
        Span<double> result = Open(nameof(Scatter), nameof(y), y, split.CheckedLength(nameof(Scatter)));
        Overlap.Scatter(x, index, y);
        for (int o = 0; o < split.Outer; o++)
            for (int i = 0; i < split.Inner; i++)
            {
                double e = where[(o * split.Inner) + i];
                if (!(e >= 0 && e < split.Extent)) Throw.OutOfRange(nameof(Scatter), nameof(index), e, $"0 to {split.Extent - 1}");
                result[At(split, o, (int)e, i)] += xs[(o * split.Inner) + i];
            }
    }

    private static int At(AxisSplit split, int o, int e, int i) => (((o * split.Extent) + e) * split.Inner) + i;
}
