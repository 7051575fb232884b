
namespace EmotionXai.Engine.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative)
    {
        int n = logits.Length;
        ReadOnlySpan<double> xs = Open(nameof(BinaryCrossEntropy), nameof(logits), logits);
        ReadOnlySpan<double> ys = Open(nameof(BinaryCrossEntropy), nameof(targets), targets, n);
        Span<double> total = Open(nameof(BinaryCrossEntropy), nameof(loss), loss, 1);
        Span<double> slopes = Open(nameof(BinaryCrossEntropy), nameof(derivative), derivative, n);
        Overlap.BinaryCrossEntropy(logits, targets, loss, derivative);
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double x = xs[i];
            double y = ys[i];
            double weight = 1 + ((positiveWeight - 1) * y);
            sum += weight * (Math.Max(x, 0) - (x * y) + LogOnePlus(Math.Exp(-Math.Abs(x))));
            slopes[i] = weight * (ReferenceCells.Sigmoid(x) - y) / n;
        }

        total[0] = sum / n;
    }

    /// <inheritdoc/>
    public void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment)
    {
        if (step.Time < 1) Throw.OutOfRange(nameof(Adam), nameof(step.Time), step.Time, "1 or more");
        int n = parameter.Length;
        Span<double> p = Open(nameof(Adam), nameof(parameter), parameter);
        ReadOnlySpan<double> gradients = Open(nameof(Adam), nameof(gradient), gradient, n);
        Span<double> m = Open(nameof(Adam), nameof(firstMoment), firstMoment, n);
        Span<double> v = Open(nameof(Adam), nameof(secondMoment), secondMoment, n);
        Overlap.Adam(parameter, gradient, firstMoment, secondMoment);
        double correction1 = 1 - Math.Pow(step.Beta1, step.Time);
        double correction2 = 1 - Math.Pow(step.Beta2, step.Time);
        for (int i = 0; i < n; i++)
        {
            double g = gradients[i] * step.GradientScale;
            if (step.Decoupled) p[i] -= step.Rate * step.Decay * p[i];
            else g += step.Decay * p[i];
            m[i] = (step.Beta1 * m[i]) + ((1 - step.Beta1) * g);
            v[i] = (step.Beta2 * v[i]) + ((1 - step.Beta2) * g * g);
            p[i] -= step.Rate * (m[i] / correction1) / (Math.Sqrt(v[i] / correction2) + step.Epsilon);
        }
    }

    /// <inheritdoc/>
    public void SgdMomentum(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity)
    {
        int n = parameter.Length;
        Span<double> p = Open(nameof(SgdMomentum), nameof(parameter), parameter);
        ReadOnlySpan<double> g = Open(nameof(SgdMomentum), nameof(gradient), gradient, n);
        Span<double> v = Open(nameof(SgdMomentum), nameof(velocity), velocity, n);
        Overlap.SgdMomentum(parameter, gradient, velocity);
        for (int i = 0; i < n; i++)
        {
            v[i] = (momentum * v[i]) + ((g[i] * gradientScale) + (decay * p[i]));
            p[i] -= rate * v[i];
        }
    }

    /// <summary>log(1 + t) for t in [0, 1] to a few units in the last place: what rounding takes from 1 + t is put back (Kahan; Goldberg 1991, theorem 4).</summary>
    private static double LogOnePlus(double t)
    {
        double u = 1 + t;
        return u == 1 ? t : Math.Log(u) * t / (u - 1);
    }
}
