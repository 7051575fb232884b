using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Autodiff;

/// <summary>A tensor that training changes. It owns its memory and that of its gradient.</summary>
public sealed class Parameter : IDisposable
{
    private readonly TensorScope _scope;

    /// <summary>A parameter with undefined contents.</summary>
    public Parameter(IBackend backend, string name, Shape shape)
    {
        _scope = new TensorScope(backend);
        Name = name;
        Value = _scope.New(shape);
        Gradient = _scope.New(shape);
    }

    /// <summary>A name unique in its model, such as <c>dense1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The values.</summary>
    public Tensor Value { get; }

    /// <summary>dL/d value of the last walk back over a tape that used it.</summary>
    public Tensor Gradient { get; }

    /// <summary>Whether training leaves it as it is.</summary>
    public bool Frozen { get; set; }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _scope.Dispose();
}
