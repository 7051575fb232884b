using EmotionXai.Engine.Backends;
using ILGPU;
using ILGPU.Runtime;
using Spare = EmotionXai.Engine.Gpu.Kernels.Twice<EmotionXai.Engine.Gpu.Kernels.Twice<EmotionXai.Engine.Gpu.Kernels.Four>>;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>The extents of a recurrent launch. A group takes <see cref="Rows"/> sequences (a multiple of 2) through all steps.</summary>
internal readonly struct Walk(in Recurrence shape, int rows, int pitch)
{
    public readonly int Batch = shape.Batch, Time = shape.Time, Hidden = shape.Hidden, Reverse = shape.Reverse ? 1 : 0;

    /// <summary>Sequences a group has, and units from a row to the next in shared memory: Hidden, rounded up to whole panels, zeros at the end.</summary>
    public readonly int Rows = rows, Pitch = pitch;

    /// <summary>Where time stands after <paramref name="s"/> steps.</summary>
    public int At(int s) => Reverse != 0 ? Time - 1 - s : s;
}

/// <summary>All rows of a group by a column's panel, two at a time; the rows lie <c>pitch</c> apart, their products <c>columns</c>.</summary>
internal readonly struct Rows(int count, int pitch, int columns)
{
    /// <summary>Stores the products.</summary>
    public void Multiply<TPanel>(TPanel panel, ArrayView<Float4> rows, ArrayView<float> products)
        where TPanel : struct, IPanel<TPanel> => Run<TPanel, No>(panel, rows, products);

    /// <summary>Adds the products to what is there.</summary>
    public void Add<TPanel>(TPanel panel, ArrayView<Float4> rows, ArrayView<float> products)
        where TPanel : struct, IPanel<TPanel> => Run<TPanel, Yes>(panel, rows, products);

    private void Run<TPanel, TAdd>(TPanel panel, ArrayView<Float4> rows, ArrayView<float> products)
        where TPanel : struct, IPanel<TPanel>
        where TAdd : struct, IChoice
    {
        int end = Instructions.Hold(count * columns), twice = Instructions.Hold(2 * columns), next = Instructions.Hold(pitch / 4), step = Instructions.Hold(pitch / 2);
        int at = 0;
        for (int to = 0; to < end; to += twice)
        {
            ArrayView<float> sum = products.SubView(to);
            Pair sums = TAdd.Value ? new Pair(sum[0], sum[columns]) : default;
            sums = panel.Dot(rows.SubView(at), rows.SubView(at).SubView(next), 0, sums);
            sum[0] = sums.First;
            sum[columns] = sums.Second;
            at += step;
        }
    }
}

/// <summary>
/// A recurrent cell over all time steps in one launch. A thread has a column of the recurrent weights in registers and multiplies
/// the states of the group's sequences by it, which lie in shared memory; then the threads share the units out. Columns beyond
/// the threads, and rows of the matrix beyond the panel, are loaded anew at every step (out of the caches, all groups read the same).
/// </summary>
internal readonly struct RecurrentForwardKernel<TCell, TPanel>(
    Walk walk, ArrayView<float> projection, ArrayView<float> weights, ArrayView<float> bias, int biased, ArrayView<float> states, ArrayView<float> saved) : IKernel
    where TCell : struct, ICell
    where TPanel : struct, IPanel<TPanel>
{
    // With 256 threads a thread may have 255 registers.
    public static int MostThreads => 256;

    /// <summary>Numbers in shared memory for each sequence: state, products, cell.</summary>
    public static int SharedPerRow(int hidden, int pitch) => pitch + (TCell.Gates * hidden) + hidden;

    public void Run()
    {
        int hidden = walk.Hidden, rows = walk.Rows, pitch = walk.Pitch, columns = TCell.Gates * hidden, keep = TCell.Saved * hidden;
        int thread = Group.IdxX, threads = Group.DimX, first = Grid.IdxX * rows, count = walk.Batch - first < rows ? walk.Batch - first : rows;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        ArrayView<float> h = shared.SubView(0, rows * pitch), products = shared.SubView(rows * pitch, rows * columns);
        ArrayView<float> cells = shared.SubView(rows * (pitch + columns), rows * hidden);
        ArrayView<Float4> h4 = h.AsAligned(16).Cast<Float4>();
        for (int i = thread; i < rows * pitch; i += threads) h[i] = 0;
        for (int i = thread; i < rows * hidden; i += threads) cells[i] = 0;
        TPanel kept = TPanel.Load(weights, thread, columns, thread < columns ? hidden : 0);
        for (int s = 0; s < walk.Time; s++)
        {
            Group.Barrier();
            for (int column = thread; column < columns; column += threads)
            {
                int from = 0;
                Rows by = new(rows, pitch, columns);
                if (column == thread)
                {
                    from = TPanel.Count;
                    by.Multiply(kept, h4, products.SubView(column));
                }

                for (int k = from; k < hidden; k += Spare.Count)
                {
                    Spare panel = Spare.Load(weights, (k * columns) + column, columns, hidden - k);
                    if (k == 0) by.Multiply(panel, h4, products.SubView(column));
                    else by.Add(panel, h4.SubView(k / 4), products.SubView(column));
                }
            }

            Group.Barrier();
            int t = walk.At(s);
            for (int i = thread; i < count * hidden; i += threads)
            {
                int r = i / hidden, j = i - (r * hidden), step = ((first + r) * walk.Time) + t;
                float cell = cells[i];
                float state = TCell.Forward(
                    hidden, projection, (step * columns) + j, products, (r * columns) + j, biased != 0 ? bias[j] : 0, h[(r * pitch) + j], ref cell, saved, (step * keep) + j);
                cells[i] = cell;
                h[(r * pitch) + j] = state;
                states[(step * hidden) + j] = state;
            }
        }
    }
}

