using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>
/// An Elman, GRU or LSTM layer: [batch, time, features] to [batch, time, hidden], or twice hidden when bidirectional (the
/// states of both directions side by side). Its stem projects the inputs of all time steps in one product.
/// </summary>
public sealed class Recurrent : Layer
{
    private readonly RecurrentCell _cell;
    private readonly int _inputs, _hidden, _gates, _directions;
    private readonly Parameter _input, _bias;
    private readonly Parameter[] _state;
    private readonly Parameter[] _candidate;

    /// <summary>A recurrent layer, all weights uniform within 1 / sqrt(hidden), biases zero but LSTM's forget gate, which starts open at 1 (Jozefowicz et al. 2015).</summary>
    public Recurrent(Initializer initializer, string name, RecurrentCell cell, int inputs, int hidden, bool bidirectional = false)
    {
        (_cell, _inputs, _hidden, _directions) = (cell, inputs, hidden, bidirectional ? 2 : 1);
        _gates = new Recurrence(cell, 0, 0, hidden, false).Gates;
        int columns = _gates * hidden;
        double limit = 1 / Math.Sqrt(hidden);
        _input = Add(initializer.Uniform(name + ".input", new Shape(inputs, _directions * columns), limit));
        _bias = Add(initializer.Constant(name + ".bias", new Shape(_directions * columns), 0));
        _state = [.. Enumerable.Range(0, _directions).Select(d => Add(initializer.Uniform($"{name}.state{d}", new Shape(hidden, columns), limit)))];
        _candidate = cell == RecurrentCell.Gru
            ? [.. Enumerable.Range(0, _directions).Select(d => Add(initializer.Constant($"{name}.candidate{d}", new Shape(hidden), 0)))]
            : [];
        if (cell != RecurrentCell.Lstm) return;
        for (int d = 0; d < _directions; d++)
            initializer.Backend.Fill(_bias.Value.Data.Part((d * columns) + hidden, hidden), 1);
    }

    /// <inheritdoc/>
    public override Tensor Stem(Tape tape, Tensor input)
    {
        if (input.Shape.Rank != 3 || input.Shape[2] != _inputs) Throw.BadShape(nameof(Recurrent), $"the input is [batch, time, {_inputs}]", input.Shape);
        return tape.MatrixMultiply(input, tape.Use(_input), tape.Use(_bias));
    }

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem)
    {
        if (_directions == 1) return Direction(tape, stem, 0);
        int columns = _gates * _hidden;
        Tensor forward = Direction(tape, tape.Slice(stem, 2, 0, columns), 0);
        Tensor backward = Direction(tape, tape.Slice(stem, 2, columns, columns), 1);
        return tape.Concatenate(forward, backward, 2);
    }

    internal override bool StemIsKnown => true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new(input[0], _directions * _hidden);

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) =>
        (long)_directions * input[0] * _gates * _hidden * (_inputs + _hidden);

    /// <summary>Leaves the layer as it was drawn, with input weights of a given size and recurrent ones of a given spectral radius.</summary>
    internal void Freeze(RandomOptions options, Initializer initializer)
    {
        RandomWeights.Freeze(_input, options.InputScale, options.Sparsity, initializer.NextKey());
        foreach (Parameter state in _state) RandomWeights.FreezeRecurrent(state, options.SpectralRadius, options.Sparsity, initializer.NextKey());
        foreach (Parameter parameter in Parameters) parameter.Frozen = true;
    }

    private Tensor Direction(Tape tape, Tensor projection, int direction) => tape.Recur(
        _cell, projection, tape.Use(_state[direction]), _candidate.Length > 0 ? tape.Use(_candidate[direction]) : null, reverse: direction == 1);
}
