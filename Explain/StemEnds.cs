using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EmotionXai.Explain;

/// <summary>
/// The ends of a block of paths behind the stem, and the way back through it. Pairs are ordered by clip, then baseline.
/// Tapes are recorded once for each block size and replayed.
/// </summary>
internal sealed class StemEnds : IDisposable
{
    private readonly Classifier _classifier;
    private readonly Baselines _baselines;
    private readonly IBackend _backend;
    private readonly int _length;
    private BaselineEnd? _shared;
    private Block? _block;

    public StemEnds(Classifier classifier, Baselines baselines)
    {
        (_classifier, _baselines, _backend) = (classifier, baselines, classifier.Backend);
        _length = classifier.Time * classifier.Features;
        using Tape probe = new(_backend);
        Width = classifier.Stem(probe, probe.Input(new Shape(1, classifier.Time, classifier.Features), new float[_length])).Shape.Length;
        if (baselines.Shared) _shared = new BaselineEnd(classifier, baselines, 0, 1);
    }

    /// <summary>Numbers behind the stem, a clip.</summary>
    public int Width { get; }

    /// <summary>Puts a block of clips and their baselines through the stem.</summary>
    public void Load(ReadOnlySpan<float> clips, int firstClip)
    {
        int count = clips.Length / _length;
        if (!_baselines.Shared)
        {
            _shared?.Dispose();
            _shared = new BaselineEnd(_classifier, _baselines, firstClip, count);
        }

        if (_block is null || _block.Clips != count)
        {
            _block?.Dispose();
            _block = new Block(_classifier, count, _baselines.Count);
        }

        _block.Load(clips, _shared!, _baselines.Shared);
        for (int clip = 0, p = 0; clip < count; clip++)
        {
            for (int k = 0; k < _baselines.Count; k++, p++)
                Subtract(clips.Slice(clip * _length, _length), _baselines.Of(firstClip + clip, k), _block.Difference.AsSpan(p * _length, _length));
        }
    }

    /// <summary>Integrates every path of the block.</summary>
    public void Integrate(Quadrature quadrature, int budget) => _block!.Integrate(quadrature, Math.Max(1, budget / Width));

    /// <summary>The largest completeness gap of the block, relative to |f(x) - f(b)|; what rounding alone explains does not count.</summary>
    public double WorstRelativeGap()
    {
        double worst = 0;
        for (int p = 0; p < _block!.Pairs; p++)
        {
            (double gap, double change, double rounding) = Completeness(p);
            if (gap > rounding) worst = Math.Max(worst, gap / Math.Abs(change));
        }

        return worst;
    }

    /// <summary>Hands the block's attributions over.</summary>
    public void Report(int firstClip, int steps, IAttributionSink sink)
    {
        Block block = _block!;
        for (int p = 0; p < block.Pairs; p++)
        {
            (double gap, _, _) = Completeness(p);
            sink.Add(new PairAttribution
            {
                Clip = firstClip + (p / _baselines.Count),
                Baseline = p % _baselines.Count,
                Values = block.Attribution.AsSpan(p * _length, _length),
                Output = block.Outputs[p / _baselines.Count],
                BaselineOutput = BaselineOutput(p),
                Gap = gap,
                Steps = steps,
            });
        }
    }

    public void Dispose()
    {
        _shared?.Dispose();
        _block?.Dispose();
    }

    // In float64, where the difference of two float32 numbers of like size is exact: its rounding would go straight into the
    // attributions and put a floor under the completeness gap.
    private static void Subtract(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<double> y)
    {
        for (int i = 0; i < y.Length; i++) y[i] = (double)a[i] - b[i];
    }

    private double BaselineOutput(int pair) => _shared!.Outputs[_baselines.Shared ? pair % _baselines.Count : pair];

    private (double Gap, double Change, double Rounding) Completeness(int pair)
    {
        Block block = _block!;
        double output = block.Outputs[pair / _baselines.Count], baseline = BaselineOutput(pair), sum = 0, size = 0;
        foreach (double value in block.Attribution.AsSpan(pair * _length, _length))
        {
            sum += value;
            size += Math.Abs(value);
        }

        // Each logit is known to a few roundings of its own size, and each attribution to a few of its own: products of k
        // terms lose about sqrt(k) units, so 16 units cover layers of up to a few hundred.
        double rounding = 16 * _backend.UnitRoundoff * (Math.Abs(output) + Math.Abs(baseline) + size);
        double change = output - baseline;
        return (Math.Abs(sum - change), change, rounding);
    }

    /// <summary>Baselines behind the stem, with their logits.</summary>
    private sealed class BaselineEnd : IDisposable
    {
        private readonly Tape _tape;

