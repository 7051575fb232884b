using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend : IIntegratesDensePaths
{
    /// <inheritdoc/>
    bool IIntegratesDensePaths.TakesDensePaths => true;

    /// <inheritdoc/>
    void IIntegratesDensePaths.IntegrateDensePaths<TFinish, TSlope>(
        in DensePaths paths, Slice start, Slice direction, Slice positions, Slice weights, TFinish finish, TSlope slope, Slice total)
    {
        const string Op = nameof(IIntegratesDensePaths.IntegrateDensePaths);
        if (paths.Steps < 1 || paths.Pairs < 0 || paths.Width < 0) throw new ArgumentException($"{Op}: a path has a point at least, and extents are 0 or more, not {paths}.");
        long length = (long)paths.Pairs * paths.Width;
        DenseOperand* layers = stackalloc DenseOperand[paths.Layers.Length];
        int inputs = paths.Width;
        for (int i = 0; i < paths.Layers.Length; i++)
        {
            DenseWeights layer = paths.Layers[i];
            if (layer.Inputs != inputs || layer.Outputs < 1) throw new ArgumentException($"{Op}: a layer has the {inputs} inputs that come to it and an output at least, not {layer.Inputs} and {layer.Outputs}.");
            layers[i] = new(inputs, layer.Outputs, Open(Op, nameof(layer.Weight), layer.Weight, (long)inputs * layer.Outputs), Open(Op, nameof(layer.Bias), layer.Bias, layer.Outputs));
            inputs = layer.Outputs;
        }

        DensePathOperands operands = new(
            paths.Steps,
            paths.Width,
            paths.NeedsInputs,
            paths.Layers.Length,
            layers,
            Open(Op, nameof(start), start, length),
            Open(Op, nameof(direction), direction, length),
            Open(Op, nameof(positions), positions, paths.Steps),
            Open(Op, nameof(weights), weights, paths.Steps),
            Open(Op, nameof(paths.Readout), paths.Readout, inputs),
            Open(Op, nameof(total), total, length));
        Overlap.Paths(paths, start, direction, positions, weights, total);
        DensePathJob<TFinish, TSlope> job = new(_kernels, operands, finish, slope, paths.Pairs);
        Run(paths.MultiplyAdds + (ReadCost * length * paths.Steps), paths.Pairs, ref job);
    }

    private readonly struct DensePathJob<TFinish, TSlope>(ICpuKernels kernels, in DensePathOperands operands, TFinish finish, TSlope slope, int pairs) : IJob
        where TFinish : struct, IUnary
        where TSlope : struct, ITernary
    {
        private readonly DensePathOperands _operands = operands;

        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.Of(pairs, part, parts);
            kernels.IntegrateDensePaths(_operands, finish, slope, first, count);
        }
    }
}
