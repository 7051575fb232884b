using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Models;

/// <summary>The descriptors of series (<see cref="Descriptor"/>) as differentiable ops: from [moment, column] to [row, column].</summary>
internal sealed class DescriptorOps
{
    private readonly Parameter? _cosines, _sines, _steps;
    private readonly List<(Parameter Differences, Parameter Signs)> _rounds = [];

    /// <summary>What the descriptors need.</summary>
    /// <param name="features">Which descriptors.</param>
    /// <param name="moments">Moments of a series.</param>
    /// <param name="constant">Makes a constant of a name, shape and values.</param>
    public DescriptorOps(FeatureList features, int moments, Func<string, Shape, double[], Parameter> constant)
    {
        if (Has("fourier") || Has("log-fourier"))
        {
            int rows = Descriptor.All.First(d => d.Name == "fourier").Rows(moments);
            double[] angles = [.. Enumerable.Range(0, rows * moments).Select(i => 2 * Math.PI * (i / moments) * (i % moments) / moments)];
            _cosines = constant("cosines", new Shape(rows, moments), [.. angles.Select(a => Math.Cos(a) / moments)]);
            _sines = constant("sines", new Shape(rows, moments), [.. angles.Select(a => Math.Sin(a) / moments)]);
        }

        if (Has("spread") && moments > 1)
        {
            double[] steps = new double[(moments - 1) * moments];
            for (int t = 0; t < moments - 1; t++) (steps[(t * moments) + t], steps[(t * moments) + t + 1]) = (-1, 1);
            _steps = constant("steps", new Shape(moments - 1, moments), steps);
        }

        if (Has("sorted")) AddRounds(moments, constant);

        bool Has(string name) => features.Descriptors.Any(d => d.Name == name);
    }

    /// <summary>One descriptor.</summary>
    public Tensor Of(Tape tape, Descriptor descriptor, Tensor track) => descriptor.Name switch
    {
        "fourier" => Magnitudes(tape, track),
        "log-fourier" => tape.Log(tape.Shift(Magnitudes(tape, track), 1e-3)),
        "spread" => Spread(tape, track),
        "sorted" => Sorted(tape, track),
        _ => throw new NotSupportedException($"The feature {descriptor.Name} cannot be followed back to the trajectory; those that can are {string.Join(", ", FeatureList.Names)}."),
    };

    // |X_k| / T, the sums over time being products with cosines and sines.
    private Tensor Magnitudes(Tape tape, Tensor track)
    {
        Tensor real = tape.MatrixMultiply(tape.Use(_cosines!), track), imaginary = tape.MatrixMultiply(tape.Use(_sines!), track);
        return tape.Root(tape.Add(tape.Square(real), tape.Square(imaginary)));
    }

    // Standard deviation, least, largest, length of the path.
    private Tensor Spread(Tape tape, Tensor track)
    {
        Tensor centred = tape.Subtract(track, Row(tape.Mean(track, 0)));
        Tensor deviation = tape.Root(tape.Mean(tape.Square(centred), 0)), least = tape.Negate(tape.Max(tape.Negate(track), 0)), most = tape.Max(track, 0);
        Tensor path = _steps is null ? tape.Scale(most, 0) : tape.Sum(Size(tape, tape.MatrixMultiply(tape.Use(_steps), track)), 0);
        return new[] { deviation, least, most, path }.Select(Row).Aggregate((a, b) => tape.Concatenate(a, b, 0));

        Tensor Row(Tensor x) => tape.Reshape(x, new Shape(1, x.Shape.Length));
    }

    // |x|, with derivative 0 at 0.
    private static Tensor Size(Tape tape, Tensor x) => tape.Add(tape.Relu(x), tape.Relu(tape.Negate(x)));

    // A round lets pairs of moments change places where the earlier one is the larger: x + S relu(D x), D x being by how much it is, and
    // S -1 at the earlier of a pair, 1 at the later and 0 at what has no partner.
    private Tensor Sorted(Tape tape, Tensor track)
    {
        foreach ((Parameter differences, Parameter signs) in _rounds)
            track = tape.Add(track, tape.MatrixMultiply(tape.Use(signs), tape.Relu(tape.MatrixMultiply(tape.Use(differences), track))));
        return track;
    }

    // Batcher's odd-even merge sort (1968): which pairs are compared does not depend on the values, so a path of trajectories has one tape.
    private void AddRounds(int moments, Func<string, Shape, double[], Parameter> constant)
    {
        Shape square = new(moments, moments);
        for (int p = 1; p < moments; p *= 2)
        {
            for (int k = p; k >= 1; k /= 2)
            {
                double[] differences = new double[moments * moments], signs = new double[moments * moments];
                for (int j = k % p; j + k < moments; j += 2 * k)
                {
                    for (int i = j; i < Math.Min(j + k, moments - k); i++)
                    {
                        if (i / (2 * p) != (i + k) / (2 * p)) continue;
                        int at = i * moments, other = (i + k) * moments;
                        (differences[at + i], differences[at + i + k], signs[at + i]) = (1, -1, -1);
                        (differences[other + i], differences[other + i + k], signs[other + i + k]) = (1, -1, 1);
                    }
                }

                _rounds.Add((constant($"sort{_rounds.Count}.differences", square, differences), constant($"sort{_rounds.Count}.signs", square, signs)));
            }
        }
    }
}
