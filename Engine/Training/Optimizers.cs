using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>Parameters that an optimiser treats alike.</summary>
/// <param name="Parameters">Its parameters; frozen ones are left out.</param>
public sealed record ParameterGroup(IReadOnlyList<Parameter> Parameters)
{
    /// <summary>Their weight decay; null takes the optimiser's.</summary>
    public double? Decay { get; init; }

    /// <summary>A factor on the learning rate of every step.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>
    /// Weight matrices, which decay, and vectors (biases, gains of a normalisation), which do not: to pull a bias or a gain
    /// towards zero limits what a network can express, not how wildly.
    /// </summary>
    public static IReadOnlyList<ParameterGroup> WeightsAndVectors(IEnumerable<Parameter> parameters)
    {
        ILookup<bool, Parameter> byRank = parameters.ToLookup(p => p.Value.Shape.Rank > 1);
        return [new([.. byRank[true]]), new([.. byRank[false]]) { Decay = 0 }];
    }
}

/// <summary>
/// Changes parameters along their gradients. A step uses gradients up: a parameter that no walk back has reached since the
/// last step (<see cref="Parameter.HasGradient"/>) stays as it is, its state too.
/// </summary>
public abstract class Optimizer : IDisposable, IStepsAlong
{
    private readonly TensorScope _state;
    private readonly Item[] _items;
    private readonly List<Slice> _states = [];
    private readonly Dictionary<Parameter, int> _places;
    private double _rate;

    /// <summary>An optimiser of the parameters that are not frozen.</summary>
    /// <param name="backend">Where the parameters live.</param>
    /// <param name="groups">What is optimised; no parameter twice.</param>
    /// <param name="decay">The weight decay of groups without one of their own.</param>
    /// <exception cref="ArgumentException">A parameter comes twice.</exception>
    protected Optimizer(IBackend backend, IReadOnlyList<ParameterGroup> groups, double decay)
    {
        Backend = backend;
        _items = [.. groups.SelectMany(g => g.Parameters.Where(p => !p.Frozen).Select(p => new Item(p, g.Decay ?? decay, g.RateFactor)))];
        if (_items.GroupBy(i => i.Parameter).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Parameter '{twice.Key.Name}' is in the optimiser's groups twice; give it once.", nameof(groups));
        Parameters = [.. _items.Select(i => i.Parameter)];
        _places = Parameters.Select((p, i) => (p, i)).ToDictionary();
        _state = new TensorScope(backend);
        Steps = new int[_items.Length];
    }

    /// <summary>Where the parameters live.</summary>
    protected IBackend Backend { get; }

    /// <summary>What is optimised.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>[parameter]: the steps it has taken.</summary>
    internal int[] Steps { get; }

    /// <summary>All that the optimiser holds beside them, in a fixed order.</summary>
    internal IReadOnlyList<Slice> States => _states;

    /// <summary>One step with this learning rate; gradients are multiplied by <paramref name="gradientScale"/> first.</summary>
    public void Step(double rate, double gradientScale = 1)
    {
        for (int i = 0; i < _items.Length; i++)
        {
            Item item = _items[i];
            if (!item.Parameter.HasGradient) continue;
            Steps[i]++;
            Step(i, item.Parameter, rate * item.RateFactor, item.Decay, gradientScale);
            item.Parameter.HasGradient = false;
        }
    }

    /// <summary>Says the learning rate of the step that follows: a walk back may take parts of it (<see cref="Tape.Stepper"/>), and <see cref="Step(double, double)"/> takes the rest.</summary>
    internal void Announce(double rate) => _rate = rate;

    bool IStepsAlong.StepAlong(Parameter parameter, in MatrixProduct product, Slice a, Slice b)
    {
        if (!_places.TryGetValue(parameter, out int index) || !StepsAlong(product)) return false;
        Item item = _items[index];
        Steps[index]++;
        StepAlong(index, parameter, _rate * item.RateFactor, item.Decay, product, a, b);
        return true;
    }

    /// <summary>Whether it can step along such a gradient.</summary>
    private protected virtual bool StepsAlong(in MatrixProduct product) => false;

    /// <summary>A step of one parameter along a product.</summary>
    private protected virtual void StepAlong(int index, Parameter parameter, double rate, double decay, in MatrixProduct product, Slice a, Slice b) => throw new NotSupportedException();

    /// <summary>The same with the factor where the backend keeps it; nothing changes where it is not finite.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="factor">[1]: what gradients are multiplied with.</param>
    internal void Step(double rate, Slice factor)
    {
        int count = 0;
        for (int i = 0; i < _items.Length; i++)
        {
            Item item = _items[i];
            if (!item.Parameter.HasGradient) continue;
            Steps[i]++;
            Collect(count++, i, item.Parameter, rate * item.RateFactor, item.Decay);
            item.Parameter.HasGradient = false;
        }

        StepTogether(count, factor);
    }

    /// <summary>Puts a parameter's step at place <paramref name="at"/> of those that are taken together.</summary>
    private protected virtual void Collect(int at, int index, Parameter parameter, double rate, double decay) => throw new NotSupportedException();

    /// <summary>Takes the steps collected.</summary>
    private protected virtual void StepTogether(int count, Slice factor) => throw new NotSupportedException();

    /// <summary>A step of one parameter.</summary>
    /// <param name="index">Its number among <see cref="Parameters"/>.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="decay">Its weight decay.</param>
    /// <param name="gradientScale">A factor on its gradient.</param>
    protected abstract void Step(int index, Parameter parameter, double rate, double decay, double gradientScale);

    /// <summary>The steps that a parameter has taken, this one included.</summary>
    protected int StepsOf(int index) => Steps[index];

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
        _states.AddRange(state);
        return state;
    }

