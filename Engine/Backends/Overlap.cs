
namespace EmotionXai.Engine.Backends;

/// <summary>What every backend refuses: outputs that share memory with an input, or with another output, where the result would depend on the order of work.</summary>
internal static class Overlap
{
    /// <summary>An input of an elementwise op: disjoint from the output, or the very same slice.</summary>
    /// <exception cref="ArgumentException">It overlaps in part.</exception>
    public static void Map(string input, in Slice x, in Slice output) => RefusePartial(nameof(IBackend.Map), input, x, nameof(output), output);

    /// <exception cref="ArgumentException">The target writes an element that the source reads, or writes one twice.</exception>
    public static void Copy(in BlockCopy layout, in Slice source, in Slice target)
    {
        const string Op = nameof(IBackend.Copy);
        (int count0, int count1, int block, int s0, int s1, int t0, int t1) = layout;
        if (count0 == 0 || count1 == 0 || block == 0) return;
        if (!Orderly(count0, count1, block, t0, t1) && WritesTwice(layout))
            throw new ArgumentException($"{Op}: blocks of the target overlap one another ({layout}); give strides that keep them apart.");
        Slice from = Reach(source, count0, count1, block, s0, s1), to = Reach(target, count0, count1, block, t0, t1);
        if (Shares(from, to) && Meets(layout, source.Offset, target.Offset)) Throw.Overlaps(Op, nameof(source), source, nameof(target), target, inPlace: false);
    }

    /// <exception cref="ArgumentException">The target shares memory with another slice.</exception>
    public static void Points(in Slice start, in Slice direction, in Slice positions, in Slice target)
    {
        const string Op = nameof(IBackend.Points);
        Refuse(Op, nameof(start), start, nameof(target), target);
        Refuse(Op, nameof(direction), direction, nameof(target), target);
        Refuse(Op, nameof(positions), positions, nameof(target), target);
    }

    /// <exception cref="ArgumentException">x and y share memory.</exception>
    public static void Sum(in Slice x, in Slice y) => Refuse(nameof(IBackend.Sum), nameof(x), x, nameof(y), y);

    /// <exception cref="ArgumentException">Two of them share memory.</exception>
    public static void Max(in Slice x, in Slice y, in Slice index)
    {
        const string Op = nameof(IBackend.Max);
        Refuse(Op, nameof(x), x, nameof(y), y);
        Refuse(Op, nameof(x), x, nameof(index), index);
        Refuse(Op, nameof(y), y, nameof(index), index);
    }

    /// <exception cref="ArgumentException">y shares memory with another.</exception>
    public static void Scatter(in Slice x, in Slice index, in Slice y)
    {
        const string Op = nameof(IBackend.Scatter);
        Refuse(Op, nameof(x), x, nameof(y), y);
        Refuse(Op, nameof(index), index, nameof(y), y);
    }

    /// <exception cref="ArgumentException">C shares memory with another.</exception>
    public static void Multiply(in Slice a, in Slice b, in Slice? bias, in Slice c)
    {
        const string Op = nameof(IBackend.Multiply);
        Refuse(Op, nameof(a), a, nameof(c), c);
        Refuse(Op, nameof(b), b, nameof(c), c);
        if (bias is { } row) Refuse(Op, nameof(bias), row, nameof(c), c);
    }

    /// <exception cref="ArgumentException">An output shares memory with another slice.</exception>
    public static void RecurrentForward(in Slice projection, in Slice weights, in Slice? candidateBias, in Slice states, in Slice saved)
    {
        const string Op = nameof(IBackend.RecurrentForward);
        Refuse(Op, nameof(states), states, nameof(saved), saved);
        Refuse(Op, nameof(projection), projection, nameof(states), states);
        Refuse(Op, nameof(projection), projection, nameof(saved), saved);
        Refuse(Op, nameof(weights), weights, nameof(states), states);
        Refuse(Op, nameof(weights), weights, nameof(saved), saved);
        if (candidateBias is not { } bias) return;
        Refuse(Op, nameof(candidateBias), bias, nameof(states), states);
        Refuse(Op, nameof(candidateBias), bias, nameof(saved), saved);
    }

