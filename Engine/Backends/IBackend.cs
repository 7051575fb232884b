using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends;

/// <summary>
/// The few primitives that every op is composed of. A backend knows no gradients and no shapes beyond the extents it is
/// handed; the ops check shapes before they call. Unless a member says otherwise, slices are contiguous, an output may be
/// the very slice of an input (in place) but not overlap it in part, and the lengths stated are checked.
/// With <c>accumulate</c> a result is added to what the output holds, otherwise it replaces it.
/// </summary>
public interface IBackend : IDisposable
{
    /// <summary>The name on the command line: <c>reference</c>, <c>cpu</c>, <c>gpu</c>.</summary>
    string Name { get; }

    /// <summary>The unit roundoff of its numbers: 2^-53 for float64, 2^-24 for float32.</summary>
    double UnitRoundoff { get; }

    /// <summary>Buffers handed out and not yet given back.</summary>
    int LiveBuffers { get; }

    /// <summary>
    /// Backends that may work at the same time on the same buffers, one caller each, every one on a single thread: for work
    /// that falls into parts by itself. This backend is not to be used meanwhile. One that has no threads to share lends itself.
    /// </summary>
    IReadOnlyList<IBackend> Lanes => [this];

    /// <summary>What has passed between the host and its device so far; null where the host computes.</summary>
    Traffic? Traffic => null;

    /// <summary>How work had best be cut for it.</summary>
    BatchSizes Batches => BatchSizes.Cached;

    /// <summary>Whether buffers of <paramref name="other"/> may be handed to this backend: it is the same, or a lane of the same.</summary>
    bool SharesMemory(IBackend other) => ReferenceEquals(this, other);

    /// <summary>Calls <paramref name="work"/> with the number of every lane, at the same time where there are threads, and waits for all.</summary>
    void OnLanes(Action<int> work) => work(0);

    /// <summary>From now on every call is done when it returns, as a profile needs it; where calls are so anyway, nothing changes.</summary>
    void WaitAfterEveryCall()
    {
    }

    /// <summary>A buffer with undefined contents, from the pool where one fits.</summary>
    Storage Allocate(int length);

    /// <summary>Gives a buffer back to the pool.</summary>
    void Free(Storage storage);

    /// <summary>Copies host values in; lengths are equal.</summary>
    void Write(ReadOnlySpan<float> source, Slice target);

    /// <inheritdoc cref="Write(ReadOnlySpan{float}, Slice)"/>
    void Write(ReadOnlySpan<double> source, Slice target);

    /// <summary>target[i] = table[rows[i]]: copies chosen rows of a host table in, in the order given.</summary>
    /// <param name="table">[row, width].</param>
    /// <param name="width">Numbers a row.</param>
    /// <param name="rows">Which rows; one may come several times.</param>
    /// <param name="target">[rows, width].</param>
    /// <exception cref="ArgumentException">A row is not in the table, or the target has another length.</exception>
    void WriteRows(ReadOnlySpan<float> table, int width, ReadOnlySpan<int> rows, Slice target)
    {
        RowTable.Check(table.Length, width, rows, target.Length);
        for (int i = 0; i < rows.Length; i++) Write(table.Slice(rows[i] * width, width), target.Part(i * width, width));
    }

    /// <summary>target[i] = table[rows[i]]: copies chosen rows of a table of its own, in the order given. An index that is none makes its row NaN.</summary>
    /// <param name="table">[row, width].</param>
    /// <param name="width">Numbers a row, at least one.</param>
    /// <param name="rows">[count]: numbers of rows; a table has 2^24 rows at most, so that float32 tells them apart.</param>
    /// <param name="target">[count, width].</param>
    void Gather(Slice table, int width, Slice rows, Slice target);

    /// <summary>Copies values out to the host; lengths are equal.</summary>
    void Read(Slice source, Span<float> target);

    /// <inheritdoc cref="Read(Slice, Span{float})"/>
    void Read(Slice source, Span<double> target);