    private readonly record struct Item(Parameter Parameter, double Decay, double RateFactor);
}

/// <summary>Gradient descent with momentum: v = momentum v + g + decay p; p -= rate v.</summary>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum;
    private readonly Slice[] _velocity;
    private readonly SgdPart[] _parts;

    /// <summary>An optimiser at rest, the same decay for all parameters.</summary>
    public Sgd(IBackend backend, IEnumerable<Parameter> parameters, double momentum = 0.9, double decay = 0)
        : this(backend, [new ParameterGroup([.. parameters])], momentum, decay)
    {
    }

    /// <summary>An optimiser at rest, with groups of parameters.</summary>
    public Sgd(IBackend backend, IReadOnlyList<ParameterGroup> groups, double momentum = 0.9, double decay = 0)
        : base(backend, groups, decay)
    {
        _momentum = momentum;
        _velocity = State();
        _parts = new SgdPart[_velocity.Length];
    }

    /// <inheritdoc/>
    protected override void Step(int index, Parameter parameter, double rate, double decay, double gradientScale) =>
        Backend.SgdMomentum(rate, _momentum, decay, gradientScale, parameter.Value.Data, parameter.Gradient.Data, _velocity[index]);

    private protected override void Collect(int at, int index, Parameter parameter, double rate, double decay) =>
        _parts[at] = new SgdPart(rate, _momentum, decay, parameter.Value.Data, parameter.Gradient.Data, _velocity[index]);

    private protected override void StepTogether(int count, Slice factor) => Backend.SgdMomentum(_parts.AsSpan(0, count), factor);
}

/// <summary>Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) when decoupled; formulas at <see cref="AdamStep"/>.</summary>
public sealed class Adam : Optimizer
{
    private readonly double _beta1, _beta2, _epsilon;
    private readonly bool _decoupled;
    private readonly Slice[] _first, _second;
    private readonly AdamPart[] _parts;

    /// <summary>An optimiser at rest, the same decay for all parameters.</summary>
    public Adam(
        IBackend backend, IEnumerable<Parameter> parameters, double decay = 0, bool decoupled = false, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : this(backend, [new ParameterGroup([.. parameters])], decay, decoupled, beta1, beta2, epsilon)
    {
    }

    /// <summary>An optimiser at rest, with groups of parameters.</summary>
    public Adam(
        IBackend backend, IReadOnlyList<ParameterGroup> groups, double decay = 0, bool decoupled = false, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(backend, groups, decay)
    {
        (_decoupled, _beta1, _beta2, _epsilon) = (decoupled, beta1, beta2, epsilon);
        _first = State();
        _second = State();
        _parts = new AdamPart[_first.Length];
    }

    /// <inheritdoc/>
    protected override void Step(int index, Parameter parameter, double rate, double decay, double gradientScale)
    {
        AdamPart part = Part(index, parameter, rate, decay, gradientScale);
        Backend.Adam(part.Step, part.Parameter, part.Gradient, part.FirstMoment, part.SecondMoment);
    }

    private protected override void Collect(int at, int index, Parameter parameter, double rate, double decay) => _parts[at] = Part(index, parameter, rate, decay, 1);

    private protected override void StepTogether(int count, Slice factor) => Backend.Adam(_parts.AsSpan(0, count), factor);

    private protected override bool StepsAlong(in MatrixProduct product) => Backend is IStepsProducts backend && backend.StepsAlong(product);

    private protected override void StepAlong(int index, Parameter parameter, double rate, double decay, in MatrixProduct product, Slice a, Slice b) =>
        ((IStepsProducts)Backend).Adam(StepOf(index, rate, decay, 1), product, a, b, parameter.Value.Data, _first[index], _second[index]);

    private AdamStep StepOf(int index, double rate, double decay, double gradientScale) => new(rate, _beta1, _beta2, _epsilon, decay, _decoupled, gradientScale, StepsOf(index));

    private AdamPart Part(int index, Parameter parameter, double rate, double decay, double gradientScale) => new(
        StepOf(index, rate, decay, gradientScale), parameter.Value.Data, parameter.Gradient.Data, _first[index], _second[index]);
}
