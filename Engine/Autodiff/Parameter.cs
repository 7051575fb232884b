using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Autodiff;

/// <summary>A tensor that training changes. It owns its memory and that of its gradient.</summary>
public sealed class Parameter : IDisposable
{
    private readonly TensorScope _scope;
    private Tensor? _gradient;

    /// <summary>A parameter with undefined contents.</summary>
    public Parameter(IBackend backend, string name, Shape shape)
    {
        _scope = new TensorScope(backend);
        Name = name;
        Value = _scope.New(shape);
    }

    /// <summary>A name unique in its model, such as <c>dense1.weight</c>.</summary>
    public string Name { get; internal set; }

    /// <summary>The values.</summary>
    public Tensor Value { get; }

    /// <summary>dL/d value, as long as <see cref="HasGradient"/>; zero before. It takes memory when it is first asked for: who predicts or explains needs none.</summary>
    public Tensor Gradient
    {
        get
        {
            if (_gradient is not null) return _gradient;
            Tensor gradient = _scope.New(Value.Shape);
            gradient.Backend.Fill(gradient.Data, 0);
            return _gradient = gradient;
        }
    }

    /// <summary>
    /// Whether the gradient is one to step along: a walk back has reached the parameter since the last step of an optimiser.
    /// Optimisers and gradient norms leave other parameters alone. Set it where the gradient is written by hand.
    /// </summary>
    public bool HasGradient { get; set; }

    /// <summary>Whether training leaves it as it is.</summary>
    public bool Frozen { get; set; }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _scope.Dispose();
}
