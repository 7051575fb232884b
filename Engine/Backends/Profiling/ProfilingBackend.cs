using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>
/// Hands every call on to another backend and keeps when it began and ended, and what it had to do. Results are the inner
/// backend's, bit for bit. Its storages are the inner backend's own.
/// </summary>
internal sealed class ProfilingBackend : IBackend, ISealsWeights, IForgetsSteps, IIntegratesPaths, IIntegratesDensePaths, IStepsProducts, IWaitsForRoom
{
    private readonly IBackend _inner;
    private readonly Profile _profile;
    private readonly Recorder _recorder;
    private IReadOnlyList<IBackend>? _lanes;

    public ProfilingBackend(IBackend inner, Profile profile, int threads)
    {
        (_inner, _profile) = (inner, profile);
        inner.WaitAfterEveryCall();
        _recorder = profile.NewRecorder(inner.UnitRoundoff < 1e-10 ? sizeof(double) : sizeof(float), threads);
    }

    public string Name => _inner.Name;

    public double UnitRoundoff => _inner.UnitRoundoff;

    public int LiveBuffers => _inner.LiveBuffers;

    public IReadOnlyList<IBackend> Lanes => _lanes ??= WatchLanes();

    public BatchSizes Batches => _inner.Batches;

    public Traffic? Traffic => _inner.Traffic;

    public bool SharesMemory(IBackend other) => _inner.SharesMemory(other is ProfilingBackend profiling ? profiling._inner : other);

    public void OnLanes(Action<int> work)
    {
        long start = Recorder.Now;
        IReadOnlyList<IBackend> lanes = Lanes;
        _inner.OnLanes(lane =>
        {
            long begin = Recorder.Now;
            work(lane);
            ((ProfilingBackend)lanes[lane])._recorder.AddSection(begin, $"lane {lane}");
        });
        _recorder.AddSection(start, "lanes");
    }

    public void Seal(Slice weights, int rows, int columns) => (_inner as ISealsWeights)?.Seal(weights, rows, columns);

    public bool TakesPaths(in RecurrentPaths paths) => _inner is IIntegratesPaths own && own.TakesPaths(paths);

    public void IntegratePaths<TSlope>(in RecurrentPaths paths, Slice start, Slice direction, Slice positions, Slice weights, in RecurrentWeights body, TSlope slope, Slice total)
        where TSlope : struct, ISlope
    {
        long begin = Recorder.Now;
        ((IIntegratesPaths)_inner).IntegratePaths(paths, start, direction, positions, weights, body, slope, total);
        _recorder.Add(begin, Key(nameof(IntegratePaths), paths.Sequences), OpCost.Of(paths), ShapeText.Sequences);
    }

    public bool TakesDensePaths => _inner is IIntegratesDensePaths { TakesDensePaths: true };

    public void IntegrateDensePaths<TFinish, TSlope>(in DensePaths paths, Slice start, Slice direction, Slice positions, Slice weights, TFinish finish, TSlope slope, Slice total)
        where TFinish : struct, IUnary
        where TSlope : struct, ITernary
    {
        long begin = Recorder.Now;
        ((IIntegratesDensePaths)_inner).IntegrateDensePaths(paths, start, direction, positions, weights, finish, slope, total);
        _recorder.Add(begin, new(nameof(IntegrateDensePaths), paths.Pairs, paths.Steps, paths.Width, paths.Last), OpCost.Of(paths), ShapeText.DensePaths);
    }

    public bool WaitsForRoom
    {
        get => _inner is IWaitsForRoom { WaitsForRoom: true };
        set
        {
            if (_inner is IWaitsForRoom waiting) waiting.WaitsForRoom = value;
        }
    }

    public Storage Allocate(int length) => _inner.Allocate(length);

    public void Free(Storage storage) => _inner.Free(storage);

    public void Write(ReadOnlySpan<float> source, Slice target)
    {
        long start = Recorder.Now;
        _inner.Write(source, target);
        Moved(start, nameof(Write), target.Length, target.Length);
    }

    public void Write(ReadOnlySpan<double> source, Slice target)
    {
        long start = Recorder.Now;
        _inner.Write(source, target);
        Moved(start, nameof(Write), target.Length, target.Length);
    }

    public void WriteRows(ReadOnlySpan<float> table, int width, ReadOnlySpan<int> rows, Slice target)
    {
        long start = Recorder.Now;
        _inner.WriteRows(table, width, rows, target);
        Moved(start, nameof(WriteRows), target.Length, target.Length);
    }

    public void Gather(Slice table, int width, Slice rows, Slice target)
    {
        long start = Recorder.Now;
        _inner.Gather(table, width, rows, target);
        Moved(start, nameof(Gather), target.Length, rows.Length + (2L * target.Length));
    }