    /// <exception cref="ArgumentException">An output shares memory with another slice.</exception>
    public static void RecurrentBackward(
        in Slice weights, in Slice states, in Slice saved, in Slice stateGradient, in Slice projectionGradient, in Slice? recurrentGradient)
    {
        const string Op = nameof(IBackend.RecurrentBackward);
        Separate(nameof(projectionGradient), projectionGradient, weights, states, saved, stateGradient);
        if (recurrentGradient is not { } recurrent) return;
        Separate(nameof(recurrentGradient), recurrent, weights, states, saved, stateGradient);
        Refuse(Op, nameof(projectionGradient), projectionGradient, nameof(recurrentGradient), recurrent);

        static void Separate(string name, in Slice output, in Slice weights, in Slice states, in Slice saved, in Slice stateGradient)
        {
            Refuse(Op, nameof(weights), weights, name, output);
            Refuse(Op, nameof(states), states, name, output);
            Refuse(Op, nameof(saved), saved, name, output);
            Refuse(Op, nameof(stateGradient), stateGradient, name, output);
        }
    }

    /// <exception cref="ArgumentException">The total shares memory with another slice.</exception>
    public static void Paths(in DensePaths paths, in Slice start, in Slice direction, in Slice positions, in Slice weights, in Slice total)
    {
        const string Op = nameof(IIntegratesDensePaths.IntegrateDensePaths);
        Ends(Op, start, direction, positions, weights, total);
        Refuse(Op, nameof(paths.Readout), paths.Readout, nameof(total), total);
        foreach (DenseWeights layer in paths.Layers)
        {
            Refuse(Op, nameof(layer.Weight), layer.Weight, nameof(total), total);
            Refuse(Op, nameof(layer.Bias), layer.Bias, nameof(total), total);
        }
    }

    /// <exception cref="ArgumentException">The total shares memory with another slice.</exception>
    public static void Paths(in Slice start, in Slice direction, in Slice positions, in Slice weights, in RecurrentWeights body, in Slice total)
    {
        const string Op = nameof(IIntegratesPaths.IntegratePaths);
        Ends(Op, start, direction, positions, weights, total);
        Refuse(Op, nameof(body.Readout), body.Readout, nameof(total), total);
        Direction(body.Forward, total);
        if (body.Back is { } back) Direction(back, total);
        if (body.Dense is { } dense) Refuse(Op, nameof(body.Dense), dense, nameof(total), total);
        if (body.DenseBias is { } bias) Refuse(Op, nameof(body.DenseBias), bias, nameof(total), total);

        static void Direction(in DirectionWeights weights, in Slice total)
        {
            Refuse(Op, nameof(weights.State), weights.State, nameof(total), total);
            if (weights.Candidate is { } candidate) Refuse(Op, nameof(weights.Candidate), candidate, nameof(total), total);
        }
    }

    private static void Ends(string op, in Slice start, in Slice direction, in Slice positions, in Slice weights, in Slice total)
    {
        Refuse(op, nameof(start), start, nameof(total), total);
        Refuse(op, nameof(direction), direction, nameof(total), total);
        Refuse(op, nameof(positions), positions, nameof(total), total);
        Refuse(op, nameof(weights), weights, nameof(total), total);
    }

    /// <exception cref="ArgumentException">An output shares memory with another slice; the derivative may take the very place of an input.</exception>
    public static void BinaryCrossEntropy(in Slice logits, in Slice targets, in Slice loss, in Slice derivative)
    {
        const string Op = nameof(IBackend.BinaryCrossEntropy);
        RefusePartial(Op, nameof(logits), logits, nameof(derivative), derivative);
        RefusePartial(Op, nameof(targets), targets, nameof(derivative), derivative);
        Refuse(Op, nameof(logits), logits, nameof(loss), loss);
        Refuse(Op, nameof(targets), targets, nameof(loss), loss);
        Refuse(Op, nameof(loss), loss, nameof(derivative), derivative);
    }

    /// <exception cref="ArgumentException">The sum or the scratch shares memory with another slice.</exception>
    public static void SumOfSquares(ReadOnlySpan<Slice> parts, in Slice scratch, in Slice sum)
    {
        const string Op = nameof(IBackend.SumOfSquares);
        Refuse(Op, nameof(scratch), scratch, nameof(sum), sum);
        foreach (Slice part in parts)
        {
            Refuse(Op, nameof(parts), part, nameof(scratch), scratch);
            Refuse(Op, nameof(parts), part, nameof(sum), sum);
        }
    }

