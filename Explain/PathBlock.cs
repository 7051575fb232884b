using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>
/// A number of clips with all their paths, on one lane of a backend: the ends through the stem, the paths behind it, the way
/// back through it. Pairs are ordered by clip, then baseline. Everything is recorded once and replayed.
/// </summary>
internal sealed class PathBlock : IDisposable
{
    /// <summary>A tile of the matrix product; fewer rows cost as much.</summary>
    public const int LeastRows = 8;

    private readonly IBackend _backend;
    private readonly Classifier _classifier;
    private readonly ClipRows _all;
    private readonly Baselines _baselines;
    private readonly int _length, _width, _most;
    private readonly Rented<float>? _read;
    private readonly Rented<double> _attribution;
    private readonly double[] _outputs;
    private readonly (double Sum, double Size)[] _sums;
    private readonly Tape _clipTape, _wayBack;
    private readonly Tensor _clips, _clipStem, _clipLogits, _leaf, _leafStem, _start, _direction, _total;
    private readonly BaselineEnd? _shared;
    private BaselineEnd? _own;
    private readonly PathCall? _call;
    private PathTape? _chunk, _rest;
    private Slice? _leafGradient;

    /// <summary>Buffers and tapes for a number of clips.</summary>
    /// <param name="backend">The lane it works on.</param>
    /// <param name="classifier">What is explained.</param>
    /// <param name="all">All clips.</param>
    /// <param name="baselines">What the clips are compared with.</param>
    /// <param name="shared">The baselines behind the stem, where every clip has the same.</param>
    /// <param name="clips">How many.</param>
    /// <param name="chunk">Numbers behind the stem that a chunk of a path takes.</param>
    public PathBlock(IBackend backend, Classifier classifier, ClipRows all, Baselines baselines, BaselineEnd? shared, int clips, int chunk)
    {
        (_backend, _classifier, _all, _baselines, _shared, Clips, _most) = (backend, classifier, all, baselines, shared, clips, chunk);
        _length = classifier.Time * classifier.Features;
        _read = all.InMemory ? null : new Rented<float>(clips * _length);
        _outputs = new double[clips];
        _sums = new (double, double)[Pairs];

        Shape clipShape = new(clips, classifier.Time, classifier.Features);
        _clipTape = new Tape(backend) { Deferred = true };
        _wayBack = new Tape(backend) { Deferred = true };
        _attribution = new Rented<double>(checked(Pairs * _length));
        try
        {
            _clips = _clipTape.Input(clipShape);
            _clipStem = classifier.Stem(_clipTape, _clips);
            _clipLogits = classifier.Body(_clipTape, _clipStem);
            _width = _clipStem.Shape.Length / clips;

            // The way back through the stem: it is affine, so its derivative is the same everywhere, and what the leaf holds
            // never matters. The tape is never run, only walked back.
            _leaf = _wayBack.Input(clipShape.With(0, Pairs), tracksGradient: true);
            _leafStem = classifier.Stem(_wayBack, _leaf);
            _start = _wayBack.Input(_leafStem.Shape);
            _direction = _wayBack.Input(_leafStem.Shape);
            _total = _wayBack.Input(_leafStem.Shape);
            _call = PathCall.For(backend, classifier, Pairs);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Clips { get; }

    /// <summary>The number of the first clip: which ones to work on.</summary>
    public int FirstClip { get; set; }

    private int Pairs => Clips * _baselines.Count;

    /// <summary>[clip, time, feature]: where they stand, or as they were read.</summary>
    private ReadOnlySpan<float> Values => _read is null ? _all.Range(FirstClip, Clips, []) : _read.Span;

    private BaselineEnd Ends => _shared ?? _own!;

    /// <summary>Puts the clips and their baselines through the stem.</summary>
    public void LoadEnds()
    {
        if (_shared is null)
        {
            _own?.Dispose();
            _own = null;
            _own = new BaselineEnd(_backend, _classifier, _baselines, FirstClip, Clips);
        }

        if (_read is not null) _all.CopyTo(FirstClip, _read.Span);
        _clips.CopyFrom(Values);
        _clipTape.Replay();
        _clipLogits.CopyTo(_outputs);

        // start = z(b), repeated over the clips where they share their baselines; direction = z(x) - z(b).
        _backend.Map(default(Identity), Ends.Stem.Data, _start.Data, accumulate: false);
        _backend.Copy(new BlockCopy(Clips, _baselines.Count, _width, _width, 0, _baselines.Count * _width, _width), _clipStem.Data, _direction.Data, accumulate: false);
        _backend.Map(default(Difference), _direction.Data, _start.Data, _direction.Data, accumulate: false);
    }

    /// <summary>Integrates every path.</summary>
    public void Integrate(Quadrature quadrature)
    {
        if (_call is null) IntegrateInChunks(quadrature);
        else _call.Integrate(quadrature, _start.Data, _direction.Data, _total.Data);
        GoBackToClips();
    }

    private void IntegrateInChunks(Quadrature quadrature)
    {
        int steps = quadrature.Nodes.Count, rows = Math.Max(LeastRows, _most / _width / LeastRows * LeastRows);
        int pairs = Math.Min(Pairs, rows), most = Math.Min(steps, rows / pairs);

        // As few chunks as there have to be, of like length.
        int chunks = (steps + most - 1) / most, atOnce = (steps + chunks - 1) / chunks;
        for (int p = 0; p < Pairs; p += pairs)
        {
            int count = Math.Min(pairs, Pairs - p);
            PathTape tape = count == pairs ? Tape(ref _chunk, count, atOnce) : Tape(ref _rest, count, atOnce);
            tape.Integrate(quadrature, Part(_start), Part(_direction), Part(_total));

            Slice Part(Tensor all) => all.Data.Part(p * _width, count * _width);
        }
    }

    private void GoBackToClips()
    {
        _wayBack.Backward(_leafStem, _total);
        _backend.Read(_leafGradient ??= _wayBack.GradientOf(_leaf).Data, _attribution.Span);
        ReadOnlySpan<float> values = Values;
        for (int p = 0; p < Pairs; p++)
        {
            _sums[p] = PathWeights.Apply(
                values.Slice(p / _baselines.Count * _length, _length),
                _baselines.Of(FirstClip + (p / _baselines.Count), p % _baselines.Count),
                _attribution.Span.Slice(p * _length, _length));
        }
    }

    /// <summary>The largest completeness gap, relative to |f(x) - f(b)|; what rounding alone explains does not count.</summary>
    public double WorstRelativeGap()
    {
        double worst = 0;
        for (int p = 0; p < Pairs; p++)
        {
            double output = _outputs[p / _baselines.Count], baseline = BaselineOutput(p), change = output - baseline, gap = Math.Abs(_sums[p].Sum - change);

            // Each logit is known to a few roundings of its own size, and each attribution to a few of its own: products of k
            // terms lose about sqrt(k) units, so 16 units cover layers of up to a few hundred.
            double rounding = 16 * _backend.UnitRoundoff * (Math.Abs(output) + Math.Abs(baseline) + _sums[p].Size);
            if (gap > rounding) worst = Math.Max(worst, gap / Math.Abs(change));
        }

        return worst;
    }

    /// <summary>Hands the attributions over.</summary>
    public void Report(int steps, IAttributionSink sink)
    {
        for (int p = 0; p < Pairs; p++)
        {
            double output = _outputs[p / _baselines.Count], baseline = BaselineOutput(p);
            sink.Add(new PairAttribution
            {
                Clip = FirstClip + (p / _baselines.Count),
                Baseline = p % _baselines.Count,
                Values = _attribution.Span.Slice(p * _length, _length),
                Output = output,
                BaselineOutput = baseline,
                Gap = Math.Abs(_sums[p].Sum - (output - baseline)),
                Steps = steps,
            });
        }
    }

    public void Dispose()
    {
        _own?.Dispose();
        _call?.Dispose();
        _chunk?.Dispose();
        _rest?.Dispose();
        _clipTape.Dispose();
        _wayBack.Dispose();
        _read?.Dispose();
        _attribution.Dispose();
    }

    private double BaselineOutput(int pair) => Ends.Outputs[_shared is null ? pair : pair % _baselines.Count];

    private PathTape Tape(ref PathTape? kept, int pairs, int steps)
    {
        if (kept?.Steps == steps) return kept;
        kept?.Dispose();
        kept = null;
        return kept = new PathTape(_backend, _classifier, _start.Shape.With(0, pairs), steps);
    }
}
