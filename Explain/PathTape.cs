using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>The body of a classifier at some steps of some paths, recorded once and replayed along them.</summary>
internal sealed class PathTape : IDisposable
{
    private readonly Tape _tape;
    private readonly Tensor _start, _direction, _positions, _weights, _logits;
    private readonly double[] _nodes, _seed;
    private (Quadrature Quadrature, int First)? _loaded;
    private Slice? _gradient;

    /// <summary>A tape for paths whose ends behind the stem have the shape <paramref name="ends"/>, [pairs, ...].</summary>
    public PathTape(IBackend backend, Classifier classifier, Shape ends, int steps)
    {
        (Pairs, Steps) = (ends[0], steps);
        _nodes = new double[steps];
        _seed = new double[steps * Pairs];
        _tape = new Tape(backend) { Deferred = true };
        try
        {
            _start = _tape.Input(ends, tracksGradient: true);
            _direction = _tape.Input(ends);
            _positions = _tape.Input(new Shape(steps));
            _weights = _tape.Input(new Shape(_seed.Length, 1));
            _logits = classifier.Body(_tape, _tape.PathPoints(_start, _direction, _positions));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Pairs { get; }

    public int Steps { get; }

    /// <summary>total[p] = sum over the quadrature of w_s dBody/dz at start[p] + a_s direction[p].</summary>
    public void Integrate(Quadrature quadrature, Slice start, Slice direction, Slice total)
    {
        IBackend backend = _tape.Backend;
        backend.Map(default(Identity), start, _start.Data, accumulate: false);
        backend.Map(default(Identity), direction, _direction.Data, accumulate: false);
        for (int first = 0; first < quadrature.Nodes.Count; first += Steps)
        {
            Load(quadrature, first);
            _tape.Replay();
            _tape.Backward(_logits, _weights);
            backend.Map(default(Identity), _gradient ??= _tape.GradientOf(_start).Data, total, accumulate: first > 0);
        }
    }

    // Blocks of one run have the same quadrature: paths of one chunk are loaded once.
    private void Load(Quadrature quadrature, int first)
    {
        if (_loaded is { } loaded && ReferenceEquals(loaded.Quadrature, quadrature) && loaded.First == first) return;
        for (int s = 0; s < Steps; s++)
        {
            // Steps behind the last stand where the last does, with no weight.
            int node = Math.Min(first + s, quadrature.Nodes.Count - 1);
            _nodes[s] = quadrature.Nodes[node];
            _seed.AsSpan(s * Pairs, Pairs).Fill(first + s == node ? quadrature.Weights[node] : 0);
        }

        _positions.CopyFrom(_nodes);
        _weights.CopyFrom(_seed);
        _loaded = (quadrature, first);
    }

    public void Dispose() => _tape.Dispose();
}
