using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Autodiff;

/// <summary>An input of an op under test: its shape and values.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Values">Row-major.</param>
public readonly record struct CheckedInput(Shape Shape, double[] Values)
{
    /// <summary>Values uniform in [low, high) from a seed: choose a range away from kinks, which finite differences must not straddle.</summary>
    public static CheckedInput Random(Shape shape, int seed = 1, double low = -1, double high = 1)
    {
        Random random = new(seed);
        double[] values = new double[shape.Length];
        for (int i = 0; i < values.Length; i++) values[i] = low + ((high - low) * random.NextDouble());
        return new CheckedInput(shape, values);
    }
}

/// <summary>
/// Checks an op's derivative against central differences in float64: |g - n| / max(|g|, |n|, 1e-3) for each input, in the
/// Euclidean norm, g from the walk back and n from (L(x + h) - L(x - h)) / 2h, where L weighs the op's outputs. With inputs,
/// outputs and third derivatives of order one, h = 1e-5 errs by some 1e-10; a wrong derivative by order one.
/// </summary>
public static class GradientCheck
{
    private const double Step = 1e-5, Floor = 1e-3;

    /// <summary>The distance of each input's gradient from finite differences.</summary>
    /// <param name="op">The op: from a tape and its inputs to one output.</param>
    /// <param name="inputs">What it is tried on.</param>
    public static double[] Distances(Func<Tape, Tensor[], Tensor> op, params CheckedInput[] inputs)
    {
        using ReferenceBackend backend = new();
        using Tape tape = new(backend);
        Tensor[] leaves = [.. inputs.Select(i => tape.Input(i.Shape, i.Values, tracksGradient: true))];
        Tensor output = op(tape, leaves);
        double[] weights = CheckedInput.Random(output.Shape, 99, 0.5, 1.5).Values;
        tape.Backward(output, tape.Input(output.Shape, weights));
        double[][] gradients = [.. leaves.Select(leaf => Gradient(tape, leaf))];
        double[] distances = new double[inputs.Length];
        for (int input = 0; input < inputs.Length; input++)
        {
            double[] numeric = new double[inputs[input].Values.Length];
            for (int i = 0; i < numeric.Length; i++)
            {
                double up = Loss(leaves[input], inputs[input].Values, i, Step), down = Loss(leaves[input], inputs[input].Values, i, -Step);
                numeric[i] = (up - down) / (2 * Step);
            }

            leaves[input].CopyFrom(inputs[input].Values);
            double distance = Norm(gradients[input].Zip(numeric, (g, n) => g - n));
            distances[input] = distance / Math.Max(Floor, Math.Max(Norm(gradients[input]), Norm(numeric)));
        }

        return distances;

        double Loss(Tensor leaf, double[] values, int at, double by)
        {
            double[] moved = [.. values];
            moved[at] += by;
            leaf.CopyFrom(moved);
            tape.Replay();
            return output.ToDoubleArray().Zip(weights, (y, w) => y * w).Sum();
        }
    }

    /// <summary>Passes silently where every distance is within the tolerance.</summary>
    /// <exception cref="ArithmeticException">One is not; the message names the input and the distance.</exception>
    public static void Check(Func<Tape, Tensor[], Tensor> op, double tolerance, params CheckedInput[] inputs)
    {
        double[] distances = Distances(op, inputs);
        for (int i = 0; i < distances.Length; i++)
        {
            if (!(distances[i] <= tolerance))
                throw new ArithmeticException(FormattableString.Invariant($"The derivative by input {i} is {distances[i]:g3} away from finite differences, in parts of its norm; at most {tolerance:g3} were asked for."));
        }
    }

    // An input that the output does not depend on has the gradient zero.
    private static double[] Gradient(Tape tape, Tensor leaf)
    {
        try
        {
            return tape.GradientOf(leaf).ToDoubleArray();
        }
        catch (InvalidOperationException)
        {
            return new double[leaf.Shape.Length];
        }
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));
}
