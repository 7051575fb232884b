using EmotionXai.Engine.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// How the points of all paths are shared out among groups. A job is a section of a path, <see cref="Length"/> points of it; a group takes
/// jobs that lie as far apart as there are groups, and of each as many points at once as it has rows.
/// </summary>
internal readonly struct PathPlan(int pairs, int steps, int sections, int length)
{
    public readonly int Pairs = pairs, Steps = steps, Sections = sections, Length = length;

    public int Jobs => Pairs * Sections;

    /// <summary>Numbers in shared memory for each row: gradients of the products, or states; products; memory, or its gradient; what is pooled, and where a maximum stands.</summary>
    public static int SharedPerRow<TCell>(int hidden, int directions, int pitch, int parts)
        where TCell : struct, ICell => (TCell.Gates * pitch) + (parts * TCell.Gates * ((hidden + 1) / 2 * 2)) + ((1 + (2 * directions)) * hidden);

    /// <summary>Numbers in shared memory besides: a sum of gates for each row that the threads have at once.</summary>
    public static int SharedPerGroup<TCell>(int hidden, int threads)
        where TCell : struct, ICell => threads / (hidden < threads ? hidden : threads) * TCell.Gates * hidden;
}

/// <summary>The weights of one walk through time or two, the second from the last step to the first.</summary>
internal readonly struct PathWalks(ArrayView<float> weights, ArrayView<float> bias, ArrayView<float> backWeights, ArrayView<float> backBias, int biased, int count)
{
    public int Count => count;

    public ArrayView<float> Weights(int walk) => walk == 0 ? weights : backWeights;

    /// <summary>A GRU's bias of a unit's candidate.</summary>
    public float Bias(int walk, int unit) => biased == 0 ? 0 : walk == 0 ? bias[unit] : backBias[unit];
}

