using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    private const int ElementsAPart = 1024;

    private AdamStep _adam;
    private int _adamLength;
    private Action<int>? _adamPart;

    /// <inheritdoc/>
    public void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative)
    {
        const string Op = nameof(BinaryCrossEntropy);
        int n = logits.Length;
        float* x = Open(Op, nameof(logits), logits), y = Open(Op, nameof(targets), targets, n);
        float* total = Open(Op, nameof(loss), loss, 1), dx = Open(Op, nameof(derivative), derivative, n);

        // A batch of logits is short: float64 here costs nothing and keeps the loss exact to float32.
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double weight = 1 + ((positiveWeight - 1) * y[i]), tail = Math.Exp(-Math.Abs((double)x[i]));
            sum += weight * (Math.Max(x[i], 0) - ((double)x[i] * y[i]) + LogOnePlus(tail));
            double sigmoid = (x[i] >= 0 ? 1 : tail) / (1 + tail);
            dx[i] = (float)(weight * (sigmoid - y[i]) / n);
        }

        *total = (float)(sum / n);
    }

    /// <inheritdoc/>
    public void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment)
    {
        const string Op = nameof(Adam);
        if (step.Time < 1) Throw.OutOfRange(Op, nameof(step.Time), step.Time, "1 or more");
        int n = parameter.Length;
        (_adam, _adamLength) = (step, n);
        _a = Open(Op, nameof(parameter), parameter);
        _b = Open(Op, nameof(gradient), gradient, n);
        _c = Open(Op, nameof(firstMoment), firstMoment, n);
        _d = Open(Op, nameof(secondMoment), secondMoment, n);

        // An element reads and writes 28 bytes and computes little: it costs as much as some 32 multiply-adds.
        Share(32L * n, Ceiling(n, ElementsAPart), _adamPart ??= AdamPart);
    }

    private void AdamPart(int part)
    {
        (int first, int count) = Share(part, Ceiling(_adamLength, ElementsAPart));
        first *= ElementsAPart;
        count = Math.Min(count * ElementsAPart, _adamLength - first);
        _kernels.Adam(_adam, _a + first, _b + first, _c + first, _d + first, count);
    }

    /// <inheritdoc/>
    public void Descend(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity)
    {
        const string Op = nameof(Descend);
        int n = parameter.Length;
        _kernels.Descend(
            (float)rate, (float)momentum, (float)decay, (float)gradientScale, Open(Op, nameof(parameter), parameter), Open(Op, nameof(gradient), gradient, n), Open(Op, nameof(velocity), velocity, n), n);
    }

    // ln(1 + t) for t in [0, 1]; the quotient undoes the rounding of 1 + t (Kahan).
    private static double LogOnePlus(double t)
    {
        double sum = 1 + t;
        return sum == 1 ? t : Math.Log(sum) * (t / (sum - 1));
    }
}
