using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>Baselines behind the stem, with their logits: where paths start.</summary>
internal sealed class BaselineEnd : IDisposable
{
    private readonly Tape _tape;

    public BaselineEnd(IBackend backend, Classifier classifier, Baselines baselines, int firstClip, int clips)
    {
        int rows = clips * baselines.Count;
        using Rented<float> values = new(rows * baselines.Length);
        for (int row = 0; row < rows; row++)
            baselines.Of(firstClip + (row / baselines.Count), row % baselines.Count).CopyTo(values.Span[(row * baselines.Length)..]);
        _tape = new Tape(backend);
        try
        {
            Stem = classifier.Stem(_tape, _tape.Input(new Shape(rows, classifier.Time, classifier.Features), values.Span));
            Outputs = classifier.Body(_tape, Stem).ToDoubleArray();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>[clip * baseline, ...]; one clip's where all clips have the same.</summary>
    public Tensor Stem { get; }

    /// <summary>[clip * baseline]: logits.</summary>
    public double[] Outputs { get; }

    public void Dispose() => _tape.Dispose();
}
