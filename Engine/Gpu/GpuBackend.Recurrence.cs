using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;

namespace EmotionXai.Engine.Gpu;

public sealed partial class GpuBackend
{
    // Sequences a group takes at most: each weight in a register serves so many.
    private const int MostRows = 16;

    /// <inheritdoc/>
    /// <exception cref="EngineException">So many hidden units do not fit into a group's shared memory.</exception>
    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(RecurrentForward);
        long units = shape.CheckedUnits(Op);
        ArrayView<float> w = Open(Op, nameof(weights), weights, shape.WeightLength);
        bool biased = candidateBias is not null && shape.Cell == RecurrentCell.Gru;
        ForwardJob job = new(
            shape,
            Open(Op, nameof(projection), projection, units * shape.Gates),
            w,
            biased ? Open(Op, nameof(candidateBias), candidateBias!.Value, shape.Hidden) : w,
            biased,
            Open(Op, nameof(states), states, units),
            Open(Op, nameof(saved), saved, units * shape.SavedPerUnit));
        Overlap.RecurrentForward(projection, weights, biased ? candidateBias : null, states, saved);
        if (units == 0) return;
        switch (shape.Cell)
        {
            case RecurrentCell.Elman: Forward<ElmanCell>(job); break;
            case RecurrentCell.Gru: Forward<GruCell>(job); break;
            default: Forward<LstmCell>(job); break;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">So many hidden units do not fit into a group's shared memory.</exception>
    public void RecurrentBackward(
        in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(RecurrentBackward);
        long units = shape.CheckedUnits(Op);
        bool gru = shape.Cell == RecurrentCell.Gru;
        if (gru && recurrentGradient is null) throw new ArgumentException($"{Op}: a GRU's recurrent gradient differs from its projection's; give a slice for it.");
        ArrayView<float> dp = Open(Op, nameof(projectionGradient), projectionGradient, units * shape.Gates);
        BackwardJob job = new(
            shape,
            Open(Op, nameof(weights), weights, shape.WeightLength),
            Open(Op, nameof(states), states, units),
            Open(Op, nameof(saved), saved, units * shape.SavedPerUnit),
            Open(Op, nameof(stateGradient), stateGradient, units),
            dp,
            gru ? Open(Op, nameof(recurrentGradient), recurrentGradient!.Value, units * shape.Gates) : dp);
        Overlap.RecurrentBackward(weights, states, saved, stateGradient, projectionGradient, gru ? recurrentGradient : null);
        if (units == 0) return;
        switch (shape.Cell)
        {
            case RecurrentCell.Elman: Backward<ElmanCell>(job); break;
            case RecurrentCell.Gru: Backward<GruCell>(job); break;
            default: Backward<LstmCell>(job); break;
        }
    }

    private void Forward<TCell>(in ForwardJob job)
        where TCell : struct, ICell
    {
        // Two panels of 8, 16 and 32 weights.
        if (job.Shape.Hidden <= 16) Forward<TCell, Twice<Four>>(job);
        else if (job.Shape.Hidden <= 32) Forward<TCell, Twice<Twice<Four>>>(job);
        else Forward<TCell, Twice<Twice<Twice<Four>>>>(job);
    }

    private void Forward<TCell, TPanel>(in ForwardJob job)
        where TCell : struct, ICell
        where TPanel : struct, IPanel<TPanel>
    {
        (Walk walk, KernelConfig config) = Plan<RecurrentForwardKernel<TCell, TPanel>>(job.Shape, TPanel.Count, RecurrentForwardKernel<TCell, TPanel>.SharedPerRow);
        Launch(config, new RecurrentForwardKernel<TCell, TPanel>(walk, job.Projection, job.Weights, job.Bias, Flag(job.Biased), job.States, job.Saved));
    }

    private void Backward<TCell>(in BackwardJob job)
        where TCell : struct, ICell
    {
        // Two panels of 8, 16 and 32 weights.
        if (job.Shape.Hidden <= 16) Backward<TCell, Twice<Four>>(job);
        else if (job.Shape.Hidden <= 32) Backward<TCell, Twice<Twice<Four>>>(job);
        else Backward<TCell, Twice<Twice<Twice<Four>>>>(job);
    }

    private void Backward<TCell, TPanel>(in BackwardJob job)
        where TCell : struct, ICell
        where TPanel : struct, IPanel<TPanel>
    {
        (Walk walk, KernelConfig config) = Plan<RecurrentBackwardKernel<TCell, TPanel>>(job.Shape, TPanel.Count, RecurrentBackwardKernel<TCell, TPanel>.SharedPerRow);
        Launch(config, new RecurrentBackwardKernel<TCell, TPanel>(
            walk, job.Weights, job.States, job.Saved, job.StateGradient, job.ProjectionGradient, job.RecurrentGradient, Flag(job.Shape.Cell == RecurrentCell.Gru)));
    }

    /// <summary>How many sequences a group takes: as many as shared memory holds, fewer where the batch would leave multiprocessors idle.</summary>
    internal (Walk Walk, KernelConfig Config) Plan<TKernel>(in Recurrence shape, int panel, Func<int, int, int, int> perRow)
        where TKernel : struct, IKernel
    {
        int shared = _device.SharedNumbers<TKernel>();

        // Two parts of the depth for twice the threads, unless they leave room for few sequences.
        (int pitch, int sharedPerRow, int parts) = Layout(shape.Hidden, 2);
        if (shared / sharedPerRow < 4) (pitch, sharedPerRow, parts) = Layout(shape.Hidden, 1);
        int fits = System.Math.Min(MostRows, shared / sharedPerRow / 2 * 2);
        if (fits < 2)
        {
            throw new EngineException(
                $"{shape.Cell} with {shape.Hidden} hidden units: 2 sequences need {(long)sharedPerRow * 8} bytes of shared memory, {_device.Accelerator.Name} gives a group {shared * sizeof(float)}; take fewer units or --device cpu.");
        }

        int idle = Quotient(Quotient(shape.Batch, 2 * _device.Multiprocessors), 4) * 4, rows = System.Math.Clamp(idle, System.Math.Min(4, fits), fits);
        int threads = System.Math.Min(System.Math.Min(256, _device.MaxThreads), Quotient(shape.Gates * Quotient(shape.Hidden, 2) * parts, 32) * 32);
        KernelConfig config = new(Quotient(shape.Batch, rows), threads, SharedMemoryConfig.RequestDynamic<float>(rows * sharedPerRow));
        return (new Walk(shape, rows, pitch, parts), config);

        (int Pitch, int PerRow, int Parts) Layout(int hidden, int parts)
        {
            int pitch = Quotient(hidden, parts * panel) * parts * panel;
            return (pitch, perRow(hidden, pitch, parts), parts);
        }
    }

    private readonly struct ForwardJob(
        in Recurrence shape, ArrayView<float> projection, ArrayView<float> weights, ArrayView<float> bias, bool biased, ArrayView<float> states, ArrayView<float> saved)
    {
        public readonly Recurrence Shape = shape;
        public readonly ArrayView<float> Projection = projection, Weights = weights, Bias = bias, States = states, Saved = saved;
        public readonly bool Biased = biased;
    }

    private readonly struct BackwardJob(
        in Recurrence shape,
        ArrayView<float> weights,
        ArrayView<float> states,
        ArrayView<float> saved,
        ArrayView<float> stateGradient,
        ArrayView<float> projectionGradient,
        ArrayView<float> recurrentGradient)
    {
        public readonly Recurrence Shape = shape;
        public readonly ArrayView<float> Weights = weights, States = states, Saved = saved;
        public readonly ArrayView<float> StateGradient = stateGradient, ProjectionGradient = projectionGradient, RecurrentGradient = recurrentGradient;
    }
}
