using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>The paths of a block behind the stem in one call, where the backend integrates bodies such as the classifier's by itself.</summary>
internal sealed class PathCall : IDisposable
{
    private readonly IBackend _backend;
    private readonly PathBody _body;
    private readonly int _pairs, _time;
    private TensorScope? _scope;
    private Quadrature? _loaded;
    private Slice _positions, _weights;

    private PathCall(IBackend backend, PathBody body, int pairs, int time) => (_backend, _body, _pairs, _time) = (backend, body, pairs, time);

    /// <summary>A call for a number of pairs; null where their paths go over a tape.</summary>
    public static PathCall? For(IBackend backend, Classifier classifier, int pairs) =>
        classifier.PathBody is { } body && body.IsTakenBy(backend, pairs, classifier.Time) ? new PathCall(backend, body, pairs, classifier.Time) : null;

    /// <summary>total[p] = sum over the quadrature of w_s dBody/dz at start[p] + a_s direction[p].</summary>
    public void Integrate(Quadrature quadrature, Slice start, Slice direction, Slice total)
    {
        Load(quadrature);
        _body.Integrate(_backend, _pairs, quadrature.Nodes.Count, _time, start, direction, _positions, _weights, total);
    }

    // Blocks of one run have the same quadrature.
    private void Load(Quadrature quadrature)
    {
        if (ReferenceEquals(_loaded, quadrature)) return;
        _scope?.Dispose();
        _scope = new TensorScope(_backend);
        Shape shape = new(quadrature.Nodes.Count);
        _positions = _scope.From(shape, quadrature.Nodes.ToArray()).Data;
        _weights = _scope.From(shape, quadrature.Weights.ToArray()).Data;
        _loaded = quadrature;
    }

    public void Dispose() => _scope?.Dispose();
}
