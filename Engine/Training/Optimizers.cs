using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>Changes parameters along their gradients.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly TensorScope _state;

    /// <summary>An optimiser of the parameters that are not frozen.</summary>
    protected Optimizer(IBackend backend, IEnumerable<Parameter> parameters)
    {
        Backend = backend;
        Parameters = [.. parameters.Where(p => !p.Frozen)];
        _state = new TensorScope(backend);
    }

    /// <summary>Where the parameters live.</summary>
    protected IBackend Backend { get; }

    /// <summary>What is optimised.</summary>
    protected IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>One step with this learning rate; gradients are multiplied by <paramref name="gradientScale"/> first.</summary>
    public abstract void Step(double rate, double gradientScale = 1);

    /// <summary>Gives the state's memory back.</summary>
    public void Dispose()
    {
        _state.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Zeroed state of a parameter's size, one for each parameter.</summary>
    protected Slice[] State()
    {
        Slice[] state = [.. Parameters.Select(p => _state.Rent(p.Value.Shape.Length))];
        foreach (Slice slice in state) Backend.Fill(slice, 0);
        return state;
    }
}

/// <summary>Gradient descent with momentum: v = momentum v + g + decay p; p -= rate v.</summary>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum, _decay;
    private readonly Slice[] _velocity;

    /// <summary>An optimiser at rest.</summary>
    public Sgd(IBackend backend, IEnumerable<Parameter> parameters, double momentum = 0.9, double decay = 0)
        : base(backend, parameters)
    {
        (_momentum, _decay) = (momentum, decay);
        _velocity = State();
    }

    /// <inheritdoc/>
    public override void Step(double rate, double gradientScale = 1)
    {
        for (int i = 0; i < Parameters.Count; i++)
            Backend.Descend(rate, _momentum, _decay, gradientScale, Parameters[i].Value.Data, Parameters[i].Gradient.Data, _velocity[i]);
    }
}

/// <summary>Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) when decoupled; formulas at <see cref="AdamStep"/>.</summary>
public sealed class Adam : Optimizer
{
    private readonly double _beta1, _beta2, _epsilon, _decay;
    private readonly bool _decoupled;
    private readonly Slice[] _first, _second;
    private int _time;

    /// <summary>An optimiser at rest.</summary>
    public Adam(
        IBackend backend, IEnumerable<Parameter> parameters, double decay = 0, bool decoupled = false, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(backend, parameters)
    {
        (_decay, _decoupled, _beta1, _beta2, _epsilon) = (decay, decoupled, beta1, beta2, epsilon);
        _first = State();
        _second = State();
    }

    /// <inheritdoc/>
    public override void Step(double rate, double gradientScale = 1)
    {
        AdamStep step = new(rate, _beta1, _beta2, _epsilon, _decay, _decoupled, gradientScale, ++_time);
        for (int i = 0; i < Parameters.Count; i++)
            Backend.Adam(step, Parameters[i].Value.Data, Parameters[i].Gradient.Data, _first[i], _second[i]);
    }
}
