using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// A recurrent cell over all time steps in one launch. The states of a group's sequences lie in shared memory and are multiplied by
/// the weights (<see cref="GroupProduct{TColumns, TPanel}"/>); then the threads share the units out. A product takes all states, and a unit
/// its gates' columns from threads of several warps: two barriers a step.
/// </summary>
internal readonly struct RecurrentForwardKernel<TCell, TPanel>(
    Walk walk, ArrayView<float> projection, ArrayView<float> weights, ArrayView<float> bias, int biased, ArrayView<float> states, ArrayView<float> saved) : IKernel
    where TCell : struct, ICell
    where TPanel : struct, IPanel<TPanel>
{
    // With 256 threads a thread may have 255 registers.
    public static int MostThreads => 256;

    /// <summary>Numbers in shared memory for each sequence: state, products, memory.</summary>
    public static int SharedPerRow(int hidden, int pitch, int parts) => pitch + (parts * StateColumns<TCell>.Count(hidden)) + hidden;

    public void Run()
    {
        int hidden = walk.Hidden, rows = walk.Rows, pitch = walk.Pitch, gates = TCell.Gates * hidden, keep = TCell.Saved * hidden;
        int thread = Group.IdxX, threads = Group.DimX, first = Grid.IdxX * rows, count = walk.Batch - first < rows ? walk.Batch - first : rows;
        StateColumns<TCell> columns = new(walk);
        GroupProduct<StateColumns<TCell>, TPanel> product = new(walk, columns, weights);
        int stride = columns.Stride;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        ArrayView<float> h = shared.SubView(0, rows * pitch), products = shared.SubView(rows * pitch, rows * stride);
        ArrayView<float> memories = shared.SubView(rows * (pitch + stride), rows * hidden);
        ArrayView<Float4> h4 = h.AsAligned(16).Cast<Float4>();
        for (int i = thread; i < rows * pitch; i += threads) h[i] = 0;
        for (int i = thread; i < rows * hidden; i += threads) memories[i] = 0;
        for (int s = 0; s < walk.Time; s++)
        {
            Group.Barrier();
            product.Run(h4, products);
            Group.Barrier();
            int t = walk.At(s);
            for (int i = thread; i < count * hidden; i += threads)
            {
                int r = i / hidden, j = i - (r * hidden), step = ((first + r) * walk.Time) + t;
                float memory = memories[i];
                Float4 sums = walk.Sums(products, (r * stride) + j, hidden, columns.Even, TCell.Gates);
                float state = TCell.Forward(Blocks.Load(projection, (step * gates) + j, hidden, TCell.Gates), sums, biased != 0 ? bias[j] : 0, ref memory, out Float4 kept);
                Blocks.Store(saved, (step * keep) + j, hidden, TCell.Saved, kept);
                if (TCell.Saved > 4) saved[(step * keep) + (4 * hidden) + j] = memory;
                memories[i] = memory;
                h[(r * pitch) + j] = state;
                states[(step * hidden) + j] = state;
            }
        }
    }
}

/// <summary>The way back through time in one launch.</summary>
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

    /// <summary>Numbers in shared memory for each sequence: gradients of the products, their products with the weights, the gradient of the memory.</summary>
    public static int SharedPerRow(int hidden, int pitch, int parts) => (TCell.Gates * pitch) + (parts * TCell.Gates * ((hidden + 1) / 2 * 2)) + hidden;

    public void Run()
    {
        int hidden = walk.Hidden, rows = walk.Rows, pitch = walk.Pitch, gates = TCell.Gates * hidden, keep = TCell.Saved * hidden, wide = TCell.Gates * pitch;
        int thread = Group.IdxX, threads = Group.DimX, first = Grid.IdxX * rows, count = walk.Batch - first < rows ? walk.Batch - first : rows;
        GradientColumns<TCell> columns = new(walk);
        GroupProduct<GradientColumns<TCell>, TPanel> product = new(walk, columns, weights);
        int stride = columns.Stride;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        ArrayView<float> d = shared.SubView(0, rows * wide), products = shared.SubView(rows * wide, rows * stride), carries = shared.SubView(rows * (wide + stride), rows * hidden);
        ArrayView<Float4> d4 = d.AsAligned(16).Cast<Float4>();
        for (int i = thread; i < rows * wide; i += threads) d[i] = 0;
        for (int i = thread; i < rows * stride; i += threads) products[i] = 0;
        for (int i = thread; i < rows * hidden; i += threads) carries[i] = 0;
        for (int s = walk.Time - 1; s >= 0; s--)
        {
            Group.Barrier();
            int t = walk.At(s);
            for (int i = thread; i < count * hidden; i += threads)
            {
                int r = i / hidden, j = i - (r * hidden), step = ((first + r) * walk.Time) + t;
                Float4 kept = Blocks.Load(saved, (step * keep) + j, hidden, TCell.Saved), sums = walk.Sums(products, (r * stride) + j, walk.Even, columns.Even, TCell.Gates);
                float memory = TCell.Saved > 4 ? saved[(step * keep) + (4 * hidden) + j] : states[(step * hidden) + j], carry = carries[i];
                float gradient = stateGradient[(step * hidden) + j] + sums.X + sums.Y + sums.Z + sums.W;
                Float4 ofProducts = TCell.Backward(kept, memory, gradient, ref carry, out Float4 ofProjection);
                carries[i] = carry;
                Blocks.Store(d, (r * wide) + j, pitch, TCell.Gates, ofProducts);
                Blocks.Store(projectionGradient, (step * gates) + j, hidden, TCell.Gates, ofProjection);
                if (recurrent != 0) Blocks.Store(recurrentGradient, (step * gates) + j, hidden, TCell.Gates, ofProducts);
            }

            Group.Barrier();
            product.Run(d4, products);
        }
    }
}
