using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;

namespace EmotionXai.Tests.Explain;

/// <summary>Paths behind the stem of a recurrent classifier, the same numbers on every backend.</summary>
internal sealed record PathCase(RecurrentCell Cell, int Hidden, Pooling Pooling, int Pairs, int Steps, int Time)
{
    /// <summary>Whether a second walk goes from the last step to the first.</summary>
    public bool Both { get; init; }

    /// <summary>Units of a dense layer before the read-out; 0 without one.</summary>
    public int Units { get; init; }

    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Which number of the starts is not a number; none where it is negative.</summary>
    public int Spoils { get; init; } = -1;

    /// <summary>On the tape of Reference.</summary>
    public double[] Expected()
    {
        using ReferenceBackend backend = new();
        using Classifier classifier = Build(backend);
        return Of(backend, classifier, (ends, quadrature, start, direction, total) =>
        {
            using PathTape tape = new(backend, classifier, ends, Steps);
            tape.Integrate(quadrature, start, direction, total);
        });
    }

    /// <summary>In one call of a backend that has it.</summary>
    public double[] InOneCall(IBackend backend)
    {
        using Classifier classifier = Build(backend);
        return Of(backend, classifier, (_, quadrature, start, direction, total) =>
        {
            using PathCall call = PathCall.For(backend, classifier, Pairs) ?? throw new InvalidOperationException($"{backend.Name} does not take {this}.");
            call.Integrate(quadrature, start, direction, total);
        });
    }

    /// <summary>The largest difference from Reference, relative to the largest number.</summary>
    public double Error(IBackend backend)
    {
        double[] expected = Expected(), actual = InOneCall(backend);
        return expected.Zip(actual, (e, a) => double.IsNaN(a) ? double.PositiveInfinity : Math.Abs(e - a)).Max() / expected.Max(Math.Abs);
    }

    public Classifier Build(IBackend backend)
    {
        Initializer initializer = new(backend, 7);
        int states = Both ? 2 * Hidden : Hidden;
        List<Layer> layers = [new Recurrent(initializer, "recurrent", Cell, 3, Hidden, Both), new PoolOverTime(Pooling)];
        if (Units > 0) layers.Add(new Dense(initializer, "dense", states, Units, Activation));
        layers.Add(new Dense(initializer, "readout", Units > 0 ? Units : states, 1, Activation.Identity));
        Classifier classifier = new(backend, Time, 3, layers);

        // Biases start at zero; here none may be.
        foreach (EmotionXai.Engine.Autodiff.Parameter parameter in classifier.Parameters.Where(p => p.Value.Shape.Rank == 1))
            parameter.Value.CopyFrom(Numbers.Singles(parameter.Name.Length, parameter.Value.Shape.Length));
        return classifier;
    }

    private double[] Of(IBackend backend, Classifier classifier, Action<Shape, Quadrature, Slice, Slice, Slice> integrate)
    {
        Shape ends = new(Pairs, Time, ((Recurrent)classifier.Layers[0]).Bias.Value.Shape.Length);
        float[] starts = Numbers.Singles(1, ends.Length);
        if (Spoils >= 0) starts[Spoils] = float.NaN;
        using TensorScope scope = new(backend);
        Tensor start = scope.From(ends, starts), direction = scope.From(ends, Numbers.Singles(2, ends.Length, -2, 2)), total = scope.New(ends);
        integrate(ends, Quadrature.Create(QuadratureRule.GaussLegendre, Steps), start.Data, direction.Data, total.Data);
        return total.ToDoubleArray();
    }
}
