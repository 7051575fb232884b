namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Adam along the gradient of a dense layer's weights as it is worked out. Written down it would pass through memory twice, beside weights and
/// moments of the same size.
/// </summary>
public sealed unsafe partial class CpuBackend : IStepsProducts
{
    // Smaller gradients stay in the nearest cache anyway.
    private const int FewestStepped = 1 << 14;

    /// <inheritdoc/>
    bool IStepsProducts.StepsAlong(in MatrixProduct product) => product.N > 1 && !HasSections(product) && (long)product.M * product.N >= FewestStepped;

    /// <inheritdoc/>
    void IStepsProducts.Adam(in AdamStep step, in MatrixProduct product, Slice a, Slice b, Slice parameter, Slice firstMoment, Slice secondMoment)
    {
        const string Op = nameof(Adam);
        if (step.Time < 1) Throw.OutOfRange(Op, nameof(step.Time), step.Time, "1 or more");
        Throw.IfAccumulates(product);
        (int m, int n, int k) = (product.M, product.N, product.K);
        long elements = (long)m * n;
        SteppedJob job = new(
            _kernels,
            step,
            product,
            Open(Op, nameof(a), a, (long)m * k),
            Open(Op, nameof(b), b, (long)k * n),
            Open(Op, nameof(parameter), parameter, elements),
            Open(Op, nameof(firstMoment), firstMoment, elements),
            Open(Op, nameof(secondMoment), secondMoment, elements));
        Overlap.Adam(parameter, a, firstMoment, secondMoment);
        Overlap.Adam(parameter, b, firstMoment, secondMoment);
        Run(product.MultiplyAdds + (AdamCost * elements), ParallelRange.Blocks(m, RowsATile), ref job);
    }

    private readonly struct SteppedJob(
        ICpuKernels kernels, in AdamStep step, in MatrixProduct product, float* a, float* b, float* parameter, float* firstMoment, float* secondMoment) : IJob
    {
        private readonly AdamStep _step = step;
        private readonly MatrixProduct _product = product;

        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.InBlocks(_product.M, RowsATile, part, parts);
            kernels.Adam(_step, _product, a, b, parameter, firstMoment, secondMoment, first, count);
        }
    }
}
