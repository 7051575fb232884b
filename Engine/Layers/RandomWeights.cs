using System.Buffers;
using System.Numerics.Tensors;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Layers;

/// <summary>Turns freshly drawn weights into those of a layer that stays random. Works on the host.</summary>
internal static class RandomWeights
{
    /// <summary>Freezes weights [inputs, units] and gives every unit's sum the variance scale^2 where inputs have variance 1.</summary>
    public static void Freeze(Parameter weights, double scale, double sparsity, RandomKey key)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(weights.Value.Shape.Length);
        Span<float> values = rented.AsSpan(0, weights.Value.Shape.Length);
        weights.Value.CopyTo(values);
        double kept = Thin(values, sparsity, key);

        // Weights are uniform in [-limit, limit): their variance is limit^2 / 3, whatever the limit was.
        double limit = values.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(values)), variance = limit * limit / 3 * kept * weights.Value.Shape[0];
        TensorPrimitives.Multiply(values, (float)(variance > 0 ? scale / Math.Sqrt(variance) : 0), values);
        weights.Value.CopyFrom(values);
        weights.Frozen = true;
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Freezes biases, uniform within <paramref name="scale"/>.</summary>
    public static void DrawBias(Parameter bias, double scale, RandomKey key)
    {
        double[] values = new double[bias.Value.Shape.Length];
        for (int i = 0; i < values.Length; i++) values[i] = scale * ((Philox.Block(key, (ulong)i).Item1 * (2.0 / (1L << 32))) - 1);
        Set(bias, values);
    }

    /// <summary>Freezes recurrent weights [hidden, gates * hidden] and gives the matrix of every gate a spectral radius.</summary>
    public static void FreezeRecurrent(Parameter weights, double radius, double sparsity, RandomKey key)
    {
        double[] values = weights.Value.ToDoubleArray();
        Thin<double>(values, sparsity, key);
        int hidden = weights.Value.Shape[0], columns = weights.Value.Shape[1];
        double[] gate = new double[hidden * hidden];
        for (int at = 0; at < columns; at += hidden)
        {
            for (int row = 0; row < hidden; row++) values.AsSpan((row * columns) + at, hidden).CopyTo(gate.AsSpan(row * hidden));
            double own = SpectralRadius(gate, hidden), factor = own > 0 ? radius / own : 0;
            for (int row = 0; row < hidden; row++) Scale(values.AsSpan((row * columns) + at, hidden), factor);
        }

        Set(weights, values);
    }

    /// <summary>The largest absolute eigenvalue, by Gelfand's formula: the limit of |W^m|^(1/m), for m = 2^k by repeated squaring. A pair of complex eigenvalues disturbs it no more than a real one.</summary>
    public static double SpectralRadius(ReadOnlySpan<double> matrix, int n)
    {
        // |W^m| lies between radius^m and n^(3/2) radius^m times a constant of the matrix: at m = 2^12 the root of that is below 1.005.
        const int Squarings = 12;
        double[] power = matrix.ToArray(), square = new double[power.Length];
        double logarithm = 0, weight = 1;
        for (int k = 0; k <= Squarings; k++)
        {
            double norm = Math.Sqrt(TensorPrimitives.SumOfSquares(power));
            if (!(norm > 0)) return 0;
            logarithm += weight * Math.Log(norm);
            if (k == Squarings) break;
            Scale(power, 1 / norm);
            Array.Clear(square);
            for (int i = 0; i < n; i++)
            {
                Span<double> row = square.AsSpan(i * n, n);
                for (int j = 0; j < n; j++) TensorPrimitives.MultiplyAdd(power.AsSpan(j * n, n), power[(i * n) + j], row, row);
            }

            (power, square) = (square, power);
            weight /= 2;
        }

        return Math.Exp(logarithm);
    }

    private static double Thin<T>(Span<T> values, double sparsity, RandomKey key)
        where T : struct
    {
        if (sparsity <= 0) return 1;
        uint below = (uint)Math.Min(uint.MaxValue, sparsity * (1L << 32));
        for (int i = 0; i < values.Length; i++)
            if (Philox.Block(key, (ulong)i).Item1 < below) values[i] = default;
        return 1 - sparsity;
    }

    private static void Scale(Span<double> values, double factor) => TensorPrimitives.Multiply(values, factor, values);

    // Weights are numbers that every backend has: the same network on all of them.
    private static void Set(Parameter weights, double[] values)
    {
        float[] single = GC.AllocateUninitializedArray<float>(values.Length);
        TensorPrimitives.ConvertTruncating<double, float>(values, single);
        weights.Value.CopyFrom(single);
        weights.Frozen = true;
    }
}