        public BaselineEnd(Classifier classifier, Baselines baselines, int firstClip, int clips)
        {
            int rows = clips * baselines.Count;
            float[] values = new float[rows * baselines.Length];
            for (int row = 0; row < rows; row++)
                baselines.Of(firstClip + (row / baselines.Count), row % baselines.Count).CopyTo(values.AsSpan(row * baselines.Length));
            _tape = new Tape(classifier.Backend);
            Tensor input = _tape.Input(new Shape(rows, classifier.Time, classifier.Features), values);
            Stem = classifier.Stem(_tape, input);
            Outputs = classifier.Body(_tape, Stem).ToDoubleArray();
        }

        public Tensor Stem { get; }

        public double[] Outputs { get; }

        public void Dispose() => _tape.Dispose();
    }

    /// <summary>Buffers and tapes for a number of clips and baselines.</summary>
    private sealed class Block : IDisposable
    {
        private readonly Classifier _classifier;
        private readonly IBackend _backend;
        private readonly int _baselines, _length;
        private readonly Tape _clipTape, _wayBack;
        private readonly Tensor _clips, _clipStem, _clipLogits, _leaf, _leafStem, _start, _direction, _total;
        private PathTape? _paths;

        public Block(Classifier classifier, int clips, int baselines)
        {
            (_classifier, _backend, Clips, _baselines) = (classifier, classifier.Backend, clips, baselines);
            _length = classifier.Time * classifier.Features;
            Pairs = clips * baselines;
            Attribution = new double[Pairs * _length];
            Outputs = new double[clips];
            Difference = new double[Pairs * _length];

            Shape clipShape = new(clips, classifier.Time, classifier.Features);
            _clipTape = new Tape(_backend);
            _clips = _clipTape.Input(clipShape, new float[clipShape.Length]);
            _clipStem = classifier.Stem(_clipTape, _clips);
            _clipLogits = classifier.Body(_clipTape, _clipStem);

            // The way back through the stem: it is affine, so its derivative is the same everywhere, and these leaves'
            // contents never matter. The tape is recorded once and only ever walked back.
            Shape pairShape = clipShape.With(0, Pairs);
            _wayBack = new Tape(_backend);
            _leaf = _wayBack.Input(pairShape, tracksGradient: true);
            _backend.Fill(_leaf.Data, 0);
            _leafStem = classifier.Stem(_wayBack, _leaf);
            _start = _wayBack.Input(_leafStem.Shape);
            _direction = _wayBack.Input(_leafStem.Shape);
            _total = _wayBack.Input(_leafStem.Shape);
        }

        public int Clips { get; }

        public int Pairs { get; }

        /// <summary>[clip]: logits.</summary>
        public double[] Outputs { get; }

        /// <summary>[pair, time, feature]: x - b.</summary>
        public double[] Difference { get; }

        /// <summary>[pair, time, feature].</summary>
        public double[] Attribution { get; }

        public void Load(ReadOnlySpan<float> clips, BaselineEnd baselines, bool shared)
        {
            _clips.CopyFrom(clips);
            _clipTape.Replay();
            _clipLogits.CopyTo(Outputs);
            int width = _clipStem.Shape.Length / Clips, row = _baselines * width;

            // start = z(b), repeated over the clips where they share their baselines; direction = z(x) - z(b).
            _backend.Map(default(Identity), baselines.Stem.Data, _start.Data, accumulate: false);
            for (int clip = 0; clip < Clips; clip++)
            {
                Slice z = baselines.Stem.Data.Part(shared ? 0 : clip * row, row);
                _backend.Map(default(Difference), _clipStem.Data.Part(clip * width, width), z, _direction.Data.Part(clip * row, row), accumulate: false);
            }
        }

        public void Integrate(Quadrature quadrature, int mostRows)
        {
            int steps = quadrature.Nodes.Count;
            int stepsAtOnce = LargestDivisor(steps, Math.Max(1, mostRows / Pairs));
            if (_paths is null || _paths.Steps != stepsAtOnce)
            {
                _paths?.Dispose();
                _paths = new PathTape(_classifier, _start, _direction, stepsAtOnce);
            }

            for (int at = 0; at < steps; at += stepsAtOnce)
                _paths.Add(quadrature, at, _total, accumulate: at > 0);

            _wayBack.Backward(_leafStem, _total);
            _wayBack.GradientOf(_leaf).CopyTo(Attribution);
            TensorPrimitives.Multiply(Attribution, Difference, Attribution);
        }

        public void Dispose()
        {
            _paths?.Dispose();
            _clipTape.Dispose();
            _wayBack.Dispose();
        }

        private static int LargestDivisor(int of, int most)
        {
            int divisor = Math.Min(of, most);
            while (of % divisor != 0) divisor--;
            return divisor;
        }
    }
}
