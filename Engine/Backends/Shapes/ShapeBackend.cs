using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Shapes;

/// <summary>
/// A backend that holds no numbers: it checks what every backend checks, and counts what a model would do and hold as float32.
/// Build a model on it, record and walk back, and read the counts; no memory is taken, so any size will do. What is read
/// from it is zero.
/// </summary>
public sealed class ShapeBackend : IBackend
{
    /// <inheritdoc/>
    public string Name => "shapes";

    /// <inheritdoc/>
    public double UnitRoundoff => 1.0 / (1 << 24);

    /// <inheritdoc/>
    public int LiveBuffers { get; private set; }

    /// <summary>Multiply-adds of all products so far, those inside recurrent cells among them.</summary>
    public long MultiplyAdds { get; private set; }

    /// <summary>Bytes read and written so far, each operand of a call once.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of the buffers that are handed out now.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>The most <see cref="LiveBytes"/> have been.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Sets the work counted so far, and the peak, back; buffers stay.</summary>
    public void Reset() => (MultiplyAdds, Bytes, PeakBytes) = (0, 0, LiveBytes);

    /// <inheritdoc/>
    public Storage Allocate(int length)
    {
        if (length < 0) Throw.OutOfRange(nameof(Allocate), nameof(length), length, "0 or more");
        LiveBuffers++;
        LiveBytes += sizeof(float) * (long)length;
        PeakBytes = Math.Max(PeakBytes, LiveBytes);
        return new ShapeStorage(this, length);
    }