/// <summary>
/// The way back through time in one launch. dh(t-1) = dR W^T is a product with one part a gate: a thread has the weights of one
/// gate of one unit, a row of W, in registers, and the parts are added where the unit needs them.
/// </summary>
internal readonly struct RecurrentBackwardKernel<TCell, TPanel>(
    Walk walk,
    ArrayView<float> weights,
    ArrayView<float> states,
    ArrayView<float> saved,
    ArrayView<float> stateGradient,
    ArrayView<float> projectionGradient,
    ArrayView<float> recurrentGradient,
    int recurrent) : IKernel
    where TCell : struct, ICell
    where TPanel : struct, IPanel<TPanel>
{
    // With 256 threads a thread may have 255 registers.
    public static int MostThreads => 256;

    /// <summary>Numbers in shared memory for each sequence: gradients of the products, their products with the weights, of state and cell.</summary>
    public static int SharedPerRow(int hidden, int pitch) => (TCell.Gates * pitch) + (TCell.Gates * hidden) + (2 * hidden);

    public void Run()
    {
        int hidden = walk.Hidden, rows = walk.Rows, pitch = walk.Pitch, columns = TCell.Gates * hidden, keep = TCell.Saved * hidden, wide = TCell.Gates * pitch;
        int thread = Group.IdxX, threads = Group.DimX, first = Grid.IdxX * rows, count = walk.Batch - first < rows ? walk.Batch - first : rows;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        ArrayView<float> d = shared.SubView(0, rows * wide), products = shared.SubView(rows * wide, rows * columns);
        ArrayView<float> direct = shared.SubView(rows * (wide + columns), rows * hidden), dcells = shared.SubView(rows * (wide + columns + hidden), rows * hidden);
        ArrayView<Float4> d4 = d.AsAligned(16).Cast<Float4>();
        for (int i = thread; i < rows * wide; i += threads) d[i] = 0;
        for (int i = thread; i < rows * columns; i += threads) products[i] = 0;
        for (int i = thread; i < rows * hidden; i += threads)
        {
            direct[i] = 0;
            dcells[i] = 0;
        }

        TPanel kept = Load<TPanel>(thread, 0, thread < columns ? hidden : 0);
        for (int s = walk.Time - 1; s >= 0; s--)
        {
            Group.Barrier();
            int t = walk.At(s), before = walk.At(s - 1);
            for (int i = thread; i < count * hidden; i += threads)
            {
                int r = i / hidden, j = i - (r * hidden), step = ((first + r) * walk.Time) + t, last = ((first + r) * walk.Time) + before;
                float total = stateGradient[(step * hidden) + j] + direct[i], dcell = dcells[i];
                for (int gate = 0; gate < TCell.Gates; gate++) total += products[(r * columns) + (gate * hidden) + j];
                float previous = 0, previousCell = 0;
                if (s > 0)
                {
                    previous = states[(last * hidden) + j];
                    if (TCell.Saved == 5) previousCell = saved[(last * keep) + (4 * hidden) + j];
                }

                Float4 gradient = TCell.Backward(
                    hidden, states[(step * hidden) + j], saved, (step * keep) + j, previous, previousCell, ref total, ref dcell, projectionGradient, (step * columns) + j);
                direct[i] = total;
                dcells[i] = dcell;
                Put(d, (r * wide) + j, pitch, gradient);
                if (recurrent != 0) Put(recurrentGradient, (step * columns) + j, hidden, gradient);
            }

            Group.Barrier();
            for (int column = thread; column < columns; column += threads)
            {
                int from = 0;
                Rows by = new(rows, wide, columns);
                ArrayView<Float4> gate = d4.SubView(column / hidden * pitch / 4);
                if (column == thread)
                {
                    from = TPanel.Count;
                    by.Multiply(kept, gate, products.SubView(column));
                }

                for (int k = from; k < hidden; k += Spare.Count)
                {
                    Spare panel = Load<Spare>(column, k, hidden - k);
                    if (k == 0) by.Multiply(panel, gate, products.SubView(column));
                    else by.Add(panel, gate.SubView(k / 4), products.SubView(column));
                }
            }
        }
    }

    // Column (gate, unit): W[unit, gate * hidden + k ...], contiguous.
    private TAny Load<TAny>(int column, int k, int left)
        where TAny : struct, IPanel<TAny>
    {
        int gate = column / walk.Hidden, unit = column - (gate * walk.Hidden);
        return TAny.Load(weights, (unit * TCell.Gates * walk.Hidden) + (gate * walk.Hidden) + k, 1, left);
    }

    private static void Put(ArrayView<float> to, int at, int stride, Float4 gates)
    {
        to[at] = gates.X;
        if (TCell.Gates > 1) to[at + stride] = gates.Y;
        if (TCell.Gates > 2) to[at + (2 * stride)] = gates.Z;
        if (TCell.Gates > 3) to[at + (3 * stride)] = gates.W;
    }
}
