using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Autodiff;

/// <summary>
/// Records ops as they are called, walks them back to compute gradients, and runs them again on new contents of the same
/// shapes (<see cref="Replay"/>), which allocates nothing. It owns every tensor that its ops make. Gradients of what is no leaf share
/// memory: one that every op has read makes room for the next. One thread at a time uses a
/// tape; tapes of different threads may share a backend and the parameters that they only read.
/// </summary>
public sealed class Tape : IDisposable
{
    private static long s_walks;

    private readonly List<Node> _nodes = [];
    private readonly List<int> _outputsUpTo = [];
    private readonly List<Tensor> _outputs = [];
    private readonly Dictionary<Parameter, Tensor> _parameters = [];
    private readonly TensorScope _scope;
    private readonly Room _values, _gradients;
    private readonly Repeated _replay, _return;
    private (Tensor Output, Tensor? Gradient)? _returned;
    private Parameter[] _reached = [];
    private long _walk;
    private Tensor? _plannedFrom;
    private bool _plans;
    private bool _steadyForward = true, _steadyBackward = true;

    /// <summary>An empty tape.</summary>
    /// <param name="backend">Where the tensors live.</param>
    /// <param name="training">Whether parameters track gradients and dropout drops.</param>
    public Tape(IBackend backend, bool training = false)
    {
        Backend = backend;
        Training = training;
        _scope = new TensorScope(backend);
        _values = new Room(_scope);
        _gradients = new Room(_scope);
        _replay = new Repeated(backend, Forward);
        _return = new Repeated(backend, Return);
    }

    /// <summary>Where the tensors live.</summary>
    public IBackend Backend { get; }

    /// <summary>Whether parameters track gradients and dropout drops.</summary>
    public bool Training { get; }

    /// <summary>Whether ops wait for <see cref="Replay"/> instead of running as they are recorded: for inputs whose contents come later.</summary>
    public bool Deferred { get; init; }

    /// <summary>
    /// Whether walks back add to the gradients that parameters hold since the last step of an optimiser: gradient accumulation
    /// over several batches. Otherwise a walk replaces them.
    /// </summary>
    public bool Accumulates { get; set; }

    /// <summary>What takes gradients that are products before they are written down; null leaves all of them in their parameters.</summary>
    internal IStepsAlong? Stepper { get; set; }

    /// <summary>Tensors that stand for parameters on this tape: copies of a session, which later training does not change.</summary>
    internal IReadOnlyDictionary<Parameter, Tensor>? Substitutes { get; init; }

    /// <summary>The number of recorded ops.</summary>
    public int Count => _nodes.Count;

    /// <summary>A leaf whose contents the caller sets.</summary>
    public Tensor Input(Shape shape, bool tracksGradient = false) => OnThis(_scope.New(shape, tracksGradient));

    /// <summary>A leaf with the given contents.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public Tensor Input(Shape shape, ReadOnlySpan<double> values, bool tracksGradient = false) =>
        OnThis(_scope.From(shape, values, tracksGradient));

    /// <inheritdoc cref="Input(Shape, ReadOnlySpan{double}, bool)"/>
    public Tensor Input(Shape shape, ReadOnlySpan<float> values, bool tracksGradient = false) =>
        OnThis(_scope.From(shape, values, tracksGradient));

    /// <summary>A parameter as a leaf of this tape; tracks its gradient when training, unless frozen.</summary>
    public Tensor Use(Parameter parameter)
    {
        if (_parameters.TryGetValue(parameter, out Tensor? tensor)) return tensor;
        if (Substitutes is not null) return Substitutes[parameter];
        if (!Backend.SharesMemory(parameter.Value.Backend))
            Throw.ForeignBackend(nameof(Use), Backend.Name, parameter.Value.Backend.Name);
        tensor = new Tensor(Backend, parameter.Value.Shape, parameter.Value.Data, Training && !parameter.Frozen)
        {
            Parameter = parameter,
            Tape = this,
        };
        _parameters.Add(parameter, tensor);
        return tensor;
    }

    /// <summary>Runs every recorded op again, on whatever the leaves hold now.</summary>
    public void Replay()
    {
        if (_steadyForward) _replay.Run();
        else Forward();
    }

    /// <summary>
    /// Walks back from <paramref name="output"/>: afterwards <see cref="GradientOf"/> gives d(sum of its elements)/d leaf.
    /// </summary>
    /// <exception cref="InvalidOperationException">The output depends on nothing that tracks a gradient.</exception>
    public void Backward(Tensor output) => WalkBack(output, null);

