using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;

namespace EmotionXai.Explain;

/// <summary>What methods that work pair by pair on the host share: the logits of the ends, random numbers, and the hand-over.</summary>
internal sealed class PairBlock
{
    private readonly Baselines _baselines;
    private readonly double[] _outputs, _baselineOutputs;

    public PairBlock(Classifier classifier, ReadOnlySpan<float> clips, Baselines baselines)
    {
        Length = classifier.Time * classifier.Features;
        Clips = baselines.CountOf(clips, Length);
        _baselines = baselines;
        _outputs = Predictor.Logits(classifier, clips);
        int rows = (baselines.Shared ? 1 : Clips) * baselines.Count;
        float[] ends = new float[rows * Length];
        for (int row = 0; row < rows; row++) baselines.Of(row / baselines.Count, row % baselines.Count).CopyTo(ends.AsSpan(row * Length));
        _baselineOutputs = Predictor.Logits(classifier, ends);
    }

    /// <summary>Numbers a clip.</summary>
    public int Length { get; }

    public int Clips { get; }

    public int Pairs => Clips * _baselines.Count;

    public int ClipOf(int pair) => pair / _baselines.Count;

    public double Output(int pair) => _outputs[ClipOf(pair)];

    public double BaselineOutput(int pair) => _baselineOutputs[_baselines.Shared ? pair % _baselines.Count : pair];

    public ReadOnlySpan<float> Baseline(int pair) => _baselines.Of(ClipOf(pair), pair % _baselines.Count);

    /// <summary>Hands a pair over.</summary>
    public void Report(int pair, ReadOnlySpan<double> values, int steps, IAttributionSink sink)
    {
        double sum = 0;
        foreach (double value in values) sum += value;
        sink.Add(new PairAttribution
        {
            Clip = ClipOf(pair),
            Baseline = pair % _baselines.Count,
            Values = values,
            Output = Output(pair),
            BaselineOutput = BaselineOutput(pair),
            Gap = Math.Abs(sum - (Output(pair) - BaselineOutput(pair))),
            Steps = steps,
        });
    }

    /// <summary>Standard normal numbers of a stream.</summary>
    public static float[] Normal(IBackend backend, RandomKey key, int length)
    {
        using TensorScope scope = new(backend);
        Slice numbers = scope.Rent(length);
        backend.Random(Distribution.Normal, key, 0, numbers);
        float[] values = new float[length];
        backend.Read(numbers, values);
        return values;
    }
}
