using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend : IIntegratesPaths
{
    /// <inheritdoc/>
    bool IIntegratesPaths.TakesPaths(in RecurrentPaths paths) => true;

    /// <inheritdoc/>
    void IIntegratesPaths.IntegratePaths<TSlope>(
        in RecurrentPaths paths, Slice start, Slice direction, Slice positions, Slice weights, in RecurrentWeights body, TSlope slope, Slice total)
    {
        const string Op = nameof(IIntegratesPaths.IntegratePaths);
        (int hidden, int units) = (paths.Hidden, paths.Units);
        if (paths.Steps < 1) throw new ArgumentException($"{Op}: a path has a point at least, not {paths}.");
        Recurrence one = paths.Sequences with { Batch = paths.Pairs * paths.Directions };
        long length = one.CheckedUnits(Op) * one.Gates;
        int states = paths.Directions * hidden;
        PathOperands operands = new(
            Open(Op, nameof(start), start, length),
            Open(Op, nameof(direction), direction, length),
            Open(Op, nameof(positions), positions, paths.Steps),
            Open(Op, nameof(weights), weights, paths.Steps),
            Walk(body.Forward),
            paths.Directions > 1 ? Walk(body.Back!.Value) : default,
            units > 0 ? Open(Op, nameof(body.Dense), body.Dense!.Value, (long)states * units) : null,
            units > 0 ? Open(Op, nameof(body.DenseBias), body.DenseBias!.Value, units) : null,
            Open(Op, nameof(body.Readout), body.Readout, units > 0 ? units : states),
            Open(Op, nameof(total), total, length));
        Overlap.Paths(start, direction, positions, weights, body, total);
        PathJob<TSlope> job = new(_kernels, paths, operands, slope);
        Run(2 * RecurrentCost * paths.Sequences.MultiplyAdds, paths.Pairs, ref job);

        WalkOperands Walk(in DirectionWeights weights) => new(
            Open(Op, nameof(weights.State), weights.State, one.WeightLength), weights.Candidate is { } candidate ? Open(Op, nameof(weights.Candidate), candidate, hidden) : null);
    }

    private readonly struct PathJob<TSlope>(ICpuKernels kernels, in RecurrentPaths paths, in PathOperands operands, TSlope slope) : IJob
        where TSlope : struct, ISlope
    {
        private readonly RecurrentPaths _paths = paths;
        private readonly PathOperands _operands = operands;

        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.Of(_paths.Pairs, part, parts);
            kernels.IntegratePaths(_paths, _operands, slope, first, count);
        }
    }
}
