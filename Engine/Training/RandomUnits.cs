using System.Numerics.Tensors;
using EmotionXai.Engine.Algebra;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Training;

/// <summary>One hidden layer of random tanh units on the host, as <see cref="RandomNetwork"/> draws them, for read-outs that share one layer.</summary>
internal static class RandomUnits
{
    /// <summary>Samples that are worked on together, so that what is needed on the way does not grow with their number. A multiple of the rows that products take at once: the sums are the same bits.</summary>
    public const int SamplesAtOnce = 1024;

    /// <summary>Numbers in [-1, 1).</summary>
    public static double[] Uniform(int count, RandomKey key)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) values[i] = (Philox.Block(key, (ulong)i).Item1 * (2.0 / (1L << 32))) - 1;
        return values;
    }

    /// <summary>The factor on such weights that gives a unit's sum the asked for size: they have variance 1 / 3, inputs have variance 1.</summary>
    public static double Scale(RandomOptions options, int links) => options.InputScale * Math.Sqrt(3.0 / links);

    /// <summary>The factor on units that makes direct links of factor 1 count beside them as <see cref="RandomOptions.Direct"/> says; a common factor on all changes nothing.</summary>
    public static double Share(RandomOptions options, int units, int links) => options.Direct > 0 ? Math.Sqrt(links / (options.Direct * units)) : 1 / Math.Sqrt(units);

    /// <summary>[sample, unit]: values [sample, width] times weights [unit, width].</summary>
    public static double[] Sums(float[] values, int samples, double[] weights, int width, int units)
    {
        double[] rows = new double[Math.Min(samples, SamplesAtOnce) * width], sums = new double[checked(samples * units)];
        for (int first = 0; first < samples; first += SamplesAtOnce)
        {
            int count = Math.Min(SamplesAtOnce, samples - first);
            TensorPrimitives.ConvertTruncating<float, double>(values.AsSpan(first * width, count * width), rows);
            RowProducts.Add(1, new Block(rows, 0, width), new Block(weights, 0, width), new Block(sums, first * units, units), count, units, width);
        }

        return sums;
    }

    /// <summary>[sample, unit]: tanh(sum + bias), as the networks of a backend compute it: in float32.</summary>
    public static float[] Tanh(ReadOnlySpan<double> sums, ReadOnlySpan<double> bias)
    {
        float[] units = new float[sums.Length];
        double[] shifted = new double[bias.Length];
        for (int at = 0; at < sums.Length; at += bias.Length)
        {
            TensorPrimitives.Add(sums.Slice(at, bias.Length), bias, shifted);
            TensorPrimitives.ConvertTruncating<double, float>(shifted, units.AsSpan(at, bias.Length));
        }

        TensorPrimitives.Tanh<float>(units, units);
        return units;
    }
}