    public void Read(Slice source, Span<float> target)
    {
        long start = Recorder.Now;
        _inner.Read(source, target);
        Moved(start, nameof(Read), source.Length, source.Length);
    }

    public void Read(Slice source, Span<double> target)
    {
        long start = Recorder.Now;
        _inner.Read(source, target);
        Moved(start, nameof(Read), source.Length, source.Length);
    }

    public void Fill(Slice target, double value)
    {
        long start = Recorder.Now;
        _inner.Fill(target, value);
        Moved(start, nameof(Fill), target.Length, target.Length);
    }

    public void Copy(in BlockCopy layout, Slice source, Slice target, bool accumulate)
    {
        long start = Recorder.Now;
        _inner.Copy(layout, source, target, accumulate);
        long elements = (long)layout.Count0 * layout.Count1 * layout.Block;
        _recorder.Add(start, new(nameof(Copy), layout.Count0, layout.Count1, layout.Block, Flags: accumulate ? 1 : 0),
            OpCost.Moves(elements + OpCost.Written(elements, accumulate)), ShapeText.Blocks);
    }

    public void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary
    {
        long start = Recorder.Now;
        _inner.Map(op, x, y, accumulate);
        _recorder.Add(start, new(FormulaName<TOp>.Value, y.Length, x.Length, Flags: accumulate ? 1 : 0),
            OpCost.Moves(x.Length + OpCost.Written(y.Length, accumulate)), ShapeText.Operands);
    }

    public void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary
    {
        long start = Recorder.Now;
        _inner.Map(op, a, b, y, accumulate);
        _recorder.Add(start, new(FormulaName<TOp>.Value, y.Length, a.Length, b.Length, Flags: accumulate ? 1 : 0),
            OpCost.Moves((long)a.Length + b.Length + OpCost.Written(y.Length, accumulate)), ShapeText.Operands);
    }

    public void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary
    {
        long start = Recorder.Now;
        _inner.Map(op, a, b, c, y, accumulate);
        _recorder.Add(start, new(FormulaName<TOp>.Value, y.Length, a.Length, b.Length, c.Length, Flags: accumulate ? 1 : 0),
            OpCost.Moves((long)a.Length + b.Length + c.Length + OpCost.Written(y.Length, accumulate)), ShapeText.Operands);
    }

    public void Points(Slice start, Slice direction, Slice positions, Slice target)
    {
        long begin = Recorder.Now;
        _inner.Points(start, direction, positions, target);
        _recorder.Add(begin, new(nameof(Points), start.Length, positions.Length), OpCost.Points(start.Length, positions.Length), ShapeText.Operands);
    }