    /// <exception cref="ArgumentException">The target shares memory with another slice.</exception>
    public static void Gather(in Slice table, in Slice rows, in Slice target)
    {
        const string Op = nameof(IBackend.Gather);
        Refuse(Op, nameof(table), table, nameof(target), target);
        Refuse(Op, nameof(rows), rows, nameof(target), target);
    }

    /// <exception cref="ArgumentException">Two of them share memory.</exception>
    public static void Adam(in Slice parameter, in Slice gradient, in Slice firstMoment, in Slice secondMoment)
    {
        const string Op = nameof(IBackend.Adam);
        Refuse(Op, nameof(parameter), parameter, nameof(gradient), gradient);
        Refuse(Op, nameof(parameter), parameter, nameof(firstMoment), firstMoment);
        Refuse(Op, nameof(parameter), parameter, nameof(secondMoment), secondMoment);
        Refuse(Op, nameof(gradient), gradient, nameof(firstMoment), firstMoment);
        Refuse(Op, nameof(gradient), gradient, nameof(secondMoment), secondMoment);
        Refuse(Op, nameof(firstMoment), firstMoment, nameof(secondMoment), secondMoment);
    }

    /// <exception cref="ArgumentException">Two of them share memory.</exception>
    public static void SgdMomentum(in Slice parameter, in Slice gradient, in Slice velocity)
    {
        const string Op = nameof(IBackend.SgdMomentum);
        Refuse(Op, nameof(parameter), parameter, nameof(gradient), gradient);
        Refuse(Op, nameof(parameter), parameter, nameof(velocity), velocity);
        Refuse(Op, nameof(gradient), gradient, nameof(velocity), velocity);
    }

    private static void Refuse(string op, string first, in Slice a, string second, in Slice b)
    {
        if (Shares(a, b)) Throw.Overlaps(op, first, a, second, b, inPlace: false);
    }

    private static void RefusePartial(string op, string input, in Slice x, string output, in Slice y)
    {
        if (Shares(x, y) && (x.Offset != y.Offset || x.Length != y.Length)) Throw.Overlaps(op, input, x, output, y, inPlace: true);
    }

    private static bool Shares(in Slice a, in Slice b) =>
        ReferenceEquals(a.Storage, b.Storage) && a.Length > 0 && b.Length > 0
        && a.Offset < (long)b.Offset + b.Length && b.Offset < (long)a.Offset + a.Length;

    // Row after row, or column after column, without overlap: what nearly every copy is.
    private static bool Orderly(int count0, int count1, int block, int t0, int t1)
    {
        long inner = ((count1 - 1L) * t1) + block, outer = ((count0 - 1L) * t0) + block;
        bool rows = (count1 == 1 || t1 >= block) && (count0 == 1 || t0 >= inner);
        bool columns = (count0 == 1 || t0 >= block) && (count1 == 1 || t1 >= outer);
        return rows || columns;
    }

    private static Slice Reach(in Slice slice, int count0, int count1, int block, int stride0, int stride1) =>
        slice with { Length = (int)Math.Min(slice.Length, ((count0 - 1L) * stride0) + ((count1 - 1L) * stride1) + block) };

    // Rare: layouts that are woven into one another, or into themselves. Element by element.
    private static bool WritesTwice(in BlockCopy layout)
    {
        HashSet<long> written = [];
        foreach (long at in Elements(layout.Count0, layout.Count1, layout.Block, layout.TargetStride0, layout.TargetStride1))
            if (!written.Add(at)) return true;
        return false;
    }

    private static bool Meets(in BlockCopy layout, long source, long target)
    {
        HashSet<long> written = [.. Elements(layout.Count0, layout.Count1, layout.Block, layout.TargetStride0, layout.TargetStride1).Select(at => target + at)];
        foreach (long at in Elements(layout.Count0, layout.Count1, layout.Block, layout.SourceStride0, layout.SourceStride1))
            if (written.Contains(source + at)) return true;
        return false;
    }

    private static IEnumerable<long> Elements(int count0, int count1, int block, long stride0, long stride1)
    {
        for (int i = 0; i < count0; i++)
            for (int j = 0; j < count1; j++)
                for (int e = 0; e < block; e++) yield return (i * stride0) + (j * stride1) + e;
    }
}
