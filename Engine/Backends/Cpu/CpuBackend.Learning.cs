
namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    private const int ElementsAPart = 1024;
    private const int SquaresBlock = 1 << 19;

    // An element of Adam reads and writes 28 bytes and computes little: it costs as much as some 32 multiply-adds.
    private const long AdamCost = 32;

    /// <inheritdoc/>
    public void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative)
    {
        const string Op = nameof(BinaryCrossEntropy);
        int n = logits.Length;
        float* x = Open(Op, nameof(logits), logits), y = Open(Op, nameof(targets), targets, n);
        float* total = Open(Op, nameof(loss), loss, 1), dx = Open(Op, nameof(derivative), derivative, n);
        Overlap.BinaryCrossEntropy(logits, targets, loss, derivative);

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
    public void SumOfSquares(ReadOnlySpan<Slice> parts, Slice scratch, Slice sum)
    {
        const string Op = nameof(SumOfSquares);
        Overlap.SumOfSquares(parts, scratch, sum);
        float* total = Open(Op, nameof(sum), sum, 1);
        float* blocks = Open(Op, nameof(scratch), scratch);
        *total = 0;

        // Every element is read once. Blocks are so large that all but the largest parameters are one, and the same for any number of threads.
        foreach (Slice part in parts)
        {
            if (part.Length > scratch.Length) Throw.BadLength(Op, nameof(scratch), scratch.Length, part.Length);
            int count = ParallelRange.Blocks(part.Length, SquaresBlock);
            SquaresJob job = new(_kernels, Open(Op, nameof(parts), part), part.Length, blocks);
            Run(MapCost * part.Length, count, ref job);
            for (int i = 0; i < count; i++) *total += blocks[i];
        }
    }

    /// <inheritdoc/>
    public void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment)
    {
        const string Op = nameof(Adam);
        if (step.Time < 1) Throw.OutOfRange(Op, nameof(step.Time), step.Time, "1 or more");
        int n = parameter.Length;
        AdamJob job = new(
            _kernels,
            step,
            Open(Op, nameof(parameter), parameter),
            Open(Op, nameof(gradient), gradient, n),
            Open(Op, nameof(firstMoment), firstMoment, n),
            Open(Op, nameof(secondMoment), secondMoment, n),
            n);
        Overlap.Adam(parameter, gradient, firstMoment, secondMoment);

        Run(AdamCost * n, ParallelRange.Blocks(n, ElementsAPart), ref job);
    }

    /// <inheritdoc/>
    public void SgdMomentum(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity)
    {
        const string Op = nameof(SgdMomentum);
        int n = parameter.Length;
        Overlap.SgdMomentum(parameter, gradient, velocity);
        _kernels.SgdMomentum(
            (float)rate, (float)momentum, (float)decay, (float)gradientScale, Open(Op, nameof(parameter), parameter), Open(Op, nameof(gradient), gradient, n), Open(Op, nameof(velocity), velocity, n), n);
    }

    private readonly struct SquaresJob(ICpuKernels kernels, float* x, int length, float* blocks) : IJob
    {
        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.Of(ParallelRange.Blocks(length, SquaresBlock), part, parts);
            for (int i = first; i < first + count; i++)
                blocks[i] = kernels.SumOfSquares(x + ((nint)i * SquaresBlock), Math.Min(SquaresBlock, length - (i * SquaresBlock)));
        }
    }

    private readonly struct AdamJob(ICpuKernels kernels, in AdamStep step, float* parameter, float* gradient, float* first, float* second, int length) : IJob
    {
        private readonly AdamStep _step = step;

        public void Do(int part, int parts)
        {
            (int from, int count) = ParallelRange.InBlocks(length, ElementsAPart, part, parts);
            kernels.Adam(_step, parameter + from, gradient + from, first + from, second + from, count);
        }
    }

    // ln(1 + t) for t in [0, 1]; the quotient undoes the rounding of 1 + t (Kahan).
    private static double LogOnePlus(double t)
    {
        double sum = 1 + t;
        return sum == 1 ? t : Math.Log(sum) * (t / (sum - 1));
    }
}
