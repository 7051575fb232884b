using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>y = activation(convolution over time + bias): [batch, time, features] to [batch, windows, outputs].</summary>
public sealed class Convolution : Layer
{
    private readonly int _features, _outputs;

    /// <summary>A convolution, its weights uniform within sqrt(6 / (inputs + outputs)) of a window (Glorot and Bengio 2010), its bias zero.</summary>
    /// <param name="initializer">Draws the weights.</param>
    /// <param name="name">Before the parameters' names.</param>
    /// <param name="features">Features a step.</param>
    /// <param name="outputs">Kernels.</param>
    /// <param name="width">Steps a window.</param>
    /// <param name="stride">Steps between windows.</param>
    /// <param name="padding">Zero steps before and after a clip.</param>
    /// <param name="activation">What follows.</param>
    public Convolution(Initializer initializer, string name, int features, int outputs, int width, int stride = 1, int padding = 0, Activation activation = Activation.Identity)
    {
        (_features, _outputs, Width, Stride, Padding, Activation) = (features, outputs, width, stride, padding, activation);
        Kernel = Add(initializer.Uniform(name + ".kernel", new Shape(width * features, outputs), Math.Sqrt(6.0 / ((width * features) + outputs))));
        Bias = Add(initializer.Constant(name + ".bias", new Shape(outputs), 0));
    }

    /// <summary>[width * features, outputs]: the weights of a window's first step first.</summary>
    public Parameter Kernel { get; }

    /// <summary>[outputs].</summary>
    public Parameter Bias { get; }

    /// <summary>What follows.</summary>
    public Activation Activation { get; }

    /// <summary>Steps a window.</summary>
    public int Width { get; }

    /// <summary>Steps between windows.</summary>
    public int Stride { get; }

    /// <summary>Zero steps before and after a clip.</summary>
    public int Padding { get; }

    /// <inheritdoc/>
    public override Tensor Stem(Tape tape, Tensor input) => tape.ConvolveOverTime(input, tape.Use(Kernel), tape.Use(Bias), Width, Stride, Padding);

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => tape.Activate(stem, Activation);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input is not [time, features], or shorter than a window.</exception>
    public override Shape OutputShape(Shape input)
    {
        int steps = input.Rank == 2 && input[1] == _features ? input[0] + (2 * Padding) - Width : -1;
        if (steps < 0) ShapeError.BadShape(nameof(Convolution), $"a clip is [time, {_features}], of {Width - (2 * Padding)} steps at least", input);
        return new Shape((steps / Stride) + 1, _outputs);
    }

    internal override bool StemIsKnown => true;

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) => (long)OutputShape(input)[0] * Width * _features * _outputs;
}
