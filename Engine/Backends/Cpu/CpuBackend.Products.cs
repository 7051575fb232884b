using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Below this many multiply-adds a part (some ten microseconds), waking a worker costs more than it saves.
    private const long WorthAPart = 1 << 18;

    // A multiply-add of a recurrence comes with its share of gates and of short loops.
    private const long RecurrentCost = 4;

    // A part of this many rows amortises reading all of B, which cutting by columns shares out.
    private const int ManyRows = 96;

    private const int RowsATile = 8;

    // What the workers work on. Fields rather than captured variables, so that a call allocates nothing.
    private MatrixProduct _product;
    private Recurrence _recurrence;
    private float* _a, _b, _bias, _c, _d, _e, _f;
    private int _parts, _columnsAPanel;
    private bool _byColumns;
    private Action<int>? _multiplyPart, _forwardPart, _backwardPart;

    /// <inheritdoc/>
    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c)
    {
        (int m, int n, int k) = (product.M, product.N, product.K);
        if (m < 0 || n < 0 || k < 0) throw new ArgumentException($"Multiply: extents are 0 or more, not {m} x {n} x {k}.");
        _product = product;
        _a = Open(nameof(Multiply), nameof(a), a, (long)m * k);
        _b = Open(nameof(Multiply), nameof(b), b, (long)k * n);
        _bias = bias is { } row ? Open(nameof(Multiply), nameof(bias), row, n) : null;
        _c = Open(nameof(Multiply), nameof(c), c, (long)m * n);

        // Either way of cutting gives the same bits: it only decides who reads what.
        _columnsAPanel = 2 * Width;
        int panels = Ceiling(n, _columnsAPanel), tiles = Ceiling(m, RowsATile);
        int threads = _workers?.Count ?? 1;
        _byColumns = panels >= threads && m < ManyRows * threads;
        Share(product.MultiplyAdds, _byColumns ? panels : tiles, _multiplyPart ??= MultiplyPart);
    }

    /// <inheritdoc/>
    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved)
    {
        const string Op = nameof(RecurrentForward);
        long units = Units(Op, shape);
        _recurrence = shape;
        _a = Open(Op, nameof(projection), projection, units * shape.Gates);
        _b = Open(Op, nameof(weights), weights, (long)shape.Hidden * shape.Hidden * shape.Gates);
        _bias = candidateBias is { } bias && shape.Cell == RecurrentCell.Gru ? Open(Op, nameof(candidateBias), bias, shape.Hidden) : null;
        _c = Open(Op, nameof(states), states, units);
        _d = Open(Op, nameof(saved), saved, units * shape.SavedPerUnit);
        Share(RecurrentCost * shape.MultiplyAdds, shape.Batch, _forwardPart ??= ForwardPart);
    }

    /// <inheritdoc/>
    public void RecurrentBackward(
        in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient)
    {
        const string Op = nameof(RecurrentBackward);
        long units = Units(Op, shape);
        bool gru = shape.Cell == RecurrentCell.Gru;
        if (gru && recurrentGradient is null) throw new ArgumentException($"{Op}: a GRU's recurrent gradient differs from its projection's; give a slice for it.");
        _recurrence = shape;
        _b = Open(Op, nameof(weights), weights, (long)shape.Hidden * shape.Hidden * shape.Gates);
        _c = Open(Op, nameof(states), states, units);
        _d = Open(Op, nameof(saved), saved, units * shape.SavedPerUnit);
        _a = Open(Op, nameof(stateGradient), stateGradient, units);
        _e = Open(Op, nameof(projectionGradient), projectionGradient, units * shape.Gates);
        _f = gru ? Open(Op, nameof(recurrentGradient), recurrentGradient!.Value, units * shape.Gates) : null;
        Share(RecurrentCost * shape.MultiplyAdds, shape.Batch, _backwardPart ??= BackwardPart);
    }

    // The elements of the states. No slice holds more than int.MaxValue, and below it no length worked out from it overflows.
    private static long Units(string op, in Recurrence shape)
    {
        if (shape.Batch < 0 || shape.Time < 0 || shape.Hidden < 0) throw new ArgumentException($"{op}: extents are 0 or more, not {shape}.");
        long steps = (long)shape.Batch * shape.Time;
        if (steps > int.MaxValue || steps * shape.Hidden > int.MaxValue) throw new ArgumentException($"{op}: {shape} has more states than a slice can hold; work in smaller batches.");
        return steps * shape.Hidden;
    }

    private static int Ceiling(int count, int size) => (int)(((long)count + size - 1) / size);

    private void Share(long multiplyAdds, int rows, Action<int> part)
    {
        _parts = _workers is null ? 1 : (int)Math.Clamp(Math.Min(multiplyAdds / WorthAPart, rows), 1, _workers.Count);
        if (_parts == 1) part(0);
        else _workers!.Run(_parts, part);
    }

    private (int First, int Count) Share(int part, int rows)
    {
        int first = (int)((long)rows * part / _parts), end = (int)((long)rows * (part + 1) / _parts);
        return (first, end - first);
    }

    private void MultiplyPart(int part)
    {
        (int m, int n) = (_product.M, _product.N);
        int size = _byColumns ? _columnsAPanel : RowsATile, all = _byColumns ? n : m;
        (int first, int count) = Share(part, Ceiling(all, size));
        first *= size;
        count = Math.Min(count * size, all - first);
        _kernels.Multiply(_product, _a, _b, _bias, _c, _byColumns ? new Patch(0, m, first, count) : new Patch(first, count, 0, n));
    }

    private void ForwardPart(int part)
    {
        (int first, int count) = Share(part, _recurrence.Batch);
        _kernels.RecurrentForward(_recurrence, _a, _b, _bias, _c, _d, first, count);
    }

    private void BackwardPart(int part)
    {
        (int first, int count) = Share(part, _recurrence.Batch);
        _kernels.RecurrentBackward(_recurrence, _b, _c, _d, _a, _e, _f, first, count);
    }
}