    /// <summary>Walks back from <paramref name="output"/> with dL/d output given.</summary>
    /// <inheritdoc cref="Backward(Tensor)"/>
    public void Backward(Tensor output, Tensor outputGradient)
    {
        if (outputGradient.Shape.Length != output.Shape.Length)
            ShapeError.ShapeMismatch(nameof(Backward), "the gradient has the output's shape", output.Shape, outputGradient.Shape);
        WalkBack(output, outputGradient);
    }

    /// <summary>
    /// Walks back from <paramref name="output"/> with the rescale rule of DeepLIFT (Shrikumar et al. 2017): at a nonlinear op
    /// (y - y') / (x - x') stands for dy/dx. <see cref="GradientOf"/> then gives multipliers m with
    /// sum over leaves of m (x - x') = output - reference output.
    /// </summary>
    /// <param name="output">Of this tape.</param>
    /// <param name="reference">A tape of the same ops on other inputs, x'.</param>
    /// <exception cref="NotSupportedException">An op has no rescale rule.</exception>
    internal void BackwardFrom(Tape reference, Tensor output)
    {
        Forget();
        Begin(output);
        Backend.Fill(Contribute(output).Target, 1);
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            _nodes[i].Rescale(reference._nodes[i]);
            if (_plans) GiveGradients(i);
        }

