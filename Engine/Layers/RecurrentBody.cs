using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Layers;

/// <summary>What is behind the stem of a recurrent classifier, in words that a backend knows (<see cref="IIntegratesPaths"/>).</summary>
/// <param name="Layer">The recurrent layer.</param>
/// <param name="Pooling">How its states become one vector.</param>
/// <param name="Dense">A dense layer between that vector and the read-out; null where there is none.</param>
/// <param name="Readout">The last layer, without an activation.</param>
internal sealed record RecurrentBody(Recurrent Layer, Pooling Pooling, Dense? Dense, Dense Readout)
{
    /// <summary>Paths of so many pairs and steps.</summary>
    public RecurrentPaths Paths(int pairs, int steps, int time) => new(
        Layer.Cell, pairs, steps, time, Layer.Hidden, Layer.Directions, Pooling switch { Pooling.Mean => time, Pooling.Last => 1, _ => 0 }, Dense?.OutputShape(default).Length ?? 0);

    public RecurrentWeights Weights => new(
        Direction(0), Layer.Directions > 1 ? Direction(1) : null, Dense?.Weight.Value.Data, Dense?.Bias.Value.Data, Readout.Weight.Value.Data);

    /// <summary>The derivative of the dense layer's activation.</summary>
    public ActivationSlope Slope => new(Dense?.Activation ?? Activation.Identity);

    private DirectionWeights Direction(int d) => new(Layer.State[d].Value.Data, Layer.Candidate.Count > 0 ? Layer.Candidate[d].Value.Data : null);
}
