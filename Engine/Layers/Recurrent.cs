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
    private readonly int _inputs, _gates;
    private readonly Parameter[] _state;
    private readonly Parameter[] _candidate;

    /// <summary>A recurrent layer, all weights uniform within 1 / sqrt(hidden), biases zero but LSTM's forget gate, which starts open at 1 (Jozefowicz et al. 2015).</summary>
    public Recurrent(Initializer initializer, string name, RecurrentCell cell, int inputs, int hidden, bool bidirectional = false)
    {
        (Cell, _inputs, Hidden, Directions) = (cell, inputs, hidden, bidirectional ? 2 : 1);
        _gates = new Recurrence(cell, 0, 0, hidden, false).Gates;
        int columns = _gates * hidden;
        double limit = 1 / Math.Sqrt(hidden);
        Input = Add(initializer.Uniform(name + ".input", new Shape(inputs, Directions * columns), limit));
        Bias = Add(initializer.Constant(name + ".bias", new Shape(Directions * columns), 0));
        _state = [.. Enumerable.Range(0, Directions).Select(d => Add(initializer.Uniform($"{name}.state{d}", new Shape(hidden, columns), limit)))];
        _candidate = cell == RecurrentCell.Gru
            ? [.. Enumerable.Range(0, Directions).Select(d => Add(initializer.Constant($"{name}.candidate{d}", new Shape(hidden), 0)))]
            : [];
        if (cell != RecurrentCell.Lstm) return;
        for (int d = 0; d < Directions; d++)
            initializer.Backend.Fill(Bias.Value.Data.Part((d * columns) + hidden, hidden), 1);
    }

    /// <summary>Which cell.</summary>
    public RecurrentCell Cell { get; }

    /// <summary>Units of a direction.</summary>
    public int Hidden { get; }

    /// <summary>2 where it is bidirectional, else 1.</summary>
    public int Directions { get; }

    /// <summary>The input's weights, [inputs, directions * gates * hidden].</summary>
    public Parameter Input { get; }

    /// <summary>[directions * gates * hidden].</summary>
    public Parameter Bias { get; }

    /// <summary>[direction]: the recurrent weights, [hidden, gates * hidden], gates in the order of <see cref="RecurrentCell"/>.</summary>
    public IReadOnlyList<Parameter> State => _state;

    /// <summary>[direction]: the bias within a GRU's candidate, [hidden]; empty for other cells.</summary>
    public IReadOnlyList<Parameter> Candidate => _candidate;

    /// <inheritdoc/>
    public override Tensor Stem(Tape tape, Tensor input)
    {
        if (input.Shape.Rank != 3 || input.Shape[2] != _inputs) ShapeError.BadShape(nameof(Recurrent), $"the input is [batch, time, {_inputs}]", input.Shape);
        return tape.MatrixMultiply(input, tape.Use(Input), tape.Use(Bias));
    }

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem)
    {
        if (Directions == 1) return Direction(tape, stem, 0);
        int columns = _gates * Hidden;
        Tensor forward = Direction(tape, tape.Slice(stem, 2, 0, columns), 0);
        Tensor backward = Direction(tape, tape.Slice(stem, 2, columns, columns), 1);
        return tape.Concatenate(forward, backward, 2);
    }

    internal override bool StemIsKnown => true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new(input[0], Directions * Hidden);

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) =>
        (long)Directions * input[0] * _gates * Hidden * (_inputs + Hidden);

    /// <summary>Leaves the layer as it was drawn, with input weights of a given size and recurrent ones of a given spectral radius.</summary>
    internal void Freeze(RandomOptions options, Initializer initializer)
    {
        RandomWeights.Freeze(Input, options.InputScale, options.Sparsity, initializer.NextKey());
        foreach (Parameter state in _state) RandomWeights.FreezeRecurrent(state, options.SpectralRadius, options.Sparsity, initializer.NextKey());
        foreach (Parameter parameter in Parameters) parameter.Frozen = true;
    }

    private Tensor Direction(Tape tape, Tensor projection, int direction) => tape.Recurrent(
        Cell, projection, tape.Use(_state[direction]), _candidate.Length > 0 ? tape.Use(_candidate[direction]) : null, reverse: direction == 1);
}