        (_plannedFrom, _plans) = (output, false);
    }

    /// <summary>The gradient that the last walk left in a leaf; a view, overwritten by the next walk.</summary>
    /// <exception cref="InvalidOperationException">The last walk did not reach it, or it is no leaf: other gradients make room for those that come after them.</exception>
    public Tensor GradientOf(Tensor leaf)
    {
        if (leaf.MadeBy == this) throw new InvalidOperationException($"{leaf} is the result of an op: a walk back keeps the gradients of leaves alone.");
        if (leaf.Gradient is not { } gradient || leaf.GradientWalk != _walk)
            throw new InvalidOperationException($"{leaf} has no gradient: the last walk back did not reach it.");
        return new Tensor(Backend, leaf.Shape, gradient, tracksGradient: false);
    }

    /// <summary>Gives all tensors back.</summary>
    public void Dispose()
    {
        _replay.Dispose();
        _return.Dispose();
        _scope.Dispose();
        _nodes.Clear();
        _parameters.Clear();
    }

    /// <summary>A tensor for an op's output, with undefined contents.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="tracksGradient">Whether one of the op's inputs tracks a gradient.</param>
    public Tensor Output(Shape shape, bool tracksGradient) => Made(new(Backend, shape, _values.Take(shape.Length), tracksGradient, _scope));

    /// <summary>Memory an op needs between its passes.</summary>
    public Slice Scratch(int length) => _scope.Rent(length);

    /// <summary>The same elements under another shape, sharing memory but not gradient.</summary>
    public Tensor View(Tensor of, Shape shape)
    {
        of.IsShared = true;
        return Made(new(Backend, shape, of.Data, of.TracksGradient, _scope));
    }

    /// <summary>The same elements without a gradient, sharing memory.</summary>
    internal Tensor Constant(Tensor of)
    {
        of.IsShared = true;
        return OnThis(new(Backend, of.Shape, of.Data, tracksGradient: false, _scope));
    }

    /// <summary>Runs an op, unless it waits, and keeps it.</summary>
    public void Record(Node node)
    {
        if (!Deferred) node.Forward();
        _nodes.Add(node);
        _outputsUpTo.Add(_outputs.Count);
        _plannedFrom = null;
        _steadyBackward &= node is SteadyNode;
        _steadyForward &= node is SteadyNode { IsForwardSteady: true };
        _replay.Forget();
        Forget();
    }

    /// <summary>The incoming gradient of an op's output in this walk; null where there is none.</summary>
    public Slice? IncomingGradient(Tensor output) => output.GradientWalk == _walk ? output.Gradient : null;

    /// <summary>Where to write a part of a gradient: the first part of a walk replaces, later ones add.</summary>
    public (Slice Target, bool Accumulate) Contribute(Tensor input)
    {
        bool accumulate = input.GradientWalk == _walk;
        input.GradientWalk = _walk;
        if (_plans) input.Contributions++;
        if (input.Parameter is not Parameter parameter) return (_plans && input.MadeBy == this ? input.Gradient ??= _gradients.Take(input.Shape.Length) : input.RentGradient(), accumulate);

        // What it holds from earlier walks counts only where walks accumulate: Begin has cleared the mark otherwise.
        accumulate |= parameter.HasGradient;
        parameter.HasGradient = true;
        return (input.Gradient ??= parameter.Gradient.Data, accumulate);
    }

    /// <summary>
    /// Whether the stepper has taken a parameter's gradient, a product of <paramref name="a"/> and <paramref name="b"/>: the parameter has changed
    /// by then, so it must be the whole gradient, and nobody may read the parameter on the rest of the way back.
    /// </summary>
    internal bool StepsAlong(Tensor of, in MatrixProduct product, Slice a, Slice b) =>
        Stepper is { } stepper && !_plans && !Accumulates && of is { Parameter: Parameter parameter, IsShared: false, Contributions: 1 } && stepper.StepAlong(parameter, product, a, b);

    /// <summary>Where <see cref="Retire"/> is to begin: after all that is recorded now.</summary>
    internal int Mark => _values.Count;

    /// <summary>
    /// Ops that are recorded from now on read nothing that was recorded since a mark, but for one tensor: they may write where the rest stands.
    /// Only where no walk back will want it either.
    /// </summary>
    internal void Retire(int mark, Tensor kept)
    {
        if (!Training && !kept.TracksGradient) _values.GiveFrom(mark, kept.Data.Storage);
    }

    private Tensor OnThis(Tensor tensor)
    {
        tensor.Tape = this;
        return tensor;
    }

    private Tensor Made(Tensor tensor)
    {
        tensor.MadeBy = this;
        _outputs.Add(tensor);
        return OnThis(tensor);
    }

    private void Begin(Tensor output)
    {
        if (!output.TracksGradient)
            throw new InvalidOperationException($"{output} depends on nothing that tracks a gradient; mark an input, or record on a training tape.");
        _walk = Interlocked.Increment(ref s_walks);
        if (_plannedFrom != output) Plan(output);
        if (Accumulates) return;
        foreach (Parameter parameter in _parameters.Keys) parameter.HasGradient = false;
    }

    private void Forward()
    {
        foreach (Node node in _nodes) node.Forward();
    }

    // A walk that may be kept is one that does the same every time: from the same output, and not on top of what parameters hold.
    private void WalkBack(Tensor output, Tensor? gradient)
    {
        bool keeps = _steadyBackward && !Accumulates;
        if (!keeps || _returned != (output, gradient)) Forget();
        _returned = (output, gradient);
        if (!keeps)
        {
            Return();
        }
        else if (_return.Run())
        {
            // The tape's tensors are marked with the kept walk, which was its last one; parameters may have been stepped along since.
            foreach (Parameter parameter in _parameters.Keys) parameter.HasGradient = false;
            foreach (Parameter parameter in _reached) parameter.HasGradient = true;
        }
        else if (_return.IsKept)
        {
            _reached = [.. _parameters.Keys.Where(p => p.HasGradient)];
        }
    }

    private void Return()
    {
        (Tensor output, Tensor? gradient) = _returned!.Value;
        Begin(output);
        Slice target = Contribute(output).Target;
        if (gradient is null) Backend.Fill(target, 1);
        else Backend.Map(default(Identity), gradient.Data, target, accumulate: false);
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            _nodes[i].Backward();
            if (_plans) GiveGradients(i);
        }

        (_plannedFrom, _plans) = (output, false);
    }

    // Walks from one output reach the same tensors in the same order, so places that are found in the first of them serve all.
    private void Plan(Tensor output)
    {
        foreach (Tensor made in _outputs) made.Gradient = null;
        foreach (Tensor parameter in _parameters.Values) parameter.Contributions = 0;
        _gradients.GiveFrom(0, null);
        _plans = true;
    }

    // All readers of a node's outputs come after it, so on the way back nobody asks for their gradients once it has walked back itself.
    private void GiveGradients(int node)
    {
        for (int i = node == 0 ? 0 : _outputsUpTo[node - 1]; i < _outputsUpTo[node]; i++)
            if (_outputs[i].Gradient is { } gradient) _gradients.Give(gradient.Storage);
    }

    // Another walk marks the tensors anew, so what is kept of the last one cannot stand for it any more.
    private void Forget()
    {
        _return.Forget();
        _returned = null;
    }
}
