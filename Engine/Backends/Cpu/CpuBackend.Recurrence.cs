
namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend : IForgetsSteps
{
    // A multiply-add of a recurrence comes with its share of gates and of short loops.
    private const long RecurrentCost = 4;

    bool IForgetsSteps.ForgetsSteps => true;

    /// <inheritdoc/>
    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved)
    {
        float* kept = Open(nameof(RecurrentForward), nameof(saved), saved, shape.CheckedUnits(nameof(RecurrentForward)) * shape.SavedPerUnit);
        Overlap.RecurrentForward(projection, weights, candidateBias, states, saved);
        Forward(shape, projection, weights, candidateBias, states, kept);
    }

    void IForgetsSteps.RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states)
    {
        Overlap.RecurrentForward(projection, weights, candidateBias, states, states.Part(0, 0));
        Forward(shape, projection, weights, candidateBias, states, null);
    }

    private void Forward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, float* kept)
    {
        const string Op = nameof(RecurrentForward);
        long units = shape.CheckedUnits(Op);
        float* recurrent = Open(Op, nameof(weights), weights, shape.WeightLength);
        ForwardJob job = new(
            _kernels,
            shape,
            Open(Op, nameof(projection), projection, units * shape.Gates),
            recurrent,
            Panels(weights, shape.Hidden, shape.Gates * shape.Hidden, recurrent),
            candidateBias is { } bias && shape.Cell == RecurrentCell.Gru ? Open(Op, nameof(candidateBias), bias, shape.Hidden) : null,
            Open(Op, nameof(states), states, units),
            kept);
        Run(RecurrentCost * shape.MultiplyAdds, shape.Batch, ref job);
    }

    /// <inheritdoc/>
    public void RecurrentBackward(
        in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient)
    {
        const string Op = nameof(RecurrentBackward);
        long units = shape.CheckedUnits(Op);
        bool gru = shape.Cell == RecurrentCell.Gru;
        if (gru && recurrentGradient is null) throw new ArgumentException($"{Op}: a GRU's recurrent gradient differs from its projection's; give a slice for it.");
        BackwardJob job = new(
            _kernels,
            shape,
            Open(Op, nameof(weights), weights, shape.WeightLength),
            Open(Op, nameof(states), states, units),
            Open(Op, nameof(saved), saved, units * shape.SavedPerUnit),
            Open(Op, nameof(stateGradient), stateGradient, units),
            Open(Op, nameof(projectionGradient), projectionGradient, units * shape.Gates),
            gru ? Open(Op, nameof(recurrentGradient), recurrentGradient!.Value, units * shape.Gates) : null);
        Overlap.RecurrentBackward(weights, states, saved, stateGradient, projectionGradient, gru ? recurrentGradient : null);
        Run(RecurrentCost * shape.MultiplyAdds, shape.Batch, ref job);
    }

    private readonly struct ForwardJob(
        ICpuKernels kernels, in Recurrence shape, float* projection, float* weights, float* panels, float* bias, float* states, float* saved) : IJob
    {
        private readonly Recurrence _shape = shape;

        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.Of(_shape.Batch, part, parts);
            kernels.RecurrentForward(_shape, projection, weights, panels, bias, states, saved, first, count);
        }
    }

    private readonly struct BackwardJob(
        ICpuKernels kernels, in Recurrence shape, float* weights, float* states, float* saved, float* outside, float* projection, float* recurrent) : IJob
    {
        private readonly Recurrence _shape = shape;

        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.Of(_shape.Batch, part, parts);
            kernels.RecurrentBackward(_shape, weights, states, saved, outside, projection, recurrent, first, count);
        }
    }
}