    /// <summary>Sets every element.</summary>
    void Fill(Slice target, double value);

    /// <summary>Copies blocks of contiguous elements between two strided layouts that do not overlap: concatenation, slices, transposed leading axes, repetitions (a stride of 0 in the source).</summary>
    void Copy(in BlockCopy layout, Slice source, Slice target, bool accumulate);

    /// <summary>y[i] = op(x[i mod |x|]). The length of x divides that of y.</summary>
    void Map<TOp>(TOp op, Slice x, Slice y, bool accumulate)
        where TOp : struct, IUnary;

    /// <summary>y[i] = op(a[i mod |a|], b[i mod |b|]). The lengths of a and b divide that of y.</summary>
    void Map<TOp>(TOp op, Slice a, Slice b, Slice y, bool accumulate)
        where TOp : struct, IBinary;

    /// <summary>y[i] = op(a[i mod |a|], b[i mod |b|], c[i mod |c|]). The lengths of a, b and c divide that of y.</summary>
    void Map<TOp>(TOp op, Slice a, Slice b, Slice c, Slice y, bool accumulate)
        where TOp : struct, ITernary;

    /// <summary>target[s, i] = start[i] + positions[s] * direction[i]: points along straight lines. Not in place.</summary>
    /// <param name="start">[n].</param>
    /// <param name="direction">[n].</param>
    /// <param name="positions">[steps].</param>
    /// <param name="target">[steps, n].</param>
    void Points(Slice start, Slice direction, Slice positions, Slice target);

    /// <summary>y[o, i] = scale * sum over e of x[o, e, i], in one fixed order. Not in place.</summary>
    void Sum(AxisSplit split, Slice x, Slice y, double scale, bool accumulate);

    /// <summary>y[o, i] = the largest x[o, e, i] over e, and where it stands first (as a number of the backend). NaN wins. Not in place; the extent is at least 1.</summary>
    void Max(AxisSplit split, Slice x, Slice y, Slice index);

    /// <summary>y[o, index[o, i], i] += x[o, i]: the inverse of picking one element along an axis. y is accumulated into.</summary>
    void Scatter(AxisSplit split, Slice x, Slice index, Slice y);