/// <summary>
/// Integrates paths through a recurrent body in one launch: forms a point, walks through time, reads the logit out, walks back and adds
/// the gradients of the projection up over the points. total is [sections, pairs, time, directions * gates * hidden]. Only what the way back needs of a
/// unit and step goes through global memory: four numbers and its memory, in a place that a group uses again for its next points.
/// </summary>
internal readonly struct RecurrentPathKernel<TCell, TPanel, TSlope>(
    Walk walk,
    PathPlan plan,
    ArrayView<float> start,
    ArrayView<float> direction,
    ArrayView<float> positions,
    ArrayView<float> pointWeights,
    PathWalks walks,
    PathHead<TSlope> head,
    ArrayView<float> keptOfGroups,
    ArrayView<float> memoryOfGroups,
    ArrayView<float> total) : IKernel
    where TCell : struct, ICell
    where TPanel : struct, IPanel<TPanel>
    where TSlope : struct, ISlope
{
    // With 256 threads a thread may have 255 registers.
    public static int MostThreads => 256;

    public void Run()
    {
        int hidden = walk.Hidden, rows = walk.Rows, wide = TCell.Gates * walk.Pitch, stride = new GradientColumns<TCell>(walk).Stride, units = rows * hidden;
        int sides = walks.Count * units, place = walk.Time * sides;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        Room room = new(
            shared.SubView(0, rows * wide),
            shared.SubView(rows * wide, rows * stride),
            shared.SubView(rows * (wide + stride), units),
            shared.SubView((rows * (wide + stride)) + units, sides),
            shared.SubView((rows * (wide + stride)) + units + sides, sides),
            shared.SubView((rows * (wide + stride)) + units + (2 * sides), PathPlan.SharedPerGroup<TCell>(hidden, Group.DimX)),
            keptOfGroups.AsAligned(16).Cast<Float4>().SubView(Grid.IdxX * place, place),
            memoryOfGroups.SubView(Grid.IdxX * place, place));
        for (int job = Grid.IdxX; job < plan.Jobs; job += Grid.DimX)
        {
            int section = job / plan.Pairs, pair = job - (section * plan.Pairs), from = section * plan.Length;
            int end = plan.Steps - from < plan.Length ? plan.Steps : from + plan.Length;
            for (int first = from; first < end; first += rows)
            {
                int count = end - first < rows ? end - first : rows;
                for (int i = Group.IdxX; i < sides; i += Group.DimX) room.Pooled[i] = 0;
                for (int side = 0; side < walks.Count; side++) Forward(room, side, pair, first, count);
                head.Back(room.Pooled, room.Products, pointWeights.SubView(first, count), count, walks.Count * hidden);
                for (int side = 0; side < walks.Count; side++) Backward(room, side, job, first > from, count);
            }
        }
    }

    // The threads share units and rows out: a thread has every so many units, and of each every so many rows.
    private int Across => walk.Hidden < Group.DimX ? walk.Hidden : Group.DimX;

    private void Forward(Room room, int side, int pair, int first, int count)
    {
        int hidden = walk.Hidden, gates = walks.Count * TCell.Gates * hidden, lane = Group.IdxX / Across, lanes = Group.DimX / Across;
        StateColumns<TCell> columns = new(walk);
        GroupProduct<StateColumns<TCell>, TPanel> product = new(walk, columns, walks.Weights(side));
        room.Clear();
        Group.Barrier();
        for (int s = 0; s < walk.Time; s++)
        {
            int t = side == 0 ? s : walk.Time - 1 - s;
            for (int j = Group.IdxX - (lane * Across); j < hidden && lane < lanes; j += Across)
            {
                int at = (((pair * walk.Time) + t) * gates) + (side * TCell.Gates * hidden) + j;
                Float4 origin = Blocks.Load(start, at, hidden, TCell.Gates), step = Blocks.Load(direction, at, hidden, TCell.Gates);
                float candidate = walks.Bias(side, j);
                for (int r = lane; r < count; r += lanes)
                {
                    int i = (r * hidden) + j, unit = (((r * walks.Count) + side) * hidden) + j, kept = (t * walk.Rows * walks.Count * hidden) + unit;
                    float memory = room.Memory[i];
                    Float4 sums = walk.Sums(room.Products, (r * columns.Stride) + j, hidden, columns.Even, TCell.Gates);
                    float state = TCell.Forward(origin.Plus(positions[first + r], step), sums, candidate, ref memory, out Float4 gatesOfUnit);
                    room.Memory[i] = memory;
                    room.Rows[(r * walk.Pitch) + j] = state;
                    room.KeptOfSteps[kept] = gatesOfUnit;
                    room.MemoryOfSteps[kept] = memory;
                    head.Pool(room.Pooled, room.Places, unit, t, walk.Time, s == 0, side > 0, state);
                }
            }

            Group.Barrier();
            if (s + 1 < walk.Time) product.Run(room.Rows4, room.Products);
            Group.Barrier();
        }
    }

    private void Backward(Room room, int side, int job, bool adds, int count)
    {
        int hidden = walk.Hidden, gates = TCell.Gates * hidden, wide = TCell.Gates * walk.Pitch, lane = Group.IdxX / Across, lanes = Group.DimX / Across;
        GradientColumns<TCell> columns = new(walk);
        GroupProduct<GradientColumns<TCell>, TPanel> product = new(walk, columns, walks.Weights(side));
        room.Clear();
        Group.Barrier();
        for (int s = walk.Time - 1; s >= 0; s--)
        {
            int t = side == 0 ? s : walk.Time - 1 - s;
            for (int j = Group.IdxX - (lane * Across); j < hidden && lane < lanes; j += Across)
            {
                Float4 sum = default;
                for (int r = lane; r < count; r += lanes)
                {
                    int i = (r * hidden) + j, unit = (((r * walks.Count) + side) * hidden) + j, kept = (t * walk.Rows * walks.Count * hidden) + unit;
                    Float4 sums = walk.Sums(room.Products, (r * columns.Stride) + j, walk.Even, columns.Even, TCell.Gates);
                    float carry = room.Memory[i], gradient = head.OfState(room.Pooled, room.Places, unit, t, walk.Time) + sums.X + sums.Y + sums.Z + sums.W;
                    Float4 ofProducts = TCell.Backward(room.KeptOfSteps[kept], room.MemoryOfSteps[kept], gradient, ref carry, out Float4 ofProjection);
                    room.Memory[i] = carry;
                    Blocks.Store(room.Rows, (r * wide) + j, walk.Pitch, TCell.Gates, ofProducts);
                    sum = sum.Plus(1, ofProjection);
                }

                Blocks.Store(room.Sums, (lane * gates) + j, hidden, TCell.Gates, sum);
            }

            Group.Barrier();
            if (s > 0) product.Run(room.Rows4, room.Products);
            for (int column = Group.IdxX; column < gates; column += Group.DimX)
            {
                // The same thread for the same column every time: no other waits for it.
                int at = (((((job * walk.Time) + t) * walks.Count) + side) * gates) + column;
                float sum = adds ? total[at] : 0;
                for (int l = 0; l < lanes; l++) sum += room.Sums[(l * gates) + column];
                total[at] = sum;
            }

            Group.Barrier();
        }
    }

    /// <summary>A group's shared memory, and its place in global memory, [time, row, direction, unit].</summary>
    private readonly struct Room(
        ArrayView<float> rows,
        ArrayView<float> products,
        ArrayView<float> memory,
        ArrayView<float> pooled,
        ArrayView<float> places,
        ArrayView<float> sums,
        ArrayView<Float4> keptOfSteps,
        ArrayView<float> memoryOfSteps)
    {
        /// <summary>Forward the states, a pitch apart; backward the gradients of the products, a pitch a gate.</summary>
        public readonly ArrayView<float> Rows = rows;

        public readonly ArrayView<float> Products = products, Memory = memory, Pooled = pooled, Places = places, Sums = sums;

        public readonly ArrayView<Float4> KeptOfSteps = keptOfSteps;

        public readonly ArrayView<float> MemoryOfSteps = memoryOfSteps;

        public ArrayView<Float4> Rows4 => Rows.AsAligned(16).Cast<Float4>();

        /// <summary>Zeros before the first step.</summary>
        public void Clear()
        {
            for (int i = Group.IdxX; i < Rows.IntLength; i += Group.DimX) Rows[i] = 0;
            for (int i = Group.IdxX; i < Products.IntLength; i += Group.DimX) Products[i] = 0;
            for (int i = Group.IdxX; i < Memory.IntLength; i += Group.DimX) Memory[i] = 0;
        }
    }
}
