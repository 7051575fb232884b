using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Engine.Numerics;
using ILGPU;

namespace EmotionXai.Engine.Gpu;

public sealed partial class GpuBackend : IIntegratesPaths
{
    // Threads that a multiprocessor has registers for, and groups that it has shared memory for.
    private const int BusyThreads = 512, BusyGroups = 4;

    // A row keeps a unit's gates and memory for the way back.
    private const int KeptOfUnit = 4, ScratchOfUnit = KeptOfUnit + 1;

    /// <inheritdoc/>
    bool IIntegratesPaths.TakesPaths(in RecurrentPaths paths) => paths.Cell switch
    {
        RecurrentCell.Gru => Plan<GruCell>(paths) is not null,
        RecurrentCell.Lstm => Plan<LstmCell>(paths) is not null,
        _ => false,
    };

    /// <inheritdoc/>
    void IIntegratesPaths.IntegratePaths<TSlope>(
        in RecurrentPaths paths, Slice start, Slice direction, Slice positions, Slice weights, in RecurrentWeights body, TSlope slope, Slice total)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(IIntegratesPaths.IntegratePaths);
        (int hidden, int sides, int units) = (paths.Hidden, paths.Directions * paths.Hidden, paths.Units);
        if (paths.Steps < 1) throw new ArgumentException($"{Op}: a path has a point at least, not {paths}.");
        Recurrence one = paths.Sequences with { Batch = checked(paths.Directions * paths.Pairs) };
        long length = one.CheckedUnits(Op) * one.Gates;
        DirectionWeights back = paths.Directions > 1 ? body.Back!.Value : body.Forward;
        ArrayView<float> state = State(body.Forward), backState = State(back);
        ArrayView<float> readout = Open(Op, nameof(body.Readout), body.Readout, units > 0 ? units : sides);
        PathJob<TSlope> job = new(
            paths,
            Open(Op, nameof(start), start, length),
            Open(Op, nameof(direction), direction, length),
            Open(Op, nameof(positions), positions, paths.Steps),
            Open(Op, nameof(weights), weights, paths.Steps),
            new PathWalks(state, Bias(body.Forward, state), backState, Bias(back, backState), Flag(body.Forward.Candidate is not null), paths.Directions),
            new PathHead<TSlope>(
                units > 0 ? Open(Op, nameof(body.Dense), body.Dense!.Value, (long)sides * units) : readout,
                units > 0 ? Open(Op, nameof(body.DenseBias), body.DenseBias!.Value, units) : readout,
                readout,
                units,
                paths.Averaged,
                slope));
        _ = Open(Op, nameof(total), total, length);
        Overlap.Paths(start, direction, positions, weights, body, total);
        if (length == 0) return;
        if (paths.Cell == RecurrentCell.Gru) Integrate<GruCell, TSlope>(job, total);
        else Integrate<LstmCell, TSlope>(job, total);

        ArrayView<float> State(in DirectionWeights weights) => Open(Op, nameof(weights.State), weights.State, one.WeightLength);

