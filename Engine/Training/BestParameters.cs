using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>Keeps a copy of the parameters at their best validation loss.</summary>
internal sealed class BestParameters : IDisposable
{
    private readonly Classifier _classifier;
    private readonly TensorScope _scope;
    private readonly Slice[] _copies;
    private double _loss = double.PositiveInfinity;
    private int _since;

    public BestParameters(Classifier classifier)
    {
        _classifier = classifier;
        _scope = new TensorScope(classifier.Backend);
        _copies = [.. classifier.Parameters.Select(p => _scope.Rent(p.Value.Shape.Length))];
    }

    public int Epoch { get; private set; }

    /// <summary>Takes note of an epoch; returns how many epochs have passed without improvement.</summary>
    public int Offer(double loss, int epoch)
    {
        if (!(loss < _loss)) return ++_since;
        (_loss, Epoch, _since) = (loss, epoch, 0);
        Move(save: true);
        return 0;
    }

    public void Restore()
    {
        if (Epoch > 0) Move(save: false);
    }

    public void Dispose() => _scope.Dispose();

    private void Move(bool save)
    {
        for (int i = 0; i < _copies.Length; i++)
        {
            Slice live = _classifier.Parameters[i].Value.Data;
            (Slice from, Slice to) = save ? (live, _copies[i]) : (_copies[i], live);
            _classifier.Backend.Map(default(Identity), from, to, accumulate: false);
        }
    }
}
