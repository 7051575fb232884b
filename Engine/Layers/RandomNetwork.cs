using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>
/// A whole network with random, frozen hidden layers: only the read-out is fitted, in closed form
/// (<see cref="Training.ReadoutTrainer"/>). The read-out sees the units of every hidden layer (pooled over time, where they
/// are recurrent) and, through direct links, the features themselves. Direct links belong to the stem: they are affine, and
/// the stem carries their sum as one more column.
/// </summary>
public sealed class RandomNetwork : Layer
{
    private readonly Layer[] _hidden;
    private readonly Pooling? _pooling;
    private readonly Parameter? _direct;
    private readonly Parameter _readout, _bias;
    private readonly int _time, _features;

    /// <summary>A network of dense layers (over all steps at once), or of recurrent ones where a cell is given.</summary>
    /// <param name="initializer">Draws the weights.</param>
    /// <param name="time">Steps of a clip.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="hidden">Units of every hidden layer.</param>
    /// <param name="cell">The recurrent cell; null for dense layers.</param>
    /// <param name="activation">What dense layers do.</param>
    /// <param name="pooling">How recurrent states become one vector.</param>
    /// <param name="options">How the weights are drawn.</param>
    public RandomNetwork(
        Initializer initializer, int time, int features, IReadOnlyList<int> hidden, Backends.RecurrentCell? cell, Activation activation, Pooling pooling, RandomOptions options)
    {
        (_time, _features, _pooling) = (time, features, cell is null ? null : pooling);
        _hidden = new Layer[hidden.Count];
        int width = cell is null ? time * features : features;
        for (int i = 0; i < hidden.Count; i++)
        {
            // Inputs of the first layer are features of variance 1; tanh and its like keep the next ones near it.
            if (cell is { } kind)
            {
                Recurrent layer = new(initializer, $"hidden{i + 1}", kind, width, hidden[i]);
                layer.Freeze(options, initializer);
                _hidden[i] = layer;
            }
            else
            {
                Dense layer = new(initializer, $"hidden{i + 1}", width, hidden[i], activation);
                layer.Freeze(options, initializer);
                _hidden[i] = layer;
            }

            foreach (Parameter parameter in _hidden[i].Parameters) Add(parameter);
            width = hidden[i];
        }

        Units = hidden.Sum();
        DirectLinks = options.Direct > 0 ? (cell is null ? time * features : features) : 0;
        DirectScale = options.Direct;
        if (DirectLinks > 0) _direct = Add(initializer.Uniform("direct.weight", new Shape(DirectLinks, 1), 1 / Math.Sqrt(DirectLinks)));
        _readout = Add(initializer.Uniform("readout.weight", new Shape(Units, 1), 1 / Math.Sqrt(Units)));
        _bias = Add(initializer.Constant("readout.bias", new Shape(1), 0));
    }

    /// <summary>The hidden layers: dense ones, or recurrent ones.</summary>
    public IReadOnlyList<Layer> HiddenLayers => _hidden;

    /// <summary>How recurrent states become one vector; null where hidden layers are dense.</summary>
    public Pooling? Pooling => _pooling;

    /// <summary>The read-out of the direct links, [<see cref="DirectLinks"/>, 1]; null without any.</summary>
    public Parameter? Direct => _direct;

    /// <summary>The read-out of the hidden units, [<see cref="Units"/>, 1].</summary>
    public Parameter Readout => _readout;

    /// <summary>Its intercept, [1].</summary>
    public Parameter Bias => _bias;

    /// <summary>Hidden units that the read-out sees.</summary>
    public int Units { get; }

    /// <summary>Features that the read-out sees: all of a clip, or, beside recurrent layers, their means over time; 0 without direct links.</summary>
    public int DirectLinks { get; }

    /// <summary>Whether direct links see every number of a clip, and not means over time.</summary>
    public bool SeesAll => _pooling is null;

    /// <summary>How much direct links count beside hidden units.</summary>
    public double DirectScale { get; }

    /// <inheritdoc/>
    public override Tensor Stem(Tape tape, Tensor input)
    {
        Tensor hidden = _hidden[0].Stem(tape, input);
        if (_direct is null) return hidden;
        Tensor seen = _pooling is null ? tape.Reshape(input, new Shape(input.Shape[0], _time * _features)) : input;
        return tape.Concatenate(hidden, tape.MatrixMultiply(seen, tape.Use(_direct)), hidden.Shape.Rank - 1);
    }

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem)
    {
        (Tensor hidden, Tensor? direct) = Part(tape, stem);
        Tensor logits = tape.MatrixMultiply(UnitsOf(tape, hidden), tape.Use(_readout), tape.Use(_bias));
        if (direct is null) return logits;

        // Recurrent layers' direct links lie beside every step; the mean over time of their sums is the sum of the means.
        return tape.Add(logits, _pooling is null ? direct : tape.Mean(direct, 1));
    }

    /// <summary>What the hidden units make of clips, [batch, <see cref="Units"/>].</summary>
    public Tensor Hidden(Tape tape, Tensor clips) => UnitsOf(tape, _hidden[0].Stem(tape, clips));

    /// <summary>What direct links see of clips, each [<see cref="DirectLinks"/>].</summary>
    /// <param name="clips">The clips.</param>
    public ClipRows Seen(ClipRows clips)
    {
        if (_pooling is null) return clips;
        float[] means = new float[clips.Count * _features], room = new float[clips.Length];
        for (int clip = 0; clip < clips.Count; clip++)
        {
            ReadOnlySpan<float> own = clips.Of(clip, room);
            for (int f = 0; f < _features; f++)
            {
                double sum = 0;
                for (int t = 0; t < _time; t++) sum += own[(t * _features) + f];
                means[(clip * _features) + f] = (float)(sum / _time);
            }
        }

        return ClipRows.From(means, _features);
    }

    /// <summary>Sets the read-out.</summary>
    /// <param name="units">[<see cref="Units"/>].</param>
    /// <param name="direct">[<see cref="DirectLinks"/>].</param>
    /// <param name="bias">The intercept.</param>
    public void SetReadout(ReadOnlySpan<double> units, ReadOnlySpan<double> direct, double bias)
    {
        _readout.Value.CopyFrom(units);
        _direct?.Value.CopyFrom(direct);
        _bias.Value.CopyFrom([bias]);
    }

    internal override bool StemIsKnown => true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new(1);

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input)
    {
        long sum = Units + (long)(_pooling is null ? DirectLinks : _time * DirectLinks);
        Shape shape = input;
        foreach (Layer layer in _hidden)
        {
            sum += layer.MultiplyAdds(shape);
            shape = layer.OutputShape(shape);
        }

        return sum;
    }

    private (Tensor Hidden, Tensor? Direct) Part(Tape tape, Tensor stem)
    {
        if (_direct is null) return (stem, null);
        int axis = stem.Shape.Rank - 1, columns = stem.Shape[-1] - 1;
        return (tape.Slice(stem, axis, 0, columns), tape.Slice(stem, axis, columns, 1));
    }

    private Tensor UnitsOf(Tape tape, Tensor stem)
    {
        Tensor states = _hidden[0].Body(tape, stem), all = Pooled(tape, states);
        foreach (Layer layer in _hidden.Skip(1))
        {
            states = layer.Apply(tape, states);
            all = tape.Concatenate(all, Pooled(tape, states), 1);
        }

        return all;
    }

    private Tensor Pooled(Tape tape, Tensor states) => _pooling switch
    {
        null => states,
        { } pooling => PoolOverTime.Pool(tape, states, pooling),
    };
}
