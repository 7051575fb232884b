namespace EmotionXai.Explain;

/// <summary>The rules by which a path integral is summed.</summary>
public enum QuadratureRule
{
    /// <summary>Gauss and Legendre: exact for polynomials of degree 2n - 1, and by far the best on smooth networks.</summary>
    GaussLegendre,

    /// <summary>Both ends with half weight, n - 1 inner nodes apart 1/(n - 1).</summary>
    Trapezoid,

    /// <summary>The left end of each of n intervals.</summary>
    Left,

    /// <summary>The right end of each of n intervals: the sum in Sundararajan et al. 2017.</summary>
    Right,

    /// <summary>The middle of each of n intervals.</summary>
    Midpoint,
}

/// <summary>Nodes and weights on [0, 1]; the weights sum to 1.</summary>
internal sealed class Quadrature
{
    private Quadrature(double[] nodes, double[] weights) => (Nodes, Weights) = (nodes, weights);

    /// <summary>Where the integrand is evaluated, ascending.</summary>
    public IReadOnlyList<double> Nodes { get; }

    /// <summary>What each value counts.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>A rule of <paramref name="steps"/> nodes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 step (2 for the trapezoid).</exception>
    public static Quadrature Create(QuadratureRule rule, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, rule == QuadratureRule.Trapezoid ? 2 : 1);
        return rule switch
        {
            QuadratureRule.GaussLegendre => GaussLegendre(steps),
            QuadratureRule.Trapezoid => Trapezoid(steps),
            QuadratureRule.Left => Riemann(steps, 0),
            QuadratureRule.Right => Riemann(steps, 1),
            QuadratureRule.Midpoint => Riemann(steps, 0.5),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "There is no such rule."),
        };
    }

    private static Quadrature Riemann(int n, double place)
    {
        double[] nodes = new double[n], weights = new double[n];
        for (int i = 0; i < n; i++) (nodes[i], weights[i]) = ((i + place) / n, 1.0 / n);
        return new Quadrature(nodes, weights);
    }

    private static Quadrature Trapezoid(int n)
    {
        double[] nodes = new double[n], weights = new double[n];
        double width = 1.0 / (n - 1);
        for (int i = 0; i < n; i++) (nodes[i], weights[i]) = (i * width, i == 0 || i == n - 1 ? width / 2 : width);
        return new Quadrature(nodes, weights);
    }

    // The roots of the Legendre polynomial P_n by Newton's method from Chebyshev's guess; the weight of a root x on [-1, 1]
    // is 2 / ((1 - x^2) P_n'(x)^2). Both are halved and shifted to [0, 1].
    private static Quadrature GaussLegendre(int n)
    {
        double[] nodes = new double[n], weights = new double[n];
        for (int i = 0; i < (n + 1) / 2; i++)
        {
            double x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 1;
            for (int iteration = 0; iteration < 100; iteration++)
            {
                (double value, slope) = Legendre(n, x);
                double change = value / slope;
                x -= change;
                if (Math.Abs(change) < 1e-15) break;
            }

            (_, slope) = Legendre(n, x);
            double weight = 1 / ((1 - (x * x)) * slope * slope);
            (nodes[i], nodes[n - 1 - i]) = ((1 - x) / 2, (1 + x) / 2);
            (weights[i], weights[n - 1 - i]) = (weight, weight);
        }

        return new Quadrature(nodes, weights);
    }

    // P_n and its derivative by the recurrence k P_k = (2k - 1) x P_(k-1) - (k - 1) P_(k-2).
    private static (double Value, double Slope) Legendre(int n, double x)
    {
        double previous = 1, value = x;
        for (int k = 2; k <= n; k++)
            (previous, value) = (value, ((((2 * k) - 1) * x * value) - ((k - 1) * previous)) / k);
        return (value, n * ((x * value) - previous) / ((x * x) - 1));
    }
}
