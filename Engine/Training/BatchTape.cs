using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>The loss of a classifier over a batch of fixed size, recorded once.</summary>
internal sealed class BatchTape : IDisposable
{
    private readonly Tensor _clips, _targets;

    public BatchTape(Classifier classifier, int count, double positiveWeight, bool training)
    {
        Count = count;
        Tape = new Tape(classifier.Backend, training);
        _clips = Tape.Input(new Shape(count, classifier.Time, classifier.Features));
        _targets = Tape.Input(new Shape(count));
        classifier.Backend.Fill(_clips.Data, 0);
        classifier.Backend.Fill(_targets.Data, 0);
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
        Tape.Backend.WriteRows(data.Values, data.Time * data.Features, indices, _clips.Data);
        Tape.Backend.WriteRows(data.Targets, 1, indices, _targets.Data);
    }

    public void Dispose() => Tape.Dispose();
}
