using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Bench.Peers;

/// <summary>Hands calls on to another backend and, while it keeps, remembers how to make each again on the same memory.</summary>
internal sealed class KeptCalls(IBackend inner) : IBackend
{
    private readonly List<(string Kind, Action Call)> _calls = [];
    private Action[]? _sorted;

    /// <summary>Whether calls are remembered.</summary>
    public bool Keeps { get; set; }

    public string Name => inner.Name;

    public double UnitRoundoff => inner.UnitRoundoff;

    public int LiveBuffers => inner.LiveBuffers;

    public BatchSizes Batches => inner.Batches;

    /// <summary>Makes all calls again, those of one kind one after the other: each finds its operands and its code where the last one left them.</summary>
    public void Again()
    {
        foreach (Action call in _sorted ??= [.. _calls.GroupBy(c => c.Kind).SelectMany(g => Enumerable.Repeat(g.First().Call, g.Count()))]) call();
    }

    public bool SharesMemory(IBackend other) => ReferenceEquals(this, other) || inner.SharesMemory(other);

    public Storage Allocate(int length) => inner.Allocate(length);

    public void Free(Storage storage) => inner.Free(storage);

    public void Write(ReadOnlySpan<float> source, Slice target)
    {
        float[] values = Keeps ? source.ToArray() : [];
        inner.Write(source, target);
        Keep($"write {target.Length}", () => inner.Write(values, target));
    }

    public void Write(ReadOnlySpan<double> source, Slice target)
    {
        double[] values = Keeps ? source.ToArray() : [];
        inner.Write(source, target);
        Keep($"write {target.Length}", () => inner.Write(values, target));
    }

    public void WriteRows(ReadOnlySpan<float> table, int width, ReadOnlySpan<int> rows, Slice target)
    {
        (float[] values, int[] numbers) = Keeps ? (table.ToArray(), rows.ToArray()) : ([], []);
        inner.WriteRows(table, width, rows, target);
        Keep($"write rows {target.Length}", () => inner.WriteRows(values, width, numbers, target));
    }

    public void Gather(Slice table, int width, Slice rows, Slice target) => Do($"gather {target.Length}", () => inner.Gather(table, width, rows, target));

    public void Read(Slice source, Span<float> target)
    {
        float[] values = new float[Keeps ? target.Length : 0];
        inner.Read(source, target);
        Keep($"read {source.Length}", () => inner.Read(source, values));
    }

    public void Read(Slice source, Span<double> target)
    {
        double[] values = new double[Keeps ? target.Length : 0];
        inner.Read(source, target);
        Keep($"read {source.Length}", () => inner.Read(source, values));
    }

    public void Fill(Slice target, double value) => Do($"fill {target.Length}", () => inner.Fill(target, value));

    public void Copy(in BlockCopy layout, Slice source, Slice target, bool accumulate)
    {
        BlockCopy own = layout;
        Do($"copy {layout}", () => inner.Copy(own, source, target, accumulate));
    }

    public void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary => Do($"{typeof(TOp)} {y.Length}", () => inner.Map(op, x, y, accumulate));

    public void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary => Do($"{typeof(TOp)} {y.Length}", () => inner.Map(op, a, b, y, accumulate));

    public void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary => Do($"{typeof(TOp)} {y.Length}", () => inner.Map(op, a, b, c, y, accumulate));

    public void Points(Slice start, Slice direction, Slice positions, Slice target) => Do($"points {target.Length}", () => inner.Points(start, direction, positions, target));

    public void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate) => Do($"sum {split}", () => inner.Sum(split, x, y, scale, accumulate));

    public void Max(AxisSplit split, Slice x, Slice y, Slice index) => Do($"max {split}", () => inner.Max(split, x, y, index));

    public void Scatter(AxisSplit split, Slice x, Slice index, Slice y) => Do($"scatter {split}", () => inner.Scatter(split, x, index, y));

    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c)
    {
        MatrixProduct own = product;
        Do($"{product}", () => inner.Multiply(own, a, b, bias, c));
    }

    public void Multiply<TFinish>(in MatrixProduct product, Slice a, Slice b, Slice? bias, TFinish finish, Slice c)
        where TFinish : struct, IUnary
    {
        MatrixProduct own = product;
        Do($"{product} {typeof(TFinish)}", () => inner.Multiply(own, a, b, bias, finish, c));
    }

    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved)
    {
        Recurrence own = shape;
        Do($"forward {shape}", () => inner.RecurrentForward(own, projection, weights, candidateBias, states, saved));
    }

    public void RecurrentBackward(in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient)
    {
        Recurrence own = shape;
        Do($"backward {shape}", () => inner.RecurrentBackward(own, weights, states, saved, stateGradient, projectionGradient, recurrentGradient));
    }

    public void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative) =>
        Do($"loss {logits.Length}", () => inner.BinaryCrossEntropy(logits, targets, positiveWeight, loss, derivative));

    public void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment)
    {
        AdamStep own = step;
        Do($"adam {parameter.Length}", () => inner.Adam(own, parameter, gradient, firstMoment, secondMoment));
    }

    public void SgdMomentum(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity) =>
        Do($"sgd {parameter.Length}", () => inner.SgdMomentum(rate, momentum, decay, gradientScale, parameter, gradient, velocity));

    public void Adam(ReadOnlySpan<AdamPart> parts, Slice factor)
    {
        AdamPart[] own = parts.ToArray();
        Do($"adam of {parts.Length}", () => inner.Adam(own, factor));
    }

    public void SgdMomentum(ReadOnlySpan<SgdPart> parts, Slice factor)
    {
        SgdPart[] own = parts.ToArray();
        Do($"sgd of {parts.Length}", () => inner.SgdMomentum(own, factor));
    }

    public void SumOfSquares(ReadOnlySpan<Slice> parts, Slice scratch, Slice sum)
    {
        Slice[] own = parts.ToArray();
        Do($"squares of {parts.Length}", () => inner.SumOfSquares(own, scratch, sum));
    }

    public void Random(Distribution distribution, RandomKey key, ulong offset, Slice target) => Do($"random {target.Length}", () => inner.Random(distribution, key, offset, target));

    public void Dispose() => inner.Dispose();

    private void Do(string kind, Action call)
    {
        call();
        Keep(kind, call);
    }

    private void Keep(string kind, Action call)
    {
        if (Keeps) _calls.Add((kind, call));
    }
}
