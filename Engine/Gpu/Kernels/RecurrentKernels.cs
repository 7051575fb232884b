using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// A recurrent cell over all time steps in one launch. A thread has part of two columns of the recurrent weights in registers and
/// multiplies the states of the group's sequences by it, which lie in shared memory; then the threads share the units out. A product
/// takes all states, and a unit its gates' columns from threads of several warps: two barriers a step. Columns beyond the threads, and rows
/// of the matrix beyond the panel, are loaded anew at every step (out of the caches, all groups read the same).
/// </summary>
internal readonly struct RecurrentForwardKernel<TCell, TPanel>(
    Walk walk, ArrayView<float> projection, ArrayView<float> weights, ArrayView<float> bias, int biased, ArrayView<float> states, ArrayView<float> saved) : IKernel
    where TCell : struct, ICell
    where TPanel : struct, IPanel<TPanel>
{
    // With 256 threads a thread may have 255 registers.
    public static int MostThreads => 256;

    /// <summary>Numbers in shared memory for each sequence: state, products, cell.</summary>
    public static int SharedPerRow(int hidden, int pitch, int parts) => pitch + (parts * Columns(hidden)) + hidden;

    // All gates' columns, rounded up to pairs.
    private static int Columns(int hidden) => ((TCell.Gates * hidden) + 1) / 2 * 2;

    public void Run()
    {
        int hidden = walk.Hidden, rows = walk.Rows, pitch = walk.Pitch, columns = TCell.Gates * hidden, keep = TCell.Saved * hidden;
        int thread = Group.IdxX, threads = Group.DimX, first = Grid.IdxX * rows, count = walk.Batch - first < rows ? walk.Batch - first : rows;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        int even = Columns(hidden), stride = walk.Parts * even, pairs = even / 2, jobs = walk.Parts * pairs;
        ArrayView<float> h = shared.SubView(0, rows * pitch), products = shared.SubView(rows * pitch, rows * stride);
        ArrayView<float> cells = shared.SubView(rows * (pitch + stride), rows * hidden);
        ArrayView<Float4> h4 = h.AsAligned(16).Cast<Float4>();
        for (int i = thread; i < rows * pitch; i += threads) h[i] = 0;
        for (int i = thread; i < rows * hidden; i += threads) cells[i] = 0;
        RecurrentProduct by = new(rows, pitch, stride, pairs);
        TPanel left = Load<TPanel>(thread, thread < jobs ? 0 : hidden, pairs, 0), right = Load<TPanel>(thread, thread < jobs ? 0 : hidden, pairs, pairs);
        for (int s = 0; s < walk.Time; s++)
        {
            Group.Barrier();
            for (int job = thread; job < jobs; job += threads)
            {
                int part = job / pairs, from = 0;
                ArrayView<Float4> rowsOfPart = h4.SubView(part * walk.Depth / 4);
                ArrayView<float> to = products.SubView((part * even) + job - (part * pairs));
                if (job == thread)
                {
                    from = TPanel.Count;
                    by.Multiply(left, right, rowsOfPart, to);
                }

                // In steps that a part has a whole number of.
                if (TPanel.Count < 16) Rest<Twice<Four>>(by, job, from, pairs, rowsOfPart, to);
                else Rest<Twice<Twice<Four>>>(by, job, from, pairs, rowsOfPart, to);
            }

            Group.Barrier();
            int t = walk.At(s);
            for (int i = thread; i < count * hidden; i += threads)
            {
                int r = i / hidden, j = i - (r * hidden), step = ((first + r) * walk.Time) + t;
                float cell = cells[i];
                Float4 sums = default;
                int at = (r * stride) + j;
                sums.X = walk.Sum(products, at, even);
                if (TCell.Gates > 1) sums.Y = walk.Sum(products, at + hidden, even);
                if (TCell.Gates > 2) sums.Z = walk.Sum(products, at + (2 * hidden), even);
                if (TCell.Gates > 3) sums.W = walk.Sum(products, at + (3 * hidden), even);
                float state = TCell.Forward(hidden, projection, (step * columns) + j, sums, biased != 0 ? bias[j] : 0, h[(r * pitch) + j], ref cell, saved, (step * keep) + j);
                cells[i] = cell;
                h[(r * pitch) + j] = state;
                states[(step * hidden) + j] = state;
            }
        }
    }

    // What a job has from step "from" on, out of weights that are loaded anew.
    private void Rest<TSpare>(RecurrentProduct by, int job, int from, int pairs, ArrayView<Float4> rows, ArrayView<float> to)
        where TSpare : struct, IPanel<TSpare>
    {
        for (int k = from; k < walk.Depth; k += TSpare.Count)
        {
            TSpare left = Load<TSpare>(job, k, pairs, 0), right = Load<TSpare>(job, k, pairs, pairs);
            if (k == 0) by.Multiply(left, right, rows, to);
            else by.Add(left, right, rows.SubView(k / 4), to);
        }
    }

    // Rows k and on of a job's left column, or of the right, so many columns on; zeros behind the units and the columns.
    private TAny Load<TAny>(int job, int k, int pairs, int right)
        where TAny : struct, IPanel<TAny>
    {
        int part = job / pairs, column = job - (part * pairs) + right, columns = TCell.Gates * walk.Hidden, row = (part * walk.Depth) + k;
        return TAny.Load(weights, (row * columns) + column, columns, column < columns ? walk.Hidden - row : 0);
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
    public static int SharedPerRow(int hidden, int pitch, int parts) => (TCell.Gates * pitch) + (parts * TCell.Gates * ((hidden + 1) / 2 * 2)) + (2 * hidden);

    public void Run()
    {
        int hidden = walk.Hidden, rows = walk.Rows, pitch = walk.Pitch, columns = TCell.Gates * hidden, keep = TCell.Saved * hidden, wide = TCell.Gates * pitch;
        int thread = Group.IdxX, threads = Group.DimX, first = Grid.IdxX * rows, count = walk.Batch - first < rows ? walk.Batch - first : rows;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        int even = TCell.Gates * walk.Even, stride = walk.Parts * even, pairs = walk.Even / 2, jobs = walk.Parts * TCell.Gates * pairs;
        ArrayView<float> d = shared.SubView(0, rows * wide), products = shared.SubView(rows * wide, rows * stride);
        ArrayView<float> direct = shared.SubView(rows * (wide + stride), rows * hidden), dcells = shared.SubView(rows * (wide + stride + hidden), rows * hidden);
        ArrayView<Float4> d4 = d.AsAligned(16).Cast<Float4>();
        for (int i = thread; i < rows * wide; i += threads) d[i] = 0;
        for (int i = thread; i < rows * stride; i += threads) products[i] = 0;
        for (int i = thread; i < rows * hidden; i += threads)
        {
            direct[i] = 0;
            dcells[i] = 0;
        }

        RecurrentProduct by = new(rows, wide, stride, pairs);
        TPanel left = Load<TPanel>(thread, thread < jobs ? 0 : hidden, pairs, 0), right = Load<TPanel>(thread, thread < jobs ? 0 : hidden, pairs, pairs);
        for (int s = walk.Time - 1; s >= 0; s--)
        {
            Group.Barrier();
            int t = walk.At(s), before = walk.At(s - 1);
            for (int i = thread; i < count * hidden; i += threads)
            {
                int r = i / hidden, j = i - (r * hidden), step = ((first + r) * walk.Time) + t, last = ((first + r) * walk.Time) + before;
                float total = stateGradient[(step * hidden) + j] + direct[i], dcell = dcells[i];
                for (int gate = 0; gate < TCell.Gates; gate++) total += walk.Sum(products, (r * stride) + (gate * walk.Even) + j, even);
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
            for (int job = thread; job < jobs; job += threads)
            {
                int block = job / pairs, gate = block % TCell.Gates, part = block / TCell.Gates, from = 0;
                ArrayView<Float4> rowsOfPart = d4.SubView(((gate * pitch) + (part * walk.Depth)) / 4);
                ArrayView<float> to = products.SubView((part * even) + (gate * walk.Even) + job - (block * pairs));
                if (job == thread)
                {
                    from = TPanel.Count;
                    by.Multiply(left, right, rowsOfPart, to);
                }

                // In steps that a part has a whole number of.
                if (TPanel.Count < 16) Rest<Twice<Four>>(by, job, from, pairs, rowsOfPart, to);
                else Rest<Twice<Twice<Four>>>(by, job, from, pairs, rowsOfPart, to);
            }
        }
    }

    // What a job has from step "from" on, out of weights that are loaded anew.
    private void Rest<TSpare>(RecurrentProduct by, int job, int from, int pairs, ArrayView<Float4> rows, ArrayView<float> to)
        where TSpare : struct, IPanel<TSpare>
    {
        for (int k = from; k < walk.Depth; k += TSpare.Count)
        {
            TSpare left = Load<TSpare>(job, k, pairs, 0), right = Load<TSpare>(job, k, pairs, pairs);
            if (k == 0) by.Multiply(left, right, rows, to);
            else by.Add(left, right, rows.SubView(k / 4), to);
        }
    }

    // Column (gate, unit): W[unit, gate * hidden + k ...], contiguous; the job's left unit, or its right, so many units on.
    private TAny Load<TAny>(int job, int k, int pairs, int right)
        where TAny : struct, IPanel<TAny>
    {
        int block = job / pairs, gate = block % TCell.Gates, unit = job - (block * pairs) + right, row = (block / TCell.Gates * walk.Depth) + k;
        return TAny.Load(weights, (((unit * TCell.Gates) + gate) * walk.Hidden) + row, 1, unit < walk.Hidden ? walk.Hidden - row : 0);
    }

    private static void Put(ArrayView<float> to, int at, int stride, Float4 gates)
    {
        to[at] = gates.X;
        if (TCell.Gates > 1) to[at + stride] = gates.Y;
        if (TCell.Gates > 2) to[at + (2 * stride)] = gates.Z;
        if (TCell.Gates > 3) to[at + (3 * stride)] = gates.W;
    }
}
