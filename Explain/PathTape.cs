using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>The body of a classifier at some steps of every path of a block, recorded once and replayed along the path.</summary>
internal sealed class PathTape : IDisposable
{
    private readonly Tape _tape;
    private readonly Tensor _start, _logits, _weights, _from, _direction, _towards;
    private readonly double[] _positions, _seed;
    private readonly int _pairs;

    /// <summary>A tape of <paramref name="steps"/> steps from <paramref name="start"/> along <paramref name="direction"/>, which it reads anew each time.</summary>
    public PathTape(Classifier classifier, Tensor start, Tensor direction, int steps)
    {
        (Steps, _pairs, _from, _direction) = (steps, start.Shape[0], start, direction);
        _positions = new double[steps];
        _seed = new double[steps * _pairs];
        _tape = new Tape(classifier.Backend);
        _start = _tape.Input(start.Shape, tracksGradient: true);
        _towards = _tape.Input(start.Shape);
        _weights = _tape.Input(new Shape(_seed.Length, 1));
        CopyEnds();
        _logits = classifier.Body(_tape, _tape.PathPoints(_start, _towards, _positions));
    }

    public int Steps { get; }

    /// <summary>total[p] (+)= sum over these steps of w_s dBody/dz at start[p] + a_s direction[p].</summary>
    public void Add(Quadrature quadrature, int firstStep, Tensor total, bool accumulate)
    {
        for (int s = 0; s < Steps; s++)
        {
            _positions[s] = quadrature.Nodes[firstStep + s];
            _seed.AsSpan(s * _pairs, _pairs).Fill(quadrature.Weights[firstStep + s]);
        }

        _weights.CopyFrom(_seed);
        CopyEnds();
        _tape.Replay();
        _tape.Backward(_logits, _weights);
        _tape.Backend.Map(default(Identity), _tape.GradientOf(_start).Data, total.Data, accumulate);
    }

    public void Dispose() => _tape.Dispose();

    private void CopyEnds()
    {
        _tape.Backend.Map(default(Identity), _from.Data, _start.Data, accumulate: false);
        _tape.Backend.Map(default(Identity), _direction.Data, _towards.Data, accumulate: false);
    }
}