        ArrayView<float> Bias(in DirectionWeights weights, ArrayView<float> none) => weights.Candidate is { } bias ? Open(Op, nameof(weights.Candidate), bias, hidden) : none;
    }

    private void Integrate<TCell, TSlope>(in PathJob<TSlope> job, Slice total)
        where TCell : struct, ICell
        where TSlope : struct, ISlope
    {
        if (Plan<TCell>(job.Paths) is not { } plan) throw new EngineException($"{job.Paths} does not fit into a group's shared memory; ask {nameof(IIntegratesPaths.TakesPaths)} first.");
        int units = plan.Groups * plan.Walk.Rows * plan.Walk.Time * job.Paths.Directions * plan.Walk.Hidden, sections = plan.Paths.Sections;
        Storage scratch = Allocate(ScratchOfUnit * units);
        Storage? parts = null;
        try
        {
            if (sections > 1) parts = Allocate(checked(sections * total.Length));
            Slice sums = parts is null ? total : new Slice(parts, 0, parts.Length);
            PathLaunch launch = new(
                plan,
                Open(nameof(Integrate), nameof(scratch), new Slice(scratch, 0, KeptOfUnit * units)),
                Open(nameof(Integrate), nameof(scratch), new Slice(scratch, KeptOfUnit * units, units)),
                Open(nameof(Integrate), nameof(total), sums));

            // Panels of the recurrent kernels.
            if (job.Paths.Hidden <= 16) Launch<TCell, Twice<Four>, TSlope>(job, launch);
            else if (job.Paths.Hidden <= 32) Launch<TCell, Twice<Twice<Four>>, TSlope>(job, launch);
            else Launch<TCell, Twice<Twice<Twice<Four>>>, TSlope>(job, launch);
            if (parts is not null) Sum(new AxisSplit(1, sections, total.Length), sums, total, 1, accumulate: false);
        }
        finally
        {
            Free(scratch);
            if (parts is not null) Free(parts);
        }
    }

    private void Launch<TCell, TPanel, TSlope>(in PathJob<TSlope> job, in PathLaunch launch)
        where TCell : struct, ICell
        where TPanel : struct, IPanel<TPanel>
        where TSlope : struct, ISlope =>
        Launch(launch.Plan.Config, new RecurrentPathKernel<TCell, TPanel, TSlope>(
            launch.Plan.Walk,
            launch.Plan.Paths,
            job.Start,
            job.Direction,
            job.Positions,
            job.PointWeights,
            job.Walks,
            job.Head,
            launch.Kept,
            launch.Memory,
            launch.Total));

    /// <summary>Rows of a group, sections of a path and groups; null where two rows are more than shared memory holds, or dense units more than its place for products.</summary>
    private PathGroups? Plan<TCell>(RecurrentPaths paths)
        where TCell : struct, ICell
    {
        // All groups' places together take no more than a chunk of a path would; two rows are the least.
        long ofRow = System.Math.Max(1, (long)ScratchOfUnit * paths.Time * paths.Directions * paths.Hidden), numbers = 4L * BatchSizes.For(_device.Memory).Chunk;
        int hidden = paths.Hidden, panel = hidden <= 16 ? 8 : hidden <= 32 ? 16 : 32;
        if (Rows(2) is not { Fits: >= 4 } layout) layout = Rows(1);
        if (layout.Fits < 2 || paths.Units > layout.Parts * TCell.Gates * hidden || 2 * ofRow > int.MaxValue) return null;

        // Fewer rows where the points would leave multiprocessors idle; then as few turns as there have to be, of like length.
        int most = _device.Multiprocessors * System.Math.Clamp(BusyThreads / layout.Threads, 1, BusyGroups);
        int idle = Quotient(Quotient(checked(paths.Pairs * paths.Steps), most), 4) * 4, fits = System.Math.Clamp(idle, System.Math.Min(4, layout.Fits), layout.Fits);
        fits = (int)System.Math.Min(fits, System.Math.Max(2, numbers / ofRow / 2 * 2));
        int rows = Quotient(Quotient(paths.Steps, Quotient(paths.Steps, fits)), 2) * 2, turns = Quotient(paths.Steps, rows);
        int turnsOfSection = TurnsOfSection(paths.Pairs, turns, most), sections = Quotient(turns, turnsOfSection);
        int groups = (int)System.Math.Max(1, System.Math.Min(System.Math.Min(most, (long)paths.Pairs * sections), numbers / (rows * ofRow)));
        KernelConfig config = new(groups, layout.Threads, SharedMemoryConfig.RequestDynamic<float>((rows * layout.PerRow) + layout.PerGroup));
        return new PathGroups(new Walk(paths.Sequences, rows, layout.Pitch, layout.Parts), new PathPlan(paths.Pairs, paths.Steps, sections, turnsOfSection * rows), groups, config);

        PathRows Rows(int parts)
        {
            int pitch = Quotient(hidden, parts * panel) * parts * panel, threads = System.Math.Min(_device.GroupSize, Quotient(TCell.Gates * Quotient(hidden, 2) * parts, 32) * 32);
            int perRow = PathPlan.SharedPerRow<TCell>(hidden, paths.Directions, pitch, parts), perGroup = PathPlan.SharedPerGroup<TCell>(hidden, threads);
            return new PathRows(pitch, parts, threads, perRow, perGroup, System.Math.Min(MostRows, System.Math.Max(0, _device.UnaskedSharedNumbers - perGroup) / perRow / 2 * 2));
        }
    }

    // The time of a launch is that of the group with the most turns. Fewer sections need no second pass: the fewest that cost at most a tenth more than the best.
    private static int TurnsOfSection(int pairs, int turns, int groups)
    {
        long best = Enumerable.Range(1, turns).Min(Time);
        return Enumerable.Range(1, turns).Last(each => 10 * Time(each) <= 11 * best);

        long Time(int each) => (((long)pairs * Quotient(turns, each)) + groups - 1) / groups * each;
    }

    /// <summary>How rows lie in shared memory, and how many fit.</summary>
    private readonly record struct PathRows(int Pitch, int Parts, int Threads, int PerRow, int PerGroup, int Fits);

    private readonly record struct PathGroups(Walk Walk, PathPlan Paths, int Groups, KernelConfig Config);

    private readonly record struct PathLaunch(PathGroups Plan, ArrayView<float> Kept, ArrayView<float> Memory, ArrayView<float> Total);

    private readonly record struct PathJob<TSlope>(
        RecurrentPaths Paths,
        ArrayView<float> Start,
        ArrayView<float> Direction,
        ArrayView<float> Positions,
        ArrayView<float> PointWeights,
        PathWalks Walks,
        PathHead<TSlope> Head)
        where TSlope : struct, ISlope;
}
