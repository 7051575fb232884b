using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>
/// Networks of one shape whose outputs are averaged. Their stems stand side by side along the last axis, and so are affine together
/// where each of them is: a path integral of the mean runs every stem once, as those of the networks would.
/// </summary>
internal sealed class Ensemble : Layer
{
    private readonly Layer[][] _networks;

    /// <summary>An ensemble, which owns the layers from here on. Parameters keep their names and gain the number of their network.</summary>
    /// <param name="networks">The layers of every network, alike but for their weights.</param>
    public Ensemble(IReadOnlyList<IReadOnlyList<Layer>> networks)
    {
        _networks = [.. networks.Select(n => n.ToArray())];
        for (int n = 0; n < _networks.Length; n++)
        {
            foreach (Layer layer in _networks[n])
            {
                foreach (Parameter parameter in layer.Parameters)
                {
                    parameter.Name = NameOf(parameter.Name, n);
                    Add(parameter);
                }

                foreach (RandomCursor cursor in layer.Cursors) Add(cursor);
            }
        }
    }

    /// <summary>The layers of every network.</summary>
    public IReadOnlyList<IReadOnlyList<Layer>> All => _networks;

    internal override bool StemIsKnown => _networks.All(n => n[0].StemIsKnown);

    /// <summary>What a parameter of a network is called in an ensemble.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="network">The number of the network, from 0.</param>
    public static string NameOf(string name, int network) => $"{name}.network{network + 1}";

    /// <inheritdoc/>
    public override Tensor Stem(Tape tape, Tensor input) => _networks.Select(n => n[0].Stem(tape, input)).Aggregate((a, b) => tape.Concatenate(a, b, a.Shape.Rank - 1));

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem)
    {
        int axis = stem.Shape.Rank - 1, width = stem.Shape[axis] / _networks.Length;
        Tensor sum = _networks.Select((network, n) => network.Skip(1).Aggregate(network[0].Body(tape, tape.Slice(stem, axis, n * width, width)), (x, layer) => layer.Apply(tape, x))).Aggregate(tape.Add);
        return tape.Scale(sum, 1.0 / _networks.Length);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _networks[0].Aggregate(input, (shape, layer) => layer.OutputShape(shape));

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) => _networks.Sum(network =>
    {
        long sum = 0;
        Shape shape = input;
        foreach (Layer layer in network)
        {
            sum += layer.MultiplyAdds(shape);
            shape = layer.OutputShape(shape);
        }

        return sum;
    });
}
