namespace EmotionXai.Bench;

/// <summary>Every kernel that is timed.</summary>
internal static class Kernels
{
    public static Type[] All { get; } =
    [
        typeof(ProductKernel),
        typeof(RecurrentForwardKernel),
        typeof(RecurrentBackwardKernel),
        typeof(ElementwiseKernel),
        typeof(DerivativeKernel),
        typeof(ReductionKernel),
        typeof(OptimizerKernel),
        typeof(LossKernel),
        typeof(RandomKernel),
        typeof(TrainingStepKernel),
        typeof(AttributionKernel),
        typeof(SessionKernel),
    ];
}