    /// <summary>C = op(A) op(B) (+ bias on every row) (+ C). See <see cref="MatrixProduct"/>. Not in place.</summary>
    void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c);

    /// <summary>C = finish(op(A) op(B) (+ bias on every row)), element by element: a dense layer in one call. Not in place.</summary>
    /// <param name="product">The extents; it does not accumulate.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="bias">[n], or null.</param>
    /// <param name="finish">What is done to an element once its sum is complete.</param>
    /// <param name="c">C, output.</param>
    /// <exception cref="ArgumentException">The product accumulates, or a slice has another length.</exception>
    void Multiply<TFinish>(in MatrixProduct product, Slice a, Slice b, Slice? bias, TFinish finish, Slice c)
        where TFinish : struct, IUnary
    {
        Throw.IfAccumulates(product);
        Multiply(product, a, b, bias, c);
        Map(finish, c, c, accumulate: false);
    }

    /// <summary>Runs a recurrent cell over all time steps. See <see cref="Recurrence"/>.</summary>
    /// <param name="shape">Cell and extents.</param>
    /// <param name="projection">[batch, time, gates * hidden]: the input's products with all biases but GRU's candidate-recurrent one.</param>
    /// <param name="weights">[hidden, gates * hidden], the recurrent weights.</param>
    /// <param name="candidateBias">[hidden], GRU only: the bias inside r * (h W + b).</param>
    /// <param name="states">[batch, time, hidden], output: h at every step.</param>
    /// <param name="saved">[batch, time, <see cref="Recurrence.SavedPerUnit"/> * hidden], output for the way back.</param>
    void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved);

    /// <summary>Walks a recurrent cell back through time.</summary>
    /// <param name="shape">Cell and extents.</param>
    /// <param name="weights">As forward.</param>
    /// <param name="states">As forward wrote it.</param>
    /// <param name="saved">As forward wrote it.</param>
    /// <param name="stateGradient">[batch, time, hidden]: dL/dh at every step from outside.</param>
    /// <param name="projectionGradient">[batch, time, gates * hidden], output: dL/d projection. Replaced, never accumulated.</param>
    /// <param name="recurrentGradient">[batch, time, gates * hidden], GRU only, output: dL/d (h W + b); for the other cells it equals <paramref name="projectionGradient"/> and is not written.</param>
    void RecurrentBackward(in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient);

    /// <summary>
    /// Binary cross-entropy with logits, fused with its derivative: l_i = w_i * (max(x,0) - x y + log(1 + e^-|x|)) with w_i = positiveWeight where y = 1 (interpolated for soft targets: 1 + (positiveWeight - 1) y), loss = sum l_i / n;
    /// derivative_i = w_i * (sigmoid(x) - y) / n.
    /// </summary>
    /// <param name="logits">[n].</param>
    /// <param name="targets">[n], in [0, 1].</param>
    /// <param name="positiveWeight">The weight of the positive class.</param>
    /// <param name="loss">[1], output.</param>
    /// <param name="derivative">[n], output.</param>
    void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative);

    /// <summary>One step of Adam or AdamW on a parameter. See <see cref="AdamStep"/>.</summary>
    void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment);

    /// <summary>One step of gradient descent with momentum: v = momentum * v + (g * gradientScale + decay * p); p -= rate * v.</summary>
    void SgdMomentum(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity);

    /// <summary>sum[0] = the sum of the squares of all elements of some slices, in one fixed order.</summary>
    /// <param name="parts">The slices.</param>
    /// <param name="scratch">As long as the longest of them; what it holds afterwards is undefined.</param>
    /// <param name="sum">[1], output.</param>
    void SumOfSquares(ReadOnlySpan<Slice> parts, Slice scratch, Slice sum)
    {
        Overlap.SumOfSquares(parts, scratch, sum);
        if (parts.IsEmpty) Fill(sum, 0);
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length > scratch.Length) Throw.BadLength(nameof(SumOfSquares), nameof(scratch), scratch.Length, parts[i].Length);
            Slice squares = scratch.Part(0, parts[i].Length);
            Map(default(Squared), parts[i], squares, accumulate: false);
            Sum(new AxisSplit(1, squares.Length, 1), squares, sum, 1, accumulate: i > 0);
        }
    }

    /// <summary>Steps of Adam or AdamW on several parameters, their gradients multiplied by <paramref name="factor"/> first. Where the factor is not finite nothing changes.</summary>
    /// <param name="parts">The parameters.</param>
    /// <param name="factor">[1].</param>
    void Adam(ReadOnlySpan<AdamPart> parts, Slice factor)
    {
        Span<double> scale = stackalloc double[1];
        Read(factor, scale);
        if (!double.IsFinite(scale[0])) return;
        foreach (AdamPart part in parts)
            Adam(part.Step with { GradientScale = part.Step.GradientScale * scale[0] }, part.Parameter, part.Gradient, part.FirstMoment, part.SecondMoment);
    }

    /// <summary>Steps of gradient descent on several parameters, their gradients multiplied by <paramref name="factor"/> first. Where the factor is not finite nothing changes.</summary>
    /// <param name="parts">The parameters.</param>
    /// <param name="factor">[1].</param>
    void SgdMomentum(ReadOnlySpan<SgdPart> parts, Slice factor)
    {
        Span<double> scale = stackalloc double[1];
        Read(factor, scale);
        if (!double.IsFinite(scale[0])) return;
        foreach (SgdPart part in parts) SgdMomentum(part.Rate, part.Momentum, part.Decay, scale[0], part.Parameter, part.Gradient, part.Velocity);
    }

    /// <summary>Counter-based random numbers: element i depends on (key, offset + i) alone. See <see cref="RandomKey"/>.</summary>
    void Random(Distribution distribution, RandomKey key, ulong offset, Slice target);
}
