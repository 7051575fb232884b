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

    public BestParameters(IBackend backend, IEnumerable<Parameter> parameters)
    {
        (_backend, _parameters, _scope) = (backend, [.. parameters.Where(p => !p.Frozen)], new TensorScope(backend));
        try
        {
            _copies = [.. _parameters.Select(p => _scope.Rent(p.Value.Shape.Length))];
        }
        catch
        {
            _scope.Dispose();
            throw;
        }

        Keep(0);
    }

    /// <summary>The epoch that the copy is of; 0 before the first.</summary>
    public int Epoch { get; set; }

    /// <summary>Epochs that have passed without improvement.</summary>
    public int Since { get; set; }

    /// <summary>The least loss so far.</summary>
    public double Loss { get; set; } = double.PositiveInfinity;

    /// <summary>The copies.</summary>
    public IReadOnlyList<Slice> Copies => _copies;

    /// <summary>Takes note of an epoch; returns how many epochs have passed without improvement.</summary>
    public int Offer(double loss, int epoch)
    {
        if (!(loss < Loss)) return ++Since;
        (Loss, Since) = (loss, 0);
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
