using EmotionXai.Engine.Backends;
using Xunit;

namespace EmotionXai.Tests.Backends;

public abstract partial class BackendContract
{
    private static readonly double[] Logits = [0, 1, -1, 0.01f, 5, -5, 20, -20, 88, -88, 100, -100, 1e4, -1e4, 1e30f, -1e30f];

    [Theory]
    [InlineData(1)]
    [InlineData(3.5)]
    [InlineData(0.25)]
    public void Binary_cross_entropy_and_its_derivative(double positiveWeight)
    {
        foreach (int n in Lengths.Where(n => n > 0))
        {
            double[] y = Array.ConvertAll(Values(31, n, 0, 3), value => value < 1 ? 0 : value < 2 ? 1 : value - 2);
            CheckLoss(Values(32, n, -6, 6), y, positiveWeight);
        }

        foreach (double target in new[] { 0, 1, (double)0.3f })
        {
            foreach (double logit in Logits) CheckLoss([logit], [target], positiveWeight);
            CheckLoss(Logits, Full(Logits.Length, target), positiveWeight);
        }
    }

    [Fact]
    public void Binary_cross_entropy_refuses_other_lengths()
    {
        (Slice three, Slice four, Slice one) = (Put(new double[3]), Put(new double[4]), Put(new double[1]));
        Refuses(() => Backend.BinaryCrossEntropy(three, four, 1, one, three));
        Refuses(() => Backend.BinaryCrossEntropy(three, three, 1, four, three));
        Refuses(() => Backend.BinaryCrossEntropy(three, three, 1, one, four));
    }

    [Theory]
    [InlineData(false, 0, 1)]
    [InlineData(false, 0.01, 0.5)]
    [InlineData(true, 0.05, 1)]
    public void Adam_for_several_steps(bool decoupled, double decay, double scale)
    {
        foreach (int n in Lengths)
        {
            (double[] p, double[] m, double[] v) = (Values(41, n), new double[n], new double[n]);
            (Slice pp, Slice mm, Slice vv) = (Put(p), Put(m), Put(v));
            for (int t = 1; t <= 5; t++)
            {
                AdamStep step = new(0.01, 0.9, 0.999, 1e-8, decay, decoupled, scale, t);
                double[] g = Values(42 + t, n);
                for (int i = 0; i < n; i += 5) g[i] = decay == 0 ? 0 : g[i];
                Backend.Adam(step, pp, Put(g), mm, vv);
                for (int i = 0; i < n; i++)
                {
                    double gradient = (g[i] * scale) + (decoupled ? 0 : decay * p[i]);
                    p[i] *= decoupled ? 1 - (step.Rate * decay) : 1;
                    m[i] += (1 - step.Beta1) * (gradient - m[i]);
                    v[i] += (1 - step.Beta2) * ((gradient * gradient) - v[i]);
                    p[i] -= step.Rate * m[i] / (1 - Math.Pow(step.Beta1, t)) / (Math.Sqrt(v[i] / (1 - Math.Pow(step.Beta2, t))) + step.Epsilon);
                }

                // |g| <= 2.1. The moments gather a few roundings a step, of terms up to (1 - b) |g|^k that add up to |g|^k (1 - b^t).
                // p: a rounding or two a step of p, and of an update whose relative error is that of |m|/sqrt(v), a handful of units; the update is at most rate * 5.
                double share1 = 1 - Math.Pow(0.9, t);
                double share2 = 1 - Math.Pow(0.999, t);
                string where = $"n {n}, step {t}";
                AllClose(m, Get(mm), 8 * U * 2.1 * share1, $"{where}: first moment");
                AllClose(v, Get(vv), 16 * U * 4.5 * share2, $"{where}: second moment");
                AllClose(p, Get(pp), t * U * ((3 * 2.1) + (32 * step.Rate * 5)), $"{where}: parameter");
            }

            Release();
        }
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0.9, 0, 1)]
    [InlineData(0.9, 0.01, 0.5)]
    public void Descend_for_several_steps(double momentum, double decay, double scale)
    {
        foreach (int n in Lengths)
        {
            (double[] p, double[] v) = (Values(51, n), Values(52, n));
            (Slice pp, Slice vv) = (Put(p), Put(v));
            for (int t = 1; t <= 5; t++)
            {
                double[] g = Values(52 + t, n);
                Backend.SgdMomentum(0.1, momentum, decay, scale, pp, Put(g), vv);
                for (int i = 0; i < n; i++)
                {
                    v[i] = (momentum * v[i]) + (scale * g[i]) + (decay * p[i]);
                    p[i] -= 0.1 * v[i];
                }

                // |v| <= 2 (t + 1) and |p| <= 2 + 0.1 sum |v| <= 5; six roundings of v a step, then three of p.
                AllClose(v, Get(vv), 6 * t * U * 2 * (t + 1), $"n {n}, step {t}: velocity");
                AllClose(p, Get(pp), t * U * (15 + (0.6 * t * 2 * (t + 1))), $"n {n}, step {t}: parameter");
            }

            Release();
        }
    }

    [Fact]
    public void Optimisers_refuse_other_lengths()
    {
        AdamStep step = new(0.01, 0.9, 0.999, 1e-8, 0, false, 1, 1);
        (Slice p, Slice wrong) = (Put(new double[4]), Put(new double[3]));
        Refuses(() => Backend.Adam(step, p, wrong, p, p));
        Refuses(() => Backend.Adam(step, p, p, wrong, p));
        Refuses(() => Backend.Adam(step, p, p, p, wrong));
        Refuses(() => Backend.Adam(step with { Time = 0 }, p, p, p, p));
        Refuses(() => Backend.SgdMomentum(0.1, 0, 0, 1, p, wrong, p));
        Refuses(() => Backend.SgdMomentum(0.1, 0, 0, 1, p, p, wrong));
    }

    private void CheckLoss(double[] x, double[] y, double positiveWeight)
    {
        int n = x.Length;
        Slice loss = Output(1);
        Slice derivative = Output(n);
        Backend.BinaryCrossEntropy(Put(x), Put(y), positiveWeight, loss, derivative);
        double[] slopes = Get(derivative);
        double sum = 0;
        double size = 0;
        for (int i = 0; i < n; i++)
        {
            // log(1 + e^-|x|) = 2 atanh(t / (2 + t)): exact where t = e^-|x| is lost beside 1.
            double weight = 1 + ((positiveWeight - 1) * y[i]);
            double soft = 2 * Math.Atanh(Math.Exp(-Math.Abs(x[i])) / (2 + Math.Exp(-Math.Abs(x[i]))));
            double sigmoid = 1 / (1 + Math.Exp(-x[i]));
            sum += weight * (Math.Max(x[i], 0) - (x[i] * y[i]) + soft);
            size += weight * (Math.Max(x[i], 0) + Math.Abs(x[i] * y[i]) + soft);

            // The weight 3 roundings, the sigmoid about 6 units, difference, product and quotient one each.
            Close(weight * (sigmoid - y[i]) / n, slopes[i], 12 * U * weight * (sigmoid + y[i]) / n, $"derivative at {x[i]}, {y[i]}, {i} of {n}");
        }

        // About 12 roundings a term and n of the sum, in any order.
        Close(sum / n, Get(loss)[0], (n + 12) * U * size / n, $"loss of {n} from {x[0]}, {y[0]}");
        Release();
    }
}
