using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>y = activation(x W + b) over all features of a clip: [batch, ...] is read as [batch, features].</summary>
public sealed class Dense : Layer
{
    /// <summary>A dense layer, its weights uniform within sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010), its bias zero.</summary>
    public Dense(Initializer initializer, string name, int inputs, int outputs, Activation activation)
    {
        (Inputs, Outputs, Activation) = (inputs, outputs, activation);
        Weight = Add(initializer.Uniform(name + ".weight", new Shape(inputs, outputs), Math.Sqrt(6.0 / (inputs + outputs))));
        Bias = Add(initializer.Constant(name + ".bias", new Shape(outputs), 0));
    }

    /// <summary>W, [inputs, outputs].</summary>
    public Parameter Weight { get; }

    /// <summary>b, [outputs].</summary>
    public Parameter Bias { get; }

    /// <summary>What follows the product.</summary>
    public Activation Activation { get; }

    internal int Inputs { get; }

    internal int Outputs { get; }

    /// <inheritdoc/>
    public override Tensor Stem(Tape tape, Tensor input) => tape.MatrixMultiply(Rows(tape, input), tape.Use(Weight), tape.Use(Bias));

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => tape.Activate(stem, Activation);

    /// <inheritdoc/>
    public override Tensor Apply(Tape tape, Tensor input) => tape.Dense(Rows(tape, input), tape.Use(Weight), tape.Use(Bias), Activation);

    internal override bool StemIsKnown => true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new(Outputs);

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) => (long)Inputs * Outputs;

    /// <summary>Leaves the layer as it was drawn, with weights of a given size and biases that set units apart.</summary>
    internal void Freeze(RandomOptions options, Initializer initializer)
    {
        RandomWeights.Freeze(Weight, options.InputScale, options.Sparsity, initializer.NextKey());
        RandomWeights.DrawBias(Bias, options.InputScale, initializer.NextKey());
    }

    private Tensor Rows(Tape tape, Tensor input)
    {
        int batch = input.Shape[0];
        if (input.Shape.Length != batch * Inputs) ShapeError.BadShape(nameof(Dense), $"each clip has {Inputs} features", input.Shape);
        return input.Shape.Rank == 2 ? input : tape.Reshape(input, new Shape(batch, Inputs));
    }
}
