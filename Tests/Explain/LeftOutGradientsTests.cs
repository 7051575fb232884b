using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

public sealed class LeftOutGradientsTests
{
    private const int Samples = 20, Features = 6, Units = 16, Groups = 5;

    private static LeftOutReadout Networks(double direct, double scale, double nearZero = 1)
    {
        float[] values = [.. Numbers.Singles(4, Samples * Features).Select(v => (float)(v * nearZero))];
        return new LeftOutReadout(values, [.. Enumerable.Range(0, Samples).Select(i => i / Groups % 2 == 0 ? 1f : 0f)], [.. Enumerable.Range(0, Samples).Select(i => i % Groups)], Units, new RandomOptions { Direct = direct, InputScale = scale }, 7, penalty: 0.1);
    }

    // The definition: the gradient at many points between the mean sample and the sample, by the midpoint rule.
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 1, 1e-5)]
    public void The_closed_form_is_the_integral_of_the_gradient(double direct, double scale, double nearZero)
    {
        LeftOutReadout networks = Networks(direct, scale, nearZero);
        double[] signed = LeftOutGradients.Attribute(networks, 2);
        const int Steps = 4000;
        for (int i = 0; i < Samples; i++)
        {
            double[] expected = new double[Features / 2];
            for (int f = 0; f < Features; f++)
            {
                double gradient = networks.DirectReadout(i).IsEmpty ? 0 : networks.DirectReadout(i)[f];
                for (int u = 0; u < Units; u++)
                {
                    double slope = 0;
                    for (int s = 0; s < Steps; s++)
                    {
                        double state = Math.Tanh(networks.Bias[u] + ((s + 0.5) / Steps * networks.Sums[(i * Units) + u]));
                        slope += (1 - (state * state)) / Steps;
                    }

                    gradient += networks.UnitReadout(i)[u] * networks.Weights[(u * Features) + f] * slope;
                }

                expected[f / 2] += networks.Values[(i * Features) + f] * gradient;
            }

            for (int owner = 0; owner < expected.Length; owner++) Assert.Equal(expected[owner], signed[(i * expected.Length) + owner], 1e-6 * nearZero);
        }
    }

    [Fact]
    public void A_network_does_not_know_the_group_that_it_explains()
    {
        float[] values = Numbers.Singles(4, Samples * Features);
        float[] targets = [.. Enumerable.Range(0, Samples).Select(i => i / Groups % 2 == 0 ? 1f : 0f)];
        int[] groups = [.. Enumerable.Range(0, Samples).Select(i => i % Groups)];

        // The labels of a group turned round: both classes keep their number, so weights and centres stay.
        float[] turned = [.. targets.Select((t, i) => groups[i] == 2 ? 1 - t : t)];
        LeftOutReadout one = new(values, targets, groups, Units, new RandomOptions(), 7, penalty: 0.1), other = new(values, turned, groups, Units, new RandomOptions(), 7, penalty: 0.1);
        double[] a = LeftOutGradients.Attribute(one, 1), b = LeftOutGradients.Attribute(other, 1);
        double Apart(int group) => Enumerable.Range(0, a.Length).Where(i => groups[i / Features] == group).Max(i => Math.Abs(a[i] - b[i]));
        Assert.True(Apart(2) < 1e-9, $"{Apart(2)}");
        Assert.True(Apart(1) > 1e-3, $"{Apart(1)}");
    }

    // More samples than are worked on at once: what a sample's features add up to is its logit less that of the mean sample, zero.
    [Fact]
    public void Many_samples_are_explained_in_blocks()
    {
        int samples = RandomUnits.SamplesAtOnce + 37;
        float[] values = Numbers.Singles(4, samples * Features);
        LeftOutReadout networks = new(values, [.. Enumerable.Range(0, samples).Select(i => i / Groups % 2 == 0 ? 1f : 0f)], [.. Enumerable.Range(0, samples).Select(i => i % Groups)], Units, new RandomOptions(), 7, penalty: 0.1);
        double[] signed = LeftOutGradients.Attribute(networks, 2);
        foreach (int i in (int[])[0, RandomUnits.SamplesAtOnce - 1, RandomUnits.SamplesAtOnce, samples - 1])
        {
            double change = 0;
            for (int u = 0; u < Units; u++) change += networks.UnitReadout(i)[u] * (Math.Tanh(networks.Sums[(i * Units) + u] + networks.Bias[u]) - Math.Tanh(networks.Bias[u]));
            for (int f = 0; f < Features; f++) change += networks.DirectReadout(i)[f] * values[(i * Features) + f];
            Assert.Equal(change, signed.AsSpan(i * Features / 2, Features / 2).ToArray().Sum(), 1e-12);
        }
    }

    [Fact]
    public void What_is_no_whole_number_is_refused()
    {
        Assert.Throws<ArgumentException>(() => LeftOutGradients.Attribute(Networks(1, 1), 4));
        Assert.Throws<ArgumentException>(() => new LeftOutReadout(new float[10], [1, 1], [0, 1], 3, new RandomOptions(), 1));
        Assert.Throws<ArgumentException>(() => new LeftOutReadout(new float[9], [1, 0], [0, 1], 3, new RandomOptions(), 1));
        Assert.Throws<ArithmeticException>(() => new LeftOutReadout([1, float.NaN, 2, 3], [1, 0], [0, 1], 3, new RandomOptions(), 1));
    }
}
