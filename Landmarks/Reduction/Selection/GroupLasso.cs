using System.Numerics.Tensors;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// The group lasso of a linear regression (Yuan and Lin 2006): the least weighted squared error + lambda * sum over landmarks of
/// |coefficients of a landmark|, for a falling lambda, by block coordinate descent on the Gram matrix. A landmark's coefficients
/// are all zero until lambda has fallen far enough: the order in which they enter orders the landmarks.
/// </summary>
internal static class GroupLasso
{
    // From where the first landmark enters down to a thousandth of it, in equal steps of the logarithm.
    private const int Steps = 80, Sweeps = 20;
    private const double Least = 1e-3, Settled = 1e-4;

    /// <summary>All landmarks, the first to enter first; those that have not entered at the end follow by relevance.</summary>
    /// <param name="components">What landmarks say of the training clips.</param>
    /// <param name="targets">[clip]: 1 or 0, predicted as 1 and -1; both classes weigh the same.</param>
    /// <param name="byRelevance">The landmarks, for those that enter together or not at all.</param>
    public static int[] Order(LandmarkComponents components, float[] targets, int[] byRelevance)
    {
        int q = components.Width, p = components.Landmarks * q, clips = components.Clips;
        double[] rows = Weighted(components, targets, out double[] residual);
        double[] gram = new double[p * p], gradient = new double[p], beta = new double[p], change = new double[q], wanted = new double[q];
        for (int f = 0; f < p; f++)
        {
            gradient[f] = TensorPrimitives.Dot<double>(Row(f), residual);
            for (int g = 0; g <= f; g++) gram[(f * p) + g] = gram[(g * p) + f] = TensorPrimitives.Dot<double>(Row(f), Row(g));
        }

        // An upper bound of a block's curvature, its trace, makes every step of a block a step downhill.
        double[] curvature = [.. Enumerable.Range(0, components.Landmarks).Select(l => Math.Max(double.Epsilon, Enumerable.Range(l * q, q).Sum(f => gram[(f * p) + f])))];
        double largest = Enumerable.Range(0, components.Landmarks).Max(l => TensorPrimitives.Norm<double>(gradient.AsSpan(l * q, q)));
        List<int> entered = [];
        for (int step = 1; step <= Steps && entered.Count < components.Landmarks; step++)
        {
            double lambda = largest * Math.Pow(Least, (double)step / Steps), moved = double.PositiveInfinity;
            for (int sweep = 0; sweep < Sweeps && moved > Settled; sweep++)
            {
                moved = 0;
                for (int l = 0; l < components.Landmarks; l++) moved = Math.Max(moved, Move(l, lambda));
            }

            int[] now = [.. byRelevance.Where(l => !entered.Contains(l) && Norm(l) > 0)];
            entered.AddRange(now.OrderByDescending(Norm));
        }

        return [.. entered, .. byRelevance.Except(entered)];

        ReadOnlySpan<double> Row(int feature) => rows.AsSpan(feature * clips, clips);
        double Norm(int landmark) => TensorPrimitives.Norm<double>(beta.AsSpan(landmark * q, q));

        // One proximal step: towards the least error, then shrunk by lambda. Returns how far it went, in fits of targets of size 1.
        double Move(int landmark, double lambda)
        {
            Span<double> own = beta.AsSpan(landmark * q, q);
            for (int k = 0; k < q; k++) wanted[k] = (curvature[landmark] * own[k]) + gradient[(landmark * q) + k];
            double norm = TensorPrimitives.Norm<double>(wanted), shrunk = norm > lambda ? (1 - (lambda / norm)) / curvature[landmark] : 0;
            for (int k = 0; k < q; k++)
            {
                change[k] = (wanted[k] * shrunk) - own[k];
                own[k] += change[k];
                if (change[k] != 0) TensorPrimitives.MultiplyAdd(gram.AsSpan(((landmark * q) + k) * p, p), -change[k], gradient, gradient);
            }

            return TensorPrimitives.Norm<double>(change) * Math.Sqrt(curvature[landmark] / clips);
        }
    }

    // [feature, clip] and the targets, centred and times the roots of the weights.
    private static double[] Weighted(LandmarkComponents components, float[] targets, out double[] residual)
    {
        int width = components.Landmarks * components.Width, clips = components.Clips;
        double positives = targets.Count(t => t > 0.5f);
        double[] roots = [.. targets.Select(t => Math.Sqrt(clips / (2 * (t > 0.5f ? positives : clips - positives))))], rows = new double[width * clips];
        for (int f = 0; f < width; f++)
        {
            double mean = 0;
            for (int i = 0; i < clips; i++) mean += roots[i] * roots[i] * components.Values[(i * width) + f] / clips;
            for (int i = 0; i < clips; i++) rows[(f * clips) + i] = roots[i] * (components.Values[(i * width) + f] - mean);
        }

        // Both classes weigh the same, so the targets' mean is zero.
        residual = [.. targets.Select((t, i) => roots[i] * (t > 0.5f ? 1 : -1))];
        return rows;
    }
}
