using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>The loss of a classifier over a batch of fixed size, recorded once.</summary>
internal sealed class BatchTape : IDisposable
{
    private readonly Tensor _clips, _targets;
    private readonly float[] _values, _labels;

    public BatchTape(Classifier classifier, int count, double positiveWeight, bool training)
    {
        Count = count;
        Tape = new Tape(classifier.Backend, training);
        _values = new float[count * classifier.Time * classifier.Features];
        _labels = new float[count];
        _clips = Tape.Input(new Shape(count, classifier.Time, classifier.Features), _values);
        _targets = Tape.Input(new Shape(count), _labels);
        Logits = classifier.Logits(Tape, _clips);
        Loss = Tape.BinaryCrossEntropy(Logits, _targets, positiveWeight);
    }

    public int Count { get; }

    public Tape Tape { get; }

    public Tensor Logits { get; }

    public Tensor Loss { get; }

    /// <summary>Puts clips into the batch; replay the tape afterwards.</summary>
    public void Load(ClipData data, ReadOnlySpan<int> indices)
    {
        int length = data.Time * data.Features;
        for (int i = 0; i < indices.Length; i++)
        {
            data.Clip(indices[i]).CopyTo(_values.AsSpan(i * length, length));
            _labels[i] = data.Targets[indices[i]];
        }

        _clips.CopyFrom(_values);
        _targets.CopyFrom(_labels);
    }

    public void Dispose() => Tape.Dispose();
}
