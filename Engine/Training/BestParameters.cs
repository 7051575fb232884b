using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>Keeps a copy of parameters: those of the epoch with the least validation loss, or of the last epoch where none is known.</summary>
internal sealed class BestParameters : IDisposable
{
    private readonly IBackend _backend;
    private readonly Parameter[] _parameters;
    private readonly TensorScope _scope;
    private readonly Slice[] _copies;
    private double _loss = double.PositiveInfinity;
    private int _since;

    public BestParameters(IBackend backend, IEnumerable<Parameter> parameters)
    {
        (_backend, _parameters, _scope) = (backend, [.. parameters.Where(p => !p.Frozen)], new TensorScope(backend));
        _copies = [.. _parameters.Select(p => _scope.Rent(p.Value.Shape.Length))];
        Keep(0);
    }

    /// <summary>The epoch that the copy is of; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Takes note of an epoch; returns how many epochs have passed without improvement.</summary>
    public int Offer(double loss, int epoch)
    {
        if (!(loss < _loss)) return ++_since;
        (_loss, _since) = (loss, 0);
        Keep(epoch);
        return 0;
    }

    /// <summary>Copies the parameters as they are.</summary>
    public void Keep(int epoch)
    {
        Epoch = epoch;
        for (int i = 0; i < _copies.Length; i++) _backend.Map(default(Identity), _parameters[i].Value.Data, _copies[i], accumulate: false);
    }

    /// <summary>Puts the copy back.</summary>
    public void Restore()
    {
        for (int i = 0; i < _copies.Length; i++) _backend.Map(default(Identity), _copies[i], _parameters[i].Value.Data, accumulate: false);
    }

    public void Dispose() => _scope.Dispose();
}
