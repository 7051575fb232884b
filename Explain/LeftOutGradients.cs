using System.Numerics.Tensors;
using EmotionXai.Engine.Algebra;
using EmotionXai.Engine.Training;

namespace EmotionXai.Explain;

/// <summary>
/// Integrated Gradients of every sample by the network that has not seen its group, from the mean sample, zero. With one hidden layer
/// the mean of s'(z) along the straight path is the difference quotient of s, so nothing is approximated:
/// IG_f = x_f (d_f + sum over u of v_u w_uf (s(z_u(x)) - s(z_u(0))) / (z_u(x) - z_u(0))). One product of matrices explains all samples.
/// Completeness holds to rounding.
/// </summary>
public static class LeftOutGradients
{
    /// <summary>[sample, owner]: what an owner's features add to a sample's logit, less that of the mean sample.</summary>
    /// <param name="networks">Their read-outs are fitted.</param>
    /// <param name="width">Features of an owner (a landmark, say), side by side.</param>
    /// <exception cref="ArgumentException">The features are no whole number of owners.</exception>
    public static double[] Attribute(LeftOutReadout networks, int width)
    {
        int features = networks.Features, units = networks.Units, samples = networks.Values.Length / features;
        if (features % width != 0) throw new ArgumentException($"{features} features are no whole number of owners of {width}.", nameof(width));
        int owners = features / width, most = Math.Min(samples, RandomUnits.SamplesAtOnce);
        ReadOnlySpan<double> weights = networks.Weights;
        double[] slopes = new double[most * units], transposed = new double[features * units], gradients = new double[most * features], signed = new double[samples * owners];
        for (int u = 0; u < units; u++)
            for (int f = 0; f < features; f++) transposed[(f * units) + u] = weights[(u * features) + f];
        for (int first = 0; first < samples; first += most)
        {
            int count = Math.Min(most, samples - first);
            TanhQuotients(networks.Sums.Slice(first * units, count * units), networks.Bias, slopes);
            for (int i = 0; i < count; i++)
            {
                Span<double> slope = slopes.AsSpan(i * units, units);
                TensorPrimitives.Multiply(slope, networks.UnitReadout(first + i), slope);
            }

            gradients.AsSpan(0, count * features).Clear();
            RowProducts.Add(1, new Block(slopes, 0, units), new Block(transposed, 0, units), new Block(gradients, 0, features), count, features, units);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<double> direct = networks.DirectReadout(first + i), gradient = gradients.AsSpan(i * features, features);
                ReadOnlySpan<float> own = networks.Values.Slice((first + i) * features, features);
                Span<double> sums = signed.AsSpan((first + i) * owners, owners);
                for (int f = 0; f < features; f++) sums[f / width] += own[f] * (gradient[f] + (direct.IsEmpty ? 0 : direct[f]));
            }
        }

        return signed;
    }

    // [sample, unit]: (tanh(b + d) - tanh(b)) / d. tanh(p) - tanh(q) = tanh(p - q) (1 - tanh p tanh q) loses no digits where d is small.
    private static void TanhQuotients(ReadOnlySpan<double> sums, ReadOnlySpan<double> bias, Span<double> quotients)
    {
        double[] row = new double[bias.Length], start = new double[bias.Length];
        TensorPrimitives.Tanh(bias, start);
        for (int at = 0; at < sums.Length; at += bias.Length)
        {
            ReadOnlySpan<double> d = sums.Slice(at, bias.Length);
            Span<double> quotient = quotients.Slice(at, bias.Length);
            TensorPrimitives.Add(d, bias, row);
            TensorPrimitives.Tanh<double>(row, row);
            TensorPrimitives.Multiply<double>(row, start, row);
            TensorPrimitives.Subtract(1, row, row);
            TensorPrimitives.Tanh(d, quotient);
            for (int u = 0; u < d.Length; u++) quotient[u] = Math.Abs(d[u]) < 1e-4 ? 1 - (d[u] * d[u] / 3) : quotient[u] / d[u];
            TensorPrimitives.Multiply<double>(quotient, row, quotient);
        }
    }
}