    public void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate)
    {
        long start = Recorder.Now;
        _inner.Sum(split, x, y, scale, accumulate);
        _recorder.Add(start, new(nameof(Sum), split.Outer, split.Extent, split.Inner, Flags: accumulate ? 1 : 0),
            OpCost.Moves(x.Length + OpCost.Written(y.Length, accumulate)), ShapeText.Axis);
    }

    public void Max(AxisSplit split, Slice x, Slice y, Slice index)
    {
        long start = Recorder.Now;
        _inner.Max(split, x, y, index);
        _recorder.Add(start, new(nameof(Max), split.Outer, split.Extent, split.Inner), OpCost.Moves((long)x.Length + y.Length + index.Length), ShapeText.Axis);
    }

    public void Scatter(AxisSplit split, Slice x, Slice index, Slice y)
    {
        long start = Recorder.Now;
        _inner.Scatter(split, x, index, y);
        _recorder.Add(start, new(nameof(Scatter), split.Outer, split.Extent, split.Inner),
            OpCost.Moves((long)x.Length + index.Length + OpCost.Written(x.Length, accumulate: true)), ShapeText.Axis);
    }

    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c)
    {
        long start = Recorder.Now;
        _inner.Multiply(product, a, b, bias, c);
        Multiplied(start, nameof(Multiply), product, OpCost.Of(product, bias is not null), bias);
    }

    public void Multiply<TFinish>(in MatrixProduct product, Slice a, Slice b, Slice? bias, TFinish finish, Slice c)
        where TFinish : struct, IUnary
    {
        long start = Recorder.Now;
        _inner.Multiply(product, a, b, bias, finish, c);
        Multiplied(start, FormulaName<TFinish>.AfterProduct, product, OpCost.Of(product, bias is not null), bias);
    }

    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved)
    {
        long start = Recorder.Now;
        _inner.RecurrentForward(shape, projection, weights, candidateBias, states, saved);
        _recorder.Add(start, Key(nameof(RecurrentForward), shape), OpCost.Forward(shape), ShapeText.Sequences);
    }

    public bool ForgetsSteps => _inner is IForgetsSteps { ForgetsSteps: true };

    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states)
    {
        long start = Recorder.Now;
        ((IForgetsSteps)_inner).RecurrentForward(shape, projection, weights, candidateBias, states);
        _recorder.Add(start, Key(nameof(RecurrentForward), shape), OpCost.Judging(shape), ShapeText.Sequences);
    }

    public void RecurrentBackward(
        in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient)
    {
        long start = Recorder.Now;
        _inner.RecurrentBackward(shape, weights, states, saved, stateGradient, projectionGradient, recurrentGradient);
        _recorder.Add(start, Key(nameof(RecurrentBackward), shape), OpCost.Backward(shape), ShapeText.Sequences);
    }

    public void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative)
    {
        long start = Recorder.Now;
        _inner.BinaryCrossEntropy(logits, targets, positiveWeight, loss, derivative);
        Moved(start, nameof(BinaryCrossEntropy), logits.Length, (3L * logits.Length) + 1);
    }

    public void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment)
    {
        // Parameter and moments are read and written, the gradient is read.
        long start = Recorder.Now;
        _inner.Adam(step, parameter, gradient, firstMoment, secondMoment);
        Moved(start, nameof(Adam), parameter.Length, 7L * parameter.Length);
    }

    public bool StepsAlong(in MatrixProduct product) => _inner is IStepsProducts backend && backend.StepsAlong(product);

    public void Adam(in AdamStep step, in MatrixProduct product, Slice a, Slice b, Slice parameter, Slice firstMoment, Slice secondMoment)
    {
        long start = Recorder.Now;
        ((IStepsProducts)_inner).Adam(step, product, a, b, parameter, firstMoment, secondMoment);
        Multiplied(start, "Multiply + Adam", product, OpCost.Stepped(product));
    }

    public void SgdMomentum(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity)
    {
        long start = Recorder.Now;
        _inner.SgdMomentum(rate, momentum, decay, gradientScale, parameter, gradient, velocity);
        Moved(start, nameof(SgdMomentum), parameter.Length, 5L * parameter.Length);
    }

    public void SumOfSquares(ReadOnlySpan<Slice> parts, Slice scratch, Slice sum)
    {
        long start = Recorder.Now;
        _inner.SumOfSquares(parts, scratch, sum);
        OpCost cost = OpCost.Squares(parts);
        Moved(start, nameof(SumOfSquares), (int)Math.Min(int.MaxValue, cost.Elements - 1), cost.Elements);
    }

    public void Adam(ReadOnlySpan<AdamPart> parts, Slice factor)
    {
        long start = Recorder.Now, elements = 0;
        _inner.Adam(parts, factor);
        foreach (AdamPart part in parts) elements += part.Parameter.Length;
        Moved(start, nameof(Adam), (int)Math.Min(int.MaxValue, elements), (7 * elements) + 1);
    }

    public void SgdMomentum(ReadOnlySpan<SgdPart> parts, Slice factor)
    {
        long start = Recorder.Now, elements = 0;
        _inner.SgdMomentum(parts, factor);
        foreach (SgdPart part in parts) elements += part.Parameter.Length;
        Moved(start, nameof(SgdMomentum), (int)Math.Min(int.MaxValue, elements), (5 * elements) + 1);
    }

    public void Random(Distribution distribution, RandomKey key, ulong offset, Slice target)
    {
        long start = Recorder.Now;
        _inner.Random(distribution, key, offset, target);
        Moved(start, nameof(Random), target.Length, target.Length);
    }

    public void Dispose() => _inner.Dispose();

    private static Recorder.Key Key(string name, in Recurrence shape) =>
        new(name, shape.Batch, shape.Time, shape.Hidden, (int)shape.Cell, shape.Reverse ? 1 : 0);

    private void Multiplied(long start, string name, in MatrixProduct product, in OpCost cost, Slice? bias = null)
    {
        int flags = (product.TransposeA ? ShapeText.TransposedA : 0) | (product.TransposeB ? ShapeText.TransposedB : 0)
            | (product.Accumulate ? ShapeText.Accumulates : 0) | (bias is null ? 0 : ShapeText.HasBias);
        _recorder.Add(start, new(name, product.M, product.N, product.K, Flags: flags), cost, ShapeText.Product);
    }

    private void Moved(long start, string name, int length, long elements) => _recorder.Add(start, new(name, length), OpCost.Moves(elements), ShapeText.Operands);

    // A backend without threads to share lends itself, and so does its watcher.
    private IReadOnlyList<IBackend> WatchLanes() =>
        [.. _inner.Lanes.Select(lane => ReferenceEquals(lane, _inner) ? this : new ProfilingBackend(lane, _profile, threads: 1))];
}
