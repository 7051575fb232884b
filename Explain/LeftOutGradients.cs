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
        ReadOnlySpan<double> sums = networks.Sums, bias = networks.Bias, weights = networks.Weights;
        double[] slopes = new double[samples * units], turned = new double[features * units], gradients = new double[samples * features];
        for (int i = 0; i < samples; i++)
        {
            ReadOnlySpan<double> readout = networks.UnitReadout(i);
            for (int u = 0; u < units; u++) slopes[(i * units) + u] = readout[u] * TanhQuotient(sums[(i * units) + u], bias[u]);
        }

        for (int u = 0; u < units; u++)
            for (int f = 0; f < features; f++) turned[(f * units) + u] = weights[(u * features) + f];
        RowProducts.Add(1, new Block(slopes, 0, units), new Block(turned, 0, units), new Block(gradients, 0, features), samples, features, units);

        double[] signed = new double[samples * (features / width)];
        for (int i = 0; i < samples; i++)
        {
            ReadOnlySpan<double> direct = networks.DirectReadout(i);
            for (int f = 0; f < features; f++)
            {
                double mean = gradients[(i * features) + f] + (direct.IsEmpty ? 0 : direct[f]);
                signed[(i * (features / width)) + (f / width)] += networks.Values[(i * features) + f] * mean;
            }
        }

        return signed;
    }

    // (tanh(b + d) - tanh(b)) / d. tanh(p) - tanh(q) = tanh(p - q) (1 - tanh p tanh q) loses no digits where d is small.
    private static double TanhQuotient(double d, double b)
    {
        double slope = Math.Abs(d) < 1e-4 ? 1 - (d * d / 3) : Math.Tanh(d) / d;
        return slope * (1 - (Math.Tanh(b + d) * Math.Tanh(b)));
    }
}
