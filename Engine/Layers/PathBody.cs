using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;

namespace EmotionXai.Engine.Layers;

/// <summary>What is behind the stem of a classifier, where it is something that a backend may integrate along straight paths in one call.</summary>
internal abstract record PathBody
{
    /// <summary>Whether a backend does.</summary>
    public abstract bool IsTakenBy(IBackend backend, int pairs, int time);

    /// <summary>total[p] = sum over s of weights[s] * dlogit/dz at z = start[p] + positions[s] * direction[p].</summary>
    public abstract void Integrate(IBackend backend, int pairs, int steps, int time, Slice start, Slice direction, Slice positions, Slice weights, Slice total);
}

/// <summary>The body of a recurrent classifier (<see cref="IIntegratesPaths"/>).</summary>
/// <param name="Layer">The recurrent layer.</param>
/// <param name="Pooling">How its states become one vector.</param>
/// <param name="Dense">A dense layer between that vector and the read-out; null where there is none.</param>
/// <param name="Readout">The last layer, without an activation.</param>
internal sealed record RecurrentBody(Recurrent Layer, Pooling Pooling, Dense? Dense, Dense Readout) : PathBody
{
    private RecurrentWeights Weights => new(
        Direction(0), Layer.Directions > 1 ? Direction(1) : null, Dense?.Weight.Value.Data, Dense?.Bias.Value.Data, Readout.Weight.Value.Data);

    public override bool IsTakenBy(IBackend backend, int pairs, int time) => backend is IIntegratesPaths own && own.TakesPaths(Paths(pairs, 1, time));

    public override void Integrate(IBackend backend, int pairs, int steps, int time, Slice start, Slice direction, Slice positions, Slice weights, Slice total) =>
        ((IIntegratesPaths)backend).IntegratePaths(Paths(pairs, steps, time), start, direction, positions, weights, Weights, new ActivationSlope(Dense?.Activation ?? Activation.Identity), total);

    private RecurrentPaths Paths(int pairs, int steps, int time) => new(
        Layer.Cell, pairs, steps, time, Layer.Hidden, Layer.Directions, Pooling switch { Pooling.Mean => time, Pooling.Last => 1, _ => 0 }, Dense?.OutputShape(default).Length ?? 0);

    private DirectionWeights Direction(int d) => new(Layer.State[d].Value.Data, Layer.Candidate.Count > 0 ? Layer.Candidate[d].Value.Data : null);
}

/// <summary>The body of a classifier of dense layers alone (<see cref="IIntegratesDensePaths"/>).</summary>
/// <param name="Activation">What all layers but the read-out have.</param>
/// <param name="Width">Units of the first layer.</param>
/// <param name="Layers">Those between the first layer and the read-out.</param>
/// <param name="Readout">The weights of the last layer, which has no activation.</param>
internal sealed record DenseBody(Activation Activation, int Width, DenseWeights[] Layers, Slice Readout) : PathBody
{
    /// <summary>The body of some layers; null where a layer is something else, or activations differ.</summary>
    public static DenseBody? Of(IReadOnlyList<Layer> layers)
    {
        if (layers.Count < 2 || !layers.All(l => l is Dense) || layers[0] is not Dense { Activation: not Activation.Identity } first || layers[^1] is not Dense { Activation: Activation.Identity } readout) return null;
        Dense[] between = [.. layers.Skip(1).SkipLast(1).Cast<Dense>()];
        return between.All(d => d.Activation == first.Activation)
            ? new(first.Activation, first.Outputs, [.. between.Select(d => new DenseWeights(d.Inputs, d.Outputs, d.Weight.Value.Data, d.Bias.Value.Data))], readout.Weight.Value.Data)
            : null;
    }

    public override bool IsTakenBy(IBackend backend, int pairs, int time) => backend is IIntegratesDensePaths { TakesDensePaths: true };

    public override void Integrate(IBackend backend, int pairs, int steps, int time, Slice start, Slice direction, Slice positions, Slice weights, Slice total)
    {
        switch (Activation)
        {
            case Activation.Relu:
                Of(default(ReluOp.Forward), default(ReluOp.Backward), false);
                break;
            case Activation.LeakyRelu:
                Of(new LeakyReluOp.Forward(LeakyReluOp.Slope), new LeakyReluOp.Backward(LeakyReluOp.Slope), false);
                break;
            case Activation.Tanh:
                Of(default(TanhOp.Forward), default(TanhOp.Backward), false);
                break;
            case Activation.Sigmoid:
                Of(default(SigmoidOp.Forward), default(SigmoidOp.Backward), false);
                break;
            case Activation.Gelu:
                Of(default(GeluOp.Forward), default(GeluOp.Backward), true);
                break;
            case Activation.Softplus:
                Of(default(SoftplusOp.Forward), default(SoftplusOp.Backward), true);
                break;
            default:
                throw new InvalidOperationException($"A layer without an activation ({Activation}) has no body.");
        }

        void Of<TFinish, TSlope>(TFinish finish, TSlope slope, bool needsInputs)
            where TFinish : struct, IUnary
            where TSlope : struct, ITernary =>
            ((IIntegratesDensePaths)backend).IntegrateDensePaths(new DensePaths(pairs, steps, Width, Layers, Readout, needsInputs), start, direction, positions, weights, finish, slope, total);
    }
}
