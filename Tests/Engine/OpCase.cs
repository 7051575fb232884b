using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Tests.Engine;

/// <summary>A row of the op table.</summary>
internal sealed record OpCase(string Name, Func<Tape, Tensor[], Tensor> Build, params int[][] Shapes)
{
    /// <summary>The range of the inputs.</summary>
    public (double Low, double High) Range { get; init; } = (-2, 2);

    /// <summary>Kinks that finite differences must not straddle.</summary>
    public double[] Avoid { get; init; } = [];

    /// <summary>Inputs whose derivative is taken; all where null.</summary>
    public int[]? Tracked { get; init; }

    /// <summary>Ranges of single inputs, where they differ.</summary>
    public Dictionary<int, (double Low, double High)> Ranges { get; init; } = [];

    /// <summary>The output from the inputs, by other means than the engine's.</summary>
    public required Func<double[][], double[]> Oracle { get; init; }

    /// <summary>How far forward may be from the oracle, relative in the Euclidean norm.</summary>
    public double Tolerance { get; init; } = 1e-14;

    /// <summary>How far a float32 backend may be from Reference: a few dozen roundings of 6e-8, more where terms cancel.</summary>
    public double SingleTolerance { get; init; } = 2e-6;

    public bool Tracks(int input) => Tracked is null || Tracked.Contains(input);

    public double[] Values(int input, int seed)
    {
        (double low, double high) = Ranges.TryGetValue(input, out (double, double) own) ? own : Range;
        return Numbers.Random((seed * 31) + input, new Shape(Shapes[input]).Length, low, high, Avoid);
    }

    public override string ToString() => Name;
}
