using EmotionXai.Explain;
using Xunit;

namespace EmotionXai.Tests.Explain;

public sealed class QuadratureTests
{
    public static TheoryData<QuadratureRule> Rules => [.. Enum.GetValues<QuadratureRule>()];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Weights_sum_to_one_and_nodes_ascend_within_the_path(QuadratureRule rule)
    {
        foreach (int n in (int[])[1, 2, 3, 4, 5, 7, 16, 33, 64, 100, 256, 1024])
        {
            if (n == 1 && rule == QuadratureRule.Trapezoid) continue;
            Quadrature q = Quadrature.Create(rule, n);
            Assert.Equal(n, q.Nodes.Count);
            Assert.Equal(n, q.Weights.Count);
            Assert.Equal(1, q.Weights.Sum(), 1e-12);
            Assert.All(q.Weights, w => Assert.True(w > 0));
            Assert.All(q.Nodes, a => Assert.InRange(a, 0, 1));
            for (int i = 1; i < n; i++) Assert.True(q.Nodes[i] > q.Nodes[i - 1]);
        }
    }

    [Fact]
    public void Gauss_Legendre_is_exact_up_to_degree_2n_minus_1_and_no_further()
    {
        foreach (int n in (int[])[1, 2, 3, 5, 8, 16, 20])
        {
            Quadrature q = Quadrature.Create(QuadratureRule.GaussLegendre, n);
            for (int degree = 0; degree < 2 * n; degree++) Assert.Equal(1.0 / (degree + 1), Power(q, degree), 1e-14);

            // At degree 2n it errs by the integral of the squared monic Legendre polynomial on [0, 1]: (n!)^4 / ((2n + 1) ((2n)!)^2).
            double error = 1.0 / ((2 * n) + 1);
            for (int k = 1; k <= n; k++) error *= Math.Pow((double)k / (n + k), 2);
            if (n <= 5) Assert.Equal(error, (1.0 / ((2 * n) + 1)) - Power(q, 2 * n), error * 1e-4);
        }
    }

    [Fact]
    public void Gauss_Legendre_has_the_nodes_of_the_tables()
    {
        Quadrature two = Quadrature.Create(QuadratureRule.GaussLegendre, 2), three = Quadrature.Create(QuadratureRule.GaussLegendre, 3);
        Near([0.5 - (0.5 / Math.Sqrt(3)), 0.5 + (0.5 / Math.Sqrt(3))], two.Nodes);
        Near([0.5 - (0.5 * Math.Sqrt(0.6)), 0.5, 0.5 + (0.5 * Math.Sqrt(0.6))], three.Nodes);
        Near([5 / 18.0, 8 / 18.0, 5 / 18.0], three.Weights);
    }

    [Fact]
    public void The_other_rules_have_their_nodes_and_weights()
    {
        Near([0, 0.25, 0.5, 0.75], Quadrature.Create(QuadratureRule.Left, 4).Nodes);
        Near([0.25, 0.5, 0.75, 1], Quadrature.Create(QuadratureRule.Right, 4).Nodes);
        Near([0.125, 0.375, 0.625, 0.875], Quadrature.Create(QuadratureRule.Midpoint, 4).Nodes);
        Near([0, 0.25, 0.5, 0.75, 1], Quadrature.Create(QuadratureRule.Trapezoid, 5).Nodes);
        Near([0.125, 0.25, 0.25, 0.25, 0.125], Quadrature.Create(QuadratureRule.Trapezoid, 5).Weights);
        foreach (QuadratureRule rule in (QuadratureRule[])[QuadratureRule.Left, QuadratureRule.Right, QuadratureRule.Midpoint])
            Near([0.25, 0.25, 0.25, 0.25], Quadrature.Create(rule, 4).Weights);
        foreach (QuadratureRule rule in (QuadratureRule[])[QuadratureRule.Trapezoid, QuadratureRule.Midpoint])
            Assert.Equal(0.5, Power(Quadrature.Create(rule, 9), 1), 1e-15);
    }

    [Fact]
    public void Too_few_steps_are_refused()
    {
        foreach (QuadratureRule rule in Enum.GetValues<QuadratureRule>())
            Assert.Throws<ArgumentOutOfRangeException>(() => Quadrature.Create(rule, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quadrature.Create(QuadratureRule.Trapezoid, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quadrature.Create((QuadratureRule)77, 4));
    }

    private static double Power(Quadrature q, int degree) => q.Nodes.Zip(q.Weights, (a, w) => w * Math.Pow(a, degree)).Sum();

    private static void Near(double[] expected, IReadOnlyList<double> actual) =>
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-15);
}
