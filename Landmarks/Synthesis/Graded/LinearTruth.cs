namespace EmotionXai.Landmarks.Synthesis.Graded;

/// <summary>
/// What landmarks tell where they move by x = F s + n: few latent strengths s, of mean <c>effect</c> in the one class and 0 in
/// the other and variances V in both; noise n, independent by landmark. With M the sum over some landmarks of F_j^T D_j^-1 F_j,
/// the strengths are known from them with variance M^-1, so the classes lie at a squared distance of
/// effect^T (V + M^-1)^-1 effect = effect^T M (I + V M)^-1 effect (Mahalanobis; the right form needs no inverse of M).
/// </summary>
/// <param name="effect">[latent].</param>
/// <param name="variance">[latent].</param>
/// <param name="information">[landmark][latent, latent]: F_j^T D_j^-1 F_j.</param>
internal sealed class LinearTruth(double[] effect, double[] variance, double[][] information)
{
    // A landmark that adds less than this share to the squared distance is not worth its place.
    private const double Worth = 0.005;

    /// <summary>The squared distance of the classes that some landmarks tell.</summary>
    public double Distance(IEnumerable<int> landmarks)
    {
        int n = effect.Length;
        double[] sum = new double[n * n], system = new double[n * n], z = [.. effect];
        foreach (int landmark in landmarks)
            for (int i = 0; i < sum.Length; i++) sum[i] += information[landmark][i];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) system[(i * n) + j] = (i == j ? 1 : 0) + (variance[i] * sum[(i * n) + j]);
        Solve(system, z);
        double distance = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) distance += effect[i] * sum[(i * n) + j] * z[j];
        return distance;
    }

    /// <summary>At most so many landmarks, chosen one by one for the largest distance, then exchanged one by one as long as that helps.</summary>
    public int[] Best(int landmarks)
    {
        List<int> chosen = [];
        double distance = 0;
        while (chosen.Count < landmarks)
        {
            (int best, double reached) = Candidates(chosen);
            if (!(reached > distance * (1 + Worth))) break;
            chosen.Add(best);
            distance = reached;
        }

        for (bool better = chosen.Count > 0; better;)
        {
            better = false;
            for (int i = 0; i < chosen.Count; i++)
            {
                List<int> others = [.. chosen.Where((_, k) => k != i)];
                (int best, double reached) = Candidates(others);
                if (!(reached > distance * (1 + 1e-9))) continue;
                (chosen[i], distance, better) = (best, reached, true);
            }
        }

        return [.. chosen];
    }

    private (int Landmark, double Distance) Candidates(List<int> chosen)
    {
        (int landmark, double distance) best = (-1, 0);
        for (int j = 0; j < information.Length; j++)
        {
            if (chosen.Contains(j) || information[j].All(v => v == 0)) continue;
            double reached = Distance(chosen.Append(j));
            if (reached > best.distance) best = (j, reached);
        }

        return best;
    }

    // Gaussian elimination with row exchanges; I + V M is never singular.
    private static void Solve(double[] a, double[] b)
    {
        int n = b.Length;
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(a[(i * n) + k]));
            for (int j = 0; j < n; j++) (a[(k * n) + j], a[(pivot * n) + j]) = (a[(pivot * n) + j], a[(k * n) + j]);
            (b[k], b[pivot]) = (b[pivot], b[k]);
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[(i * n) + k] / a[(k * n) + k];
                for (int j = k; j < n; j++) a[(i * n) + j] -= factor * a[(k * n) + j];
                b[i] -= factor * b[k];
            }
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++) b[i] -= a[(i * n) + j] * b[j];
            b[i] /= a[(i * n) + i];
        }
    }
}