    /// <inheritdoc/>
    public void Free(Storage storage)
    {
        ShapeStorage own = Own(nameof(Free), storage);
        if (!own.Live) throw new InvalidOperationException("Free: this storage was given back before; free it once.");
        own.Live = false;
        LiveBuffers--;
        LiveBytes -= sizeof(float) * (long)own.Length;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> source, Slice target) => Moves(nameof(Write), target, source.Length);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<double> source, Slice target) => Moves(nameof(Write), target, source.Length);

    /// <inheritdoc/>
    public void Gather(Slice table, int width, Slice rows, Slice target)
    {
        Open(nameof(Gather), nameof(table), table, table.Length);
        Open(nameof(Gather), nameof(rows), rows, rows.Length);
        Open(nameof(Gather), nameof(target), target, target.Length);
        RowTable.Check(table.Length, width, rows.Length, target.Length);
        Overlap.Gather(table, rows, target);
        Count(OpCost.Moves(rows.Length + (2L * target.Length)));
    }

    /// <inheritdoc/>
    public void Read(Slice source, Span<float> target)
    {
        Moves(nameof(Read), source, target.Length);
        target.Clear();
    }

    /// <inheritdoc/>
    public void Read(Slice source, Span<double> target)
    {
        Moves(nameof(Read), source, target.Length);
        target.Clear();
    }

    /// <inheritdoc/>
    public void Fill(Slice target, double value) => Moves(nameof(Fill), target, target.Length);

    /// <inheritdoc/>
    public void Copy(in BlockCopy layout, Slice source, Slice target, bool accumulate)
    {
        (int count0, int count1, int block, int s0, int s1, int t0, int t1) = layout;
        if (count0 < 0 || count1 < 0 || block < 0 || s0 < 0 || s1 < 0 || t0 < 0 || t1 < 0)
            throw new ArgumentException($"Copy: counts and strides are 0 or more, not {layout}.");
        Open(nameof(Copy), nameof(source), source, source.Length);
        Open(nameof(Copy), nameof(target), target, target.Length);
        if (count0 == 0 || count1 == 0 || block == 0) return;
        Reaches(nameof(source), source.Length, s0, s1);
        Reaches(nameof(target), target.Length, t0, t1);
        Overlap.Copy(layout, source, target);
        long elements = (long)count0 * count1 * block;
        Count(OpCost.Moves(elements + OpCost.Written(elements, accumulate)));

        void Reaches(string name, int length, int stride0, int stride1)
        {
            long end = ((count0 - 1L) * stride0) + ((count1 - 1L) * stride1) + block;
            if (end > length) Throw.BadLength(nameof(Copy), name, length, (int)Math.Min(end, int.MaxValue));
        }
    }

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary => Map(y, accumulate, (nameof(x), x));

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary => Map(y, accumulate, (nameof(a), a), (nameof(b), b));

    /// <inheritdoc/>
    public void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary => Map(y, accumulate, (nameof(a), a), (nameof(b), b), (nameof(c), c));

    /// <inheritdoc/>
    public void Points(Slice start, Slice direction, Slice positions, Slice target)
    {
        const string Op = nameof(Points);
        Open(Op, nameof(start), start, start.Length);
        Open(Op, nameof(direction), direction, start.Length);
        Open(Op, nameof(positions), positions, positions.Length);
        Open(Op, nameof(target), target, (long)positions.Length * start.Length);
        Overlap.Points(start, direction, positions, target);
        Count(OpCost.Points(start.Length, positions.Length));
    }

    /// <inheritdoc/>
    public void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate)
    {
        Open(nameof(Sum), nameof(x), x, split.CheckedLength(nameof(Sum)));
        Open(nameof(Sum), nameof(y), y, split.LongReduced);
        Overlap.Sum(x, y);
        Count(OpCost.Moves(x.Length + OpCost.Written(y.Length, accumulate)));
    }

    /// <inheritdoc/>
    public void Max(AxisSplit split, Slice x, Slice y, Slice index)
    {
        ExactIndex.Check(split);
        Open(nameof(Max), nameof(x), x, split.CheckedLength(nameof(Max)));
        Open(nameof(Max), nameof(y), y, split.LongReduced);
        Open(nameof(Max), nameof(index), index, split.LongReduced);
        Overlap.Max(x, y, index);
        Count(OpCost.Moves((long)x.Length + y.Length + index.Length));
    }

    /// <inheritdoc/>
    public void Scatter(AxisSplit split, Slice x, Slice index, Slice y)
    {
        Open(nameof(Scatter), nameof(y), y, split.CheckedLength(nameof(Scatter)));
        Open(nameof(Scatter), nameof(x), x, split.LongReduced);
        Open(nameof(Scatter), nameof(index), index, split.LongReduced);
        Overlap.Scatter(x, index, y);
        Count(OpCost.Moves((long)x.Length + index.Length + OpCost.Written(x.Length, accumulate: true)));
    }

    /// <inheritdoc/>
    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c)
    {
        const string Op = nameof(Multiply);
        (int m, int n, int k) = (product.M, product.N, product.K);
        if (m < 0 || n < 0 || k < 0) throw new ArgumentException($"{Op}: extents are 0 or more, not {m} x {n} x {k}.");
        Open(Op, nameof(a), a, (long)m * k);
        Open(Op, nameof(b), b, (long)k * n);
        if (bias is { } row) Open(Op, nameof(bias), row, n);
        Open(Op, nameof(c), c, (long)m * n);
        Overlap.Multiply(a, b, bias, c);
        Count(OpCost.Of(product, bias is not null));
    }

    /// <inheritdoc/>
    public void Multiply<TFinish>(in MatrixProduct product, Slice a, Slice b, Slice? bias, TFinish finish, Slice c)
        where TFinish : struct, IUnary
    {
        Throw.IfAccumulates(product);
        Multiply(product, a, b, bias, c);
    }

    /// <inheritdoc/>
    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved)
    {
        const string Op = nameof(RecurrentForward);
        long units = shape.CheckedUnits(Op);
        Open(Op, nameof(projection), projection, units * shape.Gates);
        Open(Op, nameof(weights), weights, shape.WeightLength);
        Slice? bias = shape.Cell == RecurrentCell.Gru ? candidateBias : null;
        if (bias is { } given) Open(Op, nameof(candidateBias), given, shape.Hidden);
        Open(Op, nameof(states), states, units);
        Open(Op, nameof(saved), saved, units * shape.SavedPerUnit);
        Overlap.RecurrentForward(projection, weights, bias, states, saved);
        Count(OpCost.Forward(shape));
    }

    /// <inheritdoc/>
    public void RecurrentBackward(in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient)
    {
        const string Op = nameof(RecurrentBackward);
        long units = shape.CheckedUnits(Op);
        bool gru = shape.Cell == RecurrentCell.Gru;
        if (gru && recurrentGradient is null) throw new ArgumentException($"{Op}: a GRU's recurrent gradient differs from its projection's; give a slice for it.");
        Open(Op, nameof(weights), weights, shape.WeightLength);
        Open(Op, nameof(states), states, units);
        Open(Op, nameof(saved), saved, units * shape.SavedPerUnit);
        Open(Op, nameof(stateGradient), stateGradient, units);
        Open(Op, nameof(projectionGradient), projectionGradient, units * shape.Gates);
        if (gru) Open(Op, nameof(recurrentGradient), recurrentGradient!.Value, units * shape.Gates);
        Overlap.RecurrentBackward(weights, states, saved, stateGradient, projectionGradient, gru ? recurrentGradient : null);
        Count(OpCost.Backward(shape));
    }

    /// <inheritdoc/>
    public void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative)
    {
        const string Op = nameof(BinaryCrossEntropy);
        Open(Op, nameof(logits), logits, logits.Length);
        Open(Op, nameof(targets), targets, logits.Length);
        Open(Op, nameof(loss), loss, 1);
        Open(Op, nameof(derivative), derivative, logits.Length);
        Overlap.BinaryCrossEntropy(logits, targets, loss, derivative);
        Count(OpCost.Moves((3L * logits.Length) + 1));
    }

    /// <inheritdoc/>
    public void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment)
    {
        const string Op = nameof(Adam);
        if (step.Time < 1) Throw.OutOfRange(Op, nameof(step.Time), step.Time, "1 or more");
        Open(Op, nameof(parameter), parameter, parameter.Length);
        Open(Op, nameof(gradient), gradient, parameter.Length);
        Open(Op, nameof(firstMoment), firstMoment, parameter.Length);
        Open(Op, nameof(secondMoment), secondMoment, parameter.Length);
        Overlap.Adam(parameter, gradient, firstMoment, secondMoment);
        Count(OpCost.Moves(7L * parameter.Length));
    }

    /// <inheritdoc/>
    public void SgdMomentum(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity)
    {
        const string Op = nameof(SgdMomentum);
        Open(Op, nameof(parameter), parameter, parameter.Length);
        Open(Op, nameof(gradient), gradient, parameter.Length);
        Open(Op, nameof(velocity), velocity, parameter.Length);
        Overlap.SgdMomentum(parameter, gradient, velocity);
        Count(OpCost.Moves(5L * parameter.Length));
    }

    /// <inheritdoc/>
    public void SumOfSquares(ReadOnlySpan<Slice> parts, Slice scratch, Slice sum)
    {
        const string Op = nameof(SumOfSquares);
        Open(Op, nameof(scratch), scratch, scratch.Length);
        Open(Op, nameof(sum), sum, 1);
        Overlap.SumOfSquares(parts, scratch, sum);
        foreach (Slice part in parts)
        {
            Open(Op, nameof(parts), part, part.Length);
            if (part.Length > scratch.Length) Throw.BadLength(Op, nameof(scratch), scratch.Length, part.Length);
        }

        Count(OpCost.Squares(parts));
    }

    /// <inheritdoc/>
    public void Adam(ReadOnlySpan<AdamPart> parts, Slice factor)
    {
        Moves(nameof(Adam), factor, 1);
        foreach (AdamPart part in parts) Adam(part.Step, part.Parameter, part.Gradient, part.FirstMoment, part.SecondMoment);
    }

    /// <inheritdoc/>
    public void SgdMomentum(ReadOnlySpan<SgdPart> parts, Slice factor)
    {
        Moves(nameof(SgdMomentum), factor, 1);
        foreach (SgdPart part in parts) SgdMomentum(part.Rate, part.Momentum, part.Decay, 1, part.Parameter, part.Gradient, part.Velocity);
    }

    /// <inheritdoc/>
    public void Random(Distribution distribution, RandomKey key, ulong offset, Slice target) => Moves(nameof(Random), target, target.Length);

    /// <summary>Nothing to give back.</summary>
    public void Dispose()
    {
    }

    private void Map(Slice y, bool accumulate, params ReadOnlySpan<(string Name, Slice Slice)> inputs)
    {
        Open(nameof(Map), nameof(y), y, y.Length);
        long elements = OpCost.Written(y.Length, accumulate);
        foreach ((string name, Slice x) in inputs)
        {
            Open(nameof(Map), name, x, x.Length);
            if (y.Length > 0 && (x.Length == 0 || y.Length % x.Length != 0)) Throw.BadLength(nameof(Map), name, x.Length, y.Length);
            Overlap.Map(name, x, y);
            elements += x.Length;
        }

        Count(OpCost.Moves(elements));
    }

    private void Moves(string op, Slice slice, int length)
    {
        Open(op, "the slice", slice, length);
        Count(OpCost.Moves(length));
    }

    private void Count(OpCost cost)
    {
        MultiplyAdds += cost.MultiplyAdds;
        Bytes += cost.Elements * sizeof(float);
    }

    private void Open(string op, string name, Slice slice, long length)
    {
        ShapeStorage own = Own(op, slice.Storage);
        ObjectDisposedException.ThrowIf(!own.Live, own);
        if (slice.Offset < 0 || slice.Length < 0 || slice.Offset > own.Length - slice.Length) Throw.SliceOutOfRange(slice.Offset, slice.Length, own.Length);
        if (slice.Length != length) Throw.BadLength(op, name, slice.Length, (int)Math.Min(length, int.MaxValue));
    }

    private ShapeStorage Own(string op, Storage storage)
    {
        if (storage is not ShapeStorage own || !ReferenceEquals(own.Owner, this)) Throw.ForeignBackend(op, Name, storage.GetType().Name);
        return (ShapeStorage)storage;
    }

    private sealed class ShapeStorage(ShapeBackend owner, int length) : Storage(length)
    {
        public ShapeBackend Owner { get; } = owner;

        public bool Live { get; set; } = true;
    }
}
