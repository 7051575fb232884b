using CsCheck;
using EmotionXai.Landmarks.Synthesis.Graded;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Synthesis;

public sealed class LinearTruthTests
{
    private const int Latents = 3, Landmarks = 7;

    private static readonly Gen<(double[] Effect, double[] Variance, double[] Field, double[] Noise)> s_models = Gen.Select(
        Gen.Double[-2, 2].Array[Latents], Gen.Double[0.1, 2].Array[Latents], Gen.Double[-1, 1].Array[2 * Landmarks * Latents], Gen.Double[0.1, 2].Array[Landmarks]);

    /// <summary>The short form is the Mahalanobis distance in the coordinates themselves, F effect under F V F^T + D.</summary>
    [Fact]
    public void Distance_is_that_of_Mahalanobis() => s_models.Sample(
        m =>
        {
            double short_ = TruthOf(m.Effect, m.Variance, m.Field, m.Noise).Distance([0, 2, 3]);
            int[] rows = [0, 1, 4, 5, 6, 7];
            double[,] covariance = new double[6, 7];
            double[] mean = new double[6];
            for (int i = 0; i < 6; i++)
            {
                for (int k = 0; k < Latents; k++) mean[i] += m.Field[(rows[i] * Latents) + k] * m.Effect[k];
                for (int j = 0; j < 6; j++)
                    for (int k = 0; k < Latents; k++) covariance[i, j] += m.Field[(rows[i] * Latents) + k] * m.Variance[k] * m.Field[(rows[j] * Latents) + k];
                covariance[i, i] += m.Noise[rows[i] / 2];
                covariance[i, 6] = mean[i];
            }

            double[] solved = Eliminate(covariance);
            double plain = mean.Zip(solved, (a, b) => a * b).Sum();
            return Math.Abs(short_ - plain) <= 1e-9 * (1 + plain);
        },
        iter: 200);

    /// <summary>No set of the same size is much better: greedy choice with exchanges against all sets.</summary>
    [Fact]
    public void Best_is_near_the_best_of_all_sets() => s_models.Sample(
        m =>
        {
            LinearTruth truth = TruthOf(m.Effect, m.Variance, m.Field, m.Noise);
            int[] best = truth.Best(3);
            double most = 0;
            for (int set = 0; set < 1 << Landmarks; set++)
                if (int.PopCount(set) == 3) most = Math.Max(most, truth.Distance(Enumerable.Range(0, Landmarks).Where(i => (set >> i & 1) == 1)));
            return best.Length <= 3 && best.Distinct().Count() == best.Length && truth.Distance(best) >= 0.9 * most;
        },
        iter: 100);

    private static LinearTruth TruthOf(double[] effect, double[] variance, double[] field, double[] noise)
    {
        double[][] information = [.. Enumerable.Range(0, Landmarks).Select(j =>
        {
            double[] sum = new double[Latents * Latents];
            for (int c = 2 * j; c < (2 * j) + 2; c++)
                for (int a = 0; a < Latents; a++)
                    for (int b = 0; b < Latents; b++) sum[(a * Latents) + b] += field[(c * Latents) + a] * field[(c * Latents) + b] / noise[j];
            return sum;
        })];
        return new LinearTruth(effect, variance, information);
    }

    // [n, n + 1], the right side last.
    private static double[] Eliminate(double[,] a)
    {
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++)
            for (int i = 0; i < n; i++)
            {
                if (i == k) continue;
                double factor = a[i, k] / a[k, k];
                for (int j = k; j <= n; j++) a[i, j] -= factor * a[k, j];
            }

        return [.. Enumerable.Range(0, n).Select(i => a[i, n] / a[i, i])];
    }
}
