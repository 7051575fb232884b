using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Tests.Explain;

/// <summary>A backend that counts the multiply-adds of products with a given extent, and those of all others.</summary>
internal sealed class CountingBackend(IBackend inner, int extent) : IBackend
{
    public long MultiplyAdds { get; private set; }

    public long OtherMultiplyAdds { get; private set; }

    public string Name => inner.Name;

    public double UnitRoundoff => inner.UnitRoundoff;

    public int LiveBuffers => inner.LiveBuffers;

    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c)
    {
        if (product.M == extent || product.N == extent || product.K == extent) MultiplyAdds += product.MultiplyAdds;
        else OtherMultiplyAdds += product.MultiplyAdds;
        inner.Multiply(product, a, b, bias, c);
    }

    public Storage Allocate(int length) => inner.Allocate(length);

    public void Free(Storage storage) => inner.Free(storage);

    public void Write(ReadOnlySpan<float> source, Slice target) => inner.Write(source, target);

    public void Write(ReadOnlySpan<double> source, Slice target) => inner.Write(source, target);

    public void Gather(Slice table, int width, Slice rows, Slice target) => inner.Gather(table, width, rows, target);

    public void Read(Slice source, Span<float> target) => inner.Read(source, target);

    public void Read(Slice source, Span<double> target) => inner.Read(source, target);

    public void Fill(Slice target, double value) => inner.Fill(target, value);

    public void Copy(in BlockCopy layout, Slice source, Slice target, bool accumulate) => inner.Copy(layout, source, target, accumulate);

    public void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary => inner.Map(op, x, y, accumulate);

    public void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary => inner.Map(op, a, b, y, accumulate);

    public void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary => inner.Map(op, a, b, c, y, accumulate);

    public void Points(Slice start, Slice direction, Slice positions, Slice target) => inner.Points(start, direction, positions, target);

    public void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate) => inner.Sum(split, x, y, scale, accumulate);

    public void Max(AxisSplit split, Slice x, Slice y, Slice index) => inner.Max(split, x, y, index);

    public void Scatter(AxisSplit split, Slice x, Slice index, Slice y) => inner.Scatter(split, x, index, y);

    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved)
    {
        OtherMultiplyAdds += shape.MultiplyAdds;
        inner.RecurrentForward(shape, projection, weights, candidateBias, states, saved);
    }

    public void RecurrentBackward(in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient) =>
        inner.RecurrentBackward(shape, weights, states, saved, stateGradient, projectionGradient, recurrentGradient);

    public void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative) =>
        inner.BinaryCrossEntropy(logits, targets, positiveWeight, loss, derivative);

    public void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment) =>
        inner.Adam(step, parameter, gradient, firstMoment, secondMoment);

    public void SgdMomentum(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity) =>
        inner.SgdMomentum(rate, momentum, decay, gradientScale, parameter, gradient, velocity);

    public void Random(Distribution distribution, RandomKey key, ulong offset, Slice target) => inner.Random(distribution, key, offset, target);

    public void Dispose() => inner.Dispose();
}
